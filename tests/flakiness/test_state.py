"""A watched trial names what each test leaves changed, and reads it without running the suite's code."""

import re

import pytest

APP = """\
    import functools
    REGISTRY = {}
    LEVELS = [1]
    SERVICES = [LEVELS]
    class Service:
        endpoint = "production"
    class Settings:
        def __init__(self): self.colour = "blue"
    settings = Settings()
    class Application:
        def __init__(self): self.dependency_overrides = {}
    application = Application()
    def current_user(): pass
    @functools.lru_cache
    def cached(name): return name
    class Loud:
        def __eq__(self, other): raise SystemExit
        def __hash__(self): raise SystemExit
        def __repr__(self): raise SystemExit
        def __getattr__(self, name): raise SystemExit
    """


@pytest.fixture
def left(notes):
    """Give what a test of this body leaves, as a watched trial sees it."""

    def left(body, *, before=""):
        test = f"import app\nfrom app import *\n{before}\ndef test_first(): pass\ndef test_it(tmp_path):\n    {body}\n"
        found = notes({"app.py": APP, "test_it.py": test}, "twinbench_state", arguments=("-o", "pythonpath=."))
        return dict(found.get("left", [])).get("test_it.py::test_it", [])

    return left


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("REGISTRY['user'] = 1", "app.REGISTRY['user'] = 1"),
        ("LEVELS.append(2)", "app.LEVELS = [1, 2] (was [1])"),
        ("app.SERVICES = [Service]", "app.SERVICES changed"),
        ("Service.endpoint = 'x'", "app.Service.endpoint = 'x' (was 'production')"),
        ("settings.colour = 'red'", "app.settings.colour = 'red' (was 'blue')"),
        (
            "application.dependency_overrides[current_user] = print",
            "app.application.dependency_overrides[current_user]",
        ),
        ("cached('a')", "the cache of app.cached = 1 entries (was 0 entries)"),
        ("import os; os.environ['MODE'] = 'debug'", "os.environ['MODE'] = 'debug'"),
        ("import sys; sys.modules['fake'] = object()", "sys.modules['fake']"),
        ("import logging; logging.disable(50)", "logging.disable = 50 (was 0)"),
        ("import decimal; decimal.getcontext().prec = 6", "the decimal context = precision 6 (was precision 28)"),
        ("import time; time.sleep = print", "time.sleep changed"),
        ("import socket; socket.setdefaulttimeout(3)", "socket.getdefaulttimeout() = 3.0 (was None)"),
        ("open('state.db', 'w').close()", "file state.db"),
        (
            "import threading; threading.Thread(target=threading.Event().wait, daemon=True, name='w').start()",
            "thread w",
        ),
    ],
)
def test_what_is_left_is_named(left, body, name):
    assert name in left(body)


def test_the_working_directory_is_named_with_where_it_went(left):
    (what,) = left("import os; os.chdir(tmp_path)")
    assert re.fullmatch(r"the working directory = \S+/test_it0 \(was \S+/suite\)", what)


@pytest.mark.parametrize(
    "body",
    ["pass", "import json", "x = [1]", "REGISTRY['a'] = 1; del REGISTRY['a']", "open(tmp_path / 'f', 'w').close()"],
)
def test_what_leaves_nothing_is_not_named(left, body):
    assert left(body) == []


def test_looking_runs_no_code_of_the_suite(left):
    assert left("REGISTRY['loud'] = app.Loud(); REGISTRY['n'] = 1") != []


def test_a_test_that_closes_what_it_can_is_not_hurt(notes):
    text = """\
        import os
        def test_closes(): os.closerange(3, 50)
        def test_leaves(): os.environ["X"] = "1"
        """
    found = notes({"test_it.py": text}, "twinbench_state", arguments=("-s",))
    assert ["test_it.py::test_leaves", ["os.environ['X'] = '1'"]] in found["left"]
    assert "2 passed" in found["printed"][-1]
