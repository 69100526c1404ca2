"""Small suites after public reports, searched as a user does it: each has one right answer, and stands for a kind."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.cli import main

pytestmark = pytest.mark.slow

CASES = Path(__file__).parents[1] / "cases"
LONGEST_PAGE = 3_000_000


@pytest.fixture
def search(tmp_path, monkeypatch, capsys):
    """Search the flakes of a case; gives the document, and its flakes by the name of the test."""

    def search(case, *plugins, budget="900s", runs=12):
        shutil.copytree(CASES / case, tmp_path / "suite")
        monkeypatch.chdir(tmp_path)
        options = ["--python", sys.executable, "--cwd", "suite", "--reports", "reports", "--seed", "1"]
        options += ["--suite-runs", str(runs), "--budget", budget, "--env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"]
        arguments = ["-q", *(part for plugin in plugins for part in ("-p", plugin))]
        assert main(["flakes", *options, "--json", "--", *arguments]) == 0
        found = json.loads(capsys.readouterr().out)
        return found, {flake["test"].partition("::")[2]: flake for flake in found["flakes"]}

    return search


@pytest.fixture
def replay(tmp_path):
    """Paste the printed command of a flake; gives the exit status of pytest."""

    def replay(flake):
        command = flake["replay"]["command"]
        return subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=False).returncode

    return replay


def causes(flake):
    return [cause.partition("::")[2] for cause in flake["causes"]]


def test_a_file_whose_import_pollutes_is_the_cause(search, replay):
    found, flakes = search("01-collect")
    assert flakes.keys() == {"test_value", "test_value_again"}
    assert {tuple(flake["causes"]) for flake in found["flakes"]} == {("test_b_stub.py",)}
    assert len(found["clusters"]) == 1
    assert "whenever test_b_stub.py is collected" in flakes["test_value"]["reason"]
    assert replay(flakes["test_value"]) == 1


@pytest.mark.search
def test_a_file_that_an_earlier_run_left_is_the_cause(search, replay):
    found, flakes = search("02a-disk")
    assert flakes.keys() == {"test_insert_once"}
    assert flakes["test_insert_once"]["flake_class"] == "files of an earlier run"
    assert "state.db" in flakes["test_insert_once"]["reason"]
    assert any("leaves files in its folder: state.db; --copy" in note for note in found["cells"][0]["notes"])
    assert [replay(flakes["test_insert_once"]) for _ in range(2)] == [1, 1]


@pytest.mark.search
def test_a_limit_that_many_tests_use_up_together_is_one_cause(search, replay):
    found, flakes = search("03-limit10")
    hooks = [flake for name, flake in flakes.items() if name.startswith("test_hook")]
    assert hooks
    assert {flake["flake_class"] for flake in hooks} == {"order-dependent"}
    assert len(found["clusters"]) == 1
    assert "any 10 of test_hooks.py::test_hook" in hooks[0]["reason"]
    assert {len(flake["causes"]) for flake in hooks} == {10}
    assert replay(hooks[0]) == 1


@pytest.mark.search
def test_a_process_that_ends_during_another_test_each_time_is_the_fault_of_the_test_that_armed_it(search):
    _, flakes = search("04a-exit0")
    assert flakes.keys() == {"test_03_arm"}
    assert flakes["test_03_arm"]["flake_class"] == "ends the process"
    assert "with status 0" in flakes["test_03_arm"]["reason"]


@pytest.mark.search
def test_thousands_of_long_ids_are_searched_and_the_report_stays_readable(search, tmp_path):
    found, _ = search("07d-manyids")
    assert len(found["clusters"]) == 1
    assert {flake["flake_class"] for flake in found["flakes"]} == {"order-dependent"}
    assert len(found["warnings"]) < 20
    (page,) = tmp_path.glob("reports/[0-9]*/report.html")
    assert page.stat().st_size < LONGEST_PAGE


@pytest.mark.search
def test_tests_whose_names_differ_in_each_process_are_followed(search, replay):
    found, flakes = search("08-ids")
    assert flakes.keys() == {"test_fixed_victim_first"}
    assert causes(flakes["test_fixed_victim_first"]) == ["test_uuid[0]"]
    assert "3 tests have names that differ in each process" in found["cells"][0]["notes"][0]
    assert replay(flakes["test_fixed_victim_first"]) == 1


@pytest.mark.search
def test_state_bound_to_a_loop_is_one_cluster_with_its_mend(search):
    found, flakes = search("13a-loopbound")
    assert flakes.keys() == {"test_one", "test_two", "test_three"}
    (cluster,) = found["clusters"]
    assert "with TestClient(app)" in cluster["mend"]
    assert "test_app.event" in " ".join(cluster["left"])


@pytest.mark.search
def test_overrides_that_are_left_needed_and_cleared_are_each_explained(search):
    _, flakes = search("14-overrides", runs=16)
    named = {test: (flake["role"], causes(flake)) for test, flake in flakes.items()}
    assert named["test_c_relies"] == ("brittle", ["test_a_mocked"])
    assert named["test_b_anonymous"] == ("victim", ["test_a_mocked"])
    cleared = [named[test] for test in ("test_e_first", "test_e_rows") if test in named]
    assert cleared
    assert {(role, chosen[-1]) for role, chosen in cleared} == {("victim", "test_d_clears")}
    assert "dependency_overrides[current_user]" in flakes["test_b_anonymous"]["reason"]


@pytest.mark.search
def test_what_does_not_wait_is_a_race_and_a_task_that_goes_on_is_a_polluter(search):
    _, flakes = search("15-forget", "pytest_asyncio.plugin")
    assert flakes["test_flag_after_post"]["flake_class"] == "schedule or race"
    assert "does not wait for what it reads" in flakes["test_flag_after_post"]["reason"]
    assert flakes["test_flag_after_post"]["contrast"]["without_failures"] == 0
    assert causes(flakes["test_counts_records"]) == ["test_starts_chatter"]
    assert "a pending task chatter" in flakes["test_counts_records"]["reason"]


def test_a_test_that_is_skipped_as_it_is_written_is_found_in_other_orders(search):
    found, flakes = search("30-skipped")
    assert flakes.keys() == {"test_flip"}
    assert flakes["test_flip"]["flake_class"] == "order-dependent"
    assert found["cells"][0]["broken"] == []
