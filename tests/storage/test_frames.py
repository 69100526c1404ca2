"""A run as tables: a row for each observation, columns that are described, and nothing lost on the way to a file."""

import re
from pathlib import Path

import pandas as pd
import pytest

from bench.experiments.speed import single_tests
from bench.model import ExecutedTest, Outcome
from bench.storage import frames

ROOT = Path(__file__).parents[2]
HOSTILE = 'test_it["a",b\nc\udc80]'


@pytest.fixture
def trials(make_plan, measure):
    return measure(make_plan())


def test_there_is_a_row_for_each_trial_in_the_order_of_the_journal(trials):
    found = frames.trials(trials)
    assert found["trial"].tolist() == list(range(len(trials)))
    assert found["wall_ns"].tolist() == [trial.wall_ns for trial in trials]
    assert found.loc[found["timed"], "block"].min() == 1


def test_there_is_a_row_for_each_test_of_each_trial(trials):
    found = frames.tests(trials)
    assert len(found) == sum(len(trial.tests) for trial in trials)
    sums = found.groupby("trial")[["setup_ns", "call_ns", "teardown_ns"]].sum().sum(axis="columns")
    assert sums.tolist() == [sum(test.total_ns for test in trial.tests) for trial in trials]


def test_requests_have_method_route_and_status(trials):
    found = frames.requests(trials)
    assert set(found["trial"]) == {number for number, trial in enumerate(trials) if trial.counting}
    assert set(zip(found["method"], found["route"], found["status"], strict=True)) == {("GET", "/users", "200")}
    assert set(found["requests"]) == {2}


def test_what_is_not_known_is_missing(make_trial):
    trial = make_trial(outcome=Outcome.HUNG, exit_code=None)
    (row,) = frames.trials([trial]).to_dict("records")
    assert pd.isna(row["exit_code"])
    assert (row["outcome"], row["timed"]) == ("hung", False)


@pytest.mark.parametrize("name", ["trials", "tests", "requests", "micro"])
def test_without_trials_every_frame_has_its_columns_and_types(name):
    empty = getattr(frames, name)([])
    assert list(empty.columns) == list(frames.COLUMNS[name])
    assert len(empty) == 0


@pytest.mark.parametrize("name", ["flakes", "claims"])
def test_without_findings_too(name):
    assert list(getattr(frames, name)([]).columns) == list(frames.COLUMNS[name])


@pytest.mark.parametrize("table", frames.COLUMNS)
def test_each_column_says_what_it_holds_and_times_say_their_unit(table):
    for column, (_, says) in frames.COLUMNS[table].items():
        assert says
        assert not column.endswith("_ns") or "nanoseconds" in says


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_hostile_name_goes_through_a_file(make_trial, tmp_path, ending):
    found = frames.tests([make_trial(tests=(ExecutedTest(HOSTILE, "passed", 1, 2, 3),))])
    path = tmp_path / f"tests.{ending}"
    found.to_parquet(path, index=False) if ending == "parquet" else found.to_csv(path, index=False)
    again = pd.read_parquet(path) if ending == "parquet" else pd.read_csv(path)
    assert again["test"].tolist() == [HOSTILE.replace("\udc80", "\\udc80")]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_gives_the_same_numbers_again(trials, tmp_path, ending):
    found = frames.trials(trials)
    path = tmp_path / f"trials.{ending}"
    found.to_parquet(path, index=False) if ending == "parquet" else found.to_csv(path, index=False)
    again = pd.read_parquet(path) if ending == "parquet" else pd.read_csv(path)
    assert again["wall_ns"].tolist() == found["wall_ns"].tolist()
    assert list(again.columns) == list(found.columns)


def test_a_trial_that_lacks_a_test_takes_its_block_out_of_that_test(make_trial):
    def trial(position, *names):
        return make_trial(position=position, tests=tuple(ExecutedTest(name, "passed", 1, 2, 3) for name in names))

    found = single_tests.durations([trial(0, "unit/test_a.py::a", "unit/test_a.py::b"), trial(1, "unit/test_a.py::a")])
    (row,) = single_tests._log_means(found, [1], ["unit/test_a.py::a", "unit/test_a.py::b"])
    assert [bool(pd.isna(mean)) for mean in row] == [False, True]


def test_the_example_of_the_page_prints_the_ratio(make_plan, make_executor, measure, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "reports" / "latest" / "export"
    folder.mkdir(parents=True)
    frames.trials(measure(make_plan(), make_executor(seconds={"async": 1.3}))).to_csv(
        folder / "trials.csv", index=False
    )
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "export.md").read_text("utf-8"), flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    assert re.search(r"sqlite +1\.3\d* +1\.0", capsys.readouterr().out)
