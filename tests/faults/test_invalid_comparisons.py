"""What cannot be compared is invalid, not fast, and it says why."""

from typing import Any, NamedTuple

import pytest

QUICK = ("run", "--budget", "1s", "--profile", "smoke")
APP = """\
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

app = Starlette(routes=[Route("/users", lambda request: PlainTextResponse("ok"))])

def test_users():
    with TestClient(app) as client:
        for number in range({requests}):
            client.get("/users")
"""
CLAIM = """\
[[claim]]
id = "faster"
section = "s"
statement = "one is faster than two"
goal = "speed"
kind = "faster"
metric = "wall"
subject = "one"
rival = "two"
backends = ["none"]
weight = "decides"
"""


class Compared(NamedTuple):
    """The comparison of the wall times, the claim that rests on it, and what the command said."""

    found: dict[str, Any]
    claim: dict[str, Any]
    said: Any


@pytest.fixture
def compare(project, bench):
    """Compare two suites of one family and give the comparison of the wall times, and the claim's verdict."""

    def compare(one, two):
        files = {f"one/{name}": text for name, text in one.items()} | {
            f"two/{name}": text for name, text in two.items()
        }
        family = {"twins": "family", "pytest_args": ["-q", "-c", "pytest.ini", "."]}
        roots = {"one/pytest.ini": "[pytest]\n", "two/pytest.ini": "[pytest]\n"}
        project.configure(files | roots, one={"directory": "one"} | family, two={"directory": "two"} | family)
        (project.folder / "claims.toml").write_text(CLAIM, encoding="utf-8")
        said = bench(*QUICK, "--claims", str(project.folder / "claims.toml"))
        compared = project.found("speed")["comparisons"]
        found = next(c for c in compared if c["rival_contender"] == "two" and c["metric"] == "wall")
        return Compared(found, project.analysis()["judgement"]["claims"][0], said)

    return compare


def test_different_tests_make_a_comparison_invalid_and_are_named(compare):
    compared = compare(
        {"unit/test_a.py": "def test_a(): pass\ndef test_only_in_one(): pass"}, {"unit/test_a.py": "def test_a(): pass"}
    )
    assert compared.found["words"].startswith("invalid: ")
    assert "unit/test_a.py::test_only_in_one" in compared.found["words"]
    assert compared.claim["verdict"] == "invalid"
    assert "test_only_in_one" in compared.claim["reason"]
    assert compared.found["comparison"] is None


def test_different_outcomes_make_a_comparison_invalid_and_are_named(compare):
    skipping = "import pytest\ndef test_a(): pass\n@pytest.mark.skip\ndef test_b(): pass"
    compared = compare({"unit/test_a.py": "def test_a(): pass\ndef test_b(): pass"}, {"unit/test_a.py": skipping})
    assert "test_b (skipped)" in " ".join(compared.found["invalid_because"])
    assert compared.claim["verdict"] == "invalid"


def test_different_requests_make_a_comparison_invalid_and_their_route_is_named(compare):
    compared = compare(
        {"api/test_a.py": APP.replace("{requests}", "2")}, {"api/test_a.py": APP.replace("{requests}", "3")}
    )
    assert "/users 200 (2 against 3)" in " ".join(compared.found["invalid_because"])
    assert compared.claim["verdict"] == "invalid"


def test_a_failing_rival_makes_a_comparison_invalid_and_its_tests_are_named(compare):
    compared = compare({"unit/test_a.py": "def test_a(): pass"}, {"unit/test_a.py": "def test_a(): assert 0"})
    assert "failed in 1 of 1 trials (failed: unit/test_a.py::test_a)" in compared.found["words"]
    assert compared.claim["verdict"] == "invalid"
    assert "two@none/own did not pass (failed)" in compared.said.err


def test_a_failing_baseline_makes_the_run_unfit(compare):
    compared = compare({"unit/test_a.py": "def test_a(): assert 0"}, {"unit/test_a.py": "def test_a(): pass"})
    assert compared.said.code == 5
    assert "the baseline one@none/own did not pass" in compared.said.out
    assert compared.claim["verdict"] == "invalid"


def test_equal_work_with_too_few_blocks_is_not_invalid(compare):
    same = {"unit/test_a.py": "def test_a(): pass"}
    compared = compare(same, same)
    assert compared.found["invalid_because"] == []
    assert compared.claim["verdict"] in ("not measured", "inconclusive")
