"""Packages that differ are listed, and an error is laid at the door of the one that most likely brought it."""

import pytest

from bench.revalidation.attribution import blame
from bench.revalidation.findings import PackageChange
from bench.revalidation.packages import difference

MODULES = {"starlette": "starlette", "httpx": "httpx", "jwt": "pyjwt", "_pytest": "pytest", "sqlalchemy": "SQLAlchemy"}
FRAMES = """
suites/sync/test_users.py:12: in test_login
/env/lib/python3.11/site-packages/starlette/testclient.py:54: in post
/env/lib/python3.11/site-packages/httpx/_client.py:99: in send
E   TypeError: unexpected keyword
"""


def suspect(words, *changed):
    return blame(words, modules=MODULES, changed=changed).package


def test_the_innermost_file_of_a_changed_package_is_suspected():
    assert suspect(FRAMES, "starlette", "httpx") == "httpx"


def test_a_package_that_did_not_change_is_passed_over():
    assert suspect(FRAMES, "starlette", "anyio") == "starlette"


def test_where_no_package_of_the_traceback_changed_the_innermost_one_is_named_and_that_is_said():
    found = blame(FRAMES, modules=MODULES, changed={"anyio", "trio"})
    assert found.package == "httpx"
    assert "did not change" in found.because


def test_a_module_is_not_always_called_as_its_package():
    words = "/env/lib/python3.11/site-packages/jwt/api_jws.py:3: in encode"
    assert suspect(words, "pyjwt") == "pyjwt"


def test_what_runs_the_tests_is_suspected_only_where_nothing_else_is():
    words = "/e/site-packages/_pytest/python.py:1\n/e/site-packages/httpx/_client.py:9\n/e/site-packages/_pytest/x.py:2"
    assert suspect(words, "pytest", "httpx") == "httpx"
    assert suspect(words.replace("httpx", "_pytest"), "pytest", "httpx") == "pytest"


@pytest.mark.parametrize(
    "words",
    [
        "E   ModuleNotFoundError: No module named 'httpx.compat'",
        "E   ImportError: cannot import name 'Client' from 'httpx' (/e/site-packages/httpx/__init__.py)",
        "E   AttributeError: module 'httpx' has no attribute 'Client'",
    ],
)
def test_a_module_that_the_error_names_beats_the_files_around_it(words):
    assert suspect(f"{words}\n/e/site-packages/starlette/testclient.py:1", "starlette", "httpx") == "httpx"


def test_the_one_changed_package_that_the_message_names_is_suspected():
    assert suspect("DeprecationWarning: sqlalchemy will drop this", "sqlalchemy", "httpx") == "sqlalchemy"


def test_of_two_named_packages_none_is_suspected():
    assert suspect("sqlalchemy and httpx disagree", "sqlalchemy", "httpx") == ""


def test_an_assertion_in_the_suite_names_nobody():
    found = blame("suites/test_a.py:3: assert 1 == 2", modules=MODULES, changed={"httpx", "anyio"})
    assert found == ("", "the traceback leaves no library")


def test_the_only_package_that_changed_is_suspected_whatever_the_traceback_says():
    assert suspect("suites/test_a.py:3: assert 1 == 2", "httpx") == "httpx"


def test_packages_are_added_removed_or_changed_and_the_rest_is_left_out():
    found = difference({"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "1", "d": "1"})
    assert [(change.name, change.kind) for change in found] == [("a", "removed"), ("b", "changed"), ("d", "added")]


def test_a_package_spelt_differently_is_the_same_package():
    assert difference({"Typing_Extensions": "4"}, {"typing-extensions": "5"}) == (
        PackageChange(name="typing-extensions", before="4", after="5"),
    )


def test_no_change_is_no_difference():
    assert difference({"a": "1"}, {"a": "1"}) == ()
