"""A hunt as a user runs it, on two suites of their own: one calm, one with planted flakes and a test that hangs."""

import json
import subprocess
import sys
from textwrap import dedent

import pytest

from bench.cli import main

pytestmark = pytest.mark.slow

FILES = {
    "bench.toml": f"""\
        baseline = "calm"
        timeout_seconds = 6
        load_limit = 1000

        [contenders.calm]
        directory = "calm"
        python = "{sys.executable}"
        plugins = []
        pytest_args = ["-q", "."]

        [contenders.flaky]
        directory = "flaky"
        python = "{sys.executable}"
        plugins = []
        pytest_args = ["-q", "."]
        """,
    ".gitignore": "reports/\n__pycache__/\n",
    "calm/test_sums.py": "def test_sum(): assert 1 + 1 == 2\ndef test_difference(): assert 2 - 1 == 1\n",
    "flaky/test_it.py": """\
        import datetime, threading
        STATE = []
        def test_a_victim(): assert not STATE
        def test_b_another_victim(): assert STATE == []
        def test_c(): pass
        def test_d_polluter(): STATE.append(1)
        def test_e_of_this_year(): assert datetime.date.today().year < 2028
        def test_f_hangs_in_another_century():
            if datetime.date.today().year == 2044:
                threading.Event().wait()
        def test_g(): pass
        """,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Make a checkout of both suites."""
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(dedent(text), encoding="utf-8")
    for words in ("init -q", "add .", "-c user.name=me -c user.email=me@example.org commit -q -m first"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def hunt(project):
    """Search for this long and give the finding and the page."""

    def hunt(budget):
        before = set(project.glob("reports/*/manifest.json"))
        options = ["--config", str(project / "bench.toml"), "--budget", budget, "--seed", "1"]
        assert main(["flakiness", *options]) == 0
        (manifest,) = set(project.glob("reports/[0-9]*/manifest.json")) - before
        page = (manifest.parent / "report.html").read_text(encoding="utf-8")
        analysis = json.loads((manifest.parent / "analysis.json").read_bytes())
        return analysis["findings"]["by_experiment"]["flakiness"]["search"], page

    return hunt


@pytest.fixture(scope="module")
def hunted(hunt):
    return hunt("180s")


@pytest.fixture(scope="module")
def flakes(hunted):
    return {flake["test"].partition("::")[2]: flake for flake in hunted[0]["flakes"]}


@pytest.mark.parametrize(
    ("name", "flake_class"),
    [
        ("test_a_victim", "order-dependent"),
        ("test_b_another_victim", "order-dependent"),
        ("test_e_of_this_year", "time"),
    ],
)
def test_a_planted_flake_is_found_with_its_class(flakes, name, flake_class):
    assert flakes[name]["flake_class"] == flake_class


def test_nothing_else_is_called_a_flake(flakes):
    assert flakes.keys() <= {
        "test_a_victim",
        "test_b_another_victim",
        "test_e_of_this_year",
        "test_f_hangs_in_another_century",
    }


def test_two_victims_of_one_polluter_are_one_root_cause(flakes):
    assert flakes["test_a_victim"]["causes"] == ["test_it.py::test_d_polluter"]
    assert flakes["test_a_victim"]["cluster"] == flakes["test_b_another_victim"]["cluster"]
    assert flakes["test_e_of_this_year"]["cluster"] != flakes["test_a_victim"]["cluster"]


@pytest.mark.parametrize("name", ["test_a_victim", "test_e_of_this_year"])
def test_the_printed_command_shows_the_flake(project, flakes, name):
    replay = flakes[name]["replay"]
    assert replay["failures"] == 10
    shown = subprocess.run(
        replay["command"], shell=True, cwd=project, capture_output=True, check=False, text=True, timeout=60
    )
    assert shown.returncode == 1, shown.stdout + shown.stderr


def test_a_hang_is_a_result_with_its_stacks(hunted):
    search, page = hunted
    (cell,) = [cell for cell in search["cells"] if cell["contender"] == "flaky"]
    assert any("test_f_hangs" in hang and "wait" in hang for hang in cell["hangs"])
    assert "hung; its stacks" in page


def test_contenders_are_compared_and_the_calm_one_is_bounded(hunted):
    search, page = hunted
    (cell,) = [cell for cell in search["cells"] if cell["contender"] == "calm"]
    assert (cell["failures"], cell["flaky_tests"]) == (0, 0)
    assert cell["words"].replace(" %", "\N{NO-BREAK SPACE}%") in page
    overall = next(each for each in search["comparisons"] if each["condition"] == "all conditions")
    assert overall["baseline_trials"] == overall["rival_trials"]


def test_a_second_hunt_of_the_same_code_tightens_the_bound(hunted, hunt):
    first = {cell["contender"]: cell for cell in hunted[0]["cells"]}["calm"]
    again = {cell["contender"]: cell for cell in hunt("8s")[0]["cells"]}["calm"]
    assert again["earlier_trials"] == first["trials"]
    assert again["upper"] < first["upper"]
