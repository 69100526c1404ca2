"""The history keeps every line, reads what it can, and never compares two machines."""

import json
from dataclasses import replace

import pytest

from bench.storage import history
from bench.storage.run_folder import RevalidationRecord


@pytest.fixture
def line(two_sets):
    return two_sets({"async@old": 1.3, "async@new": 1.0}).history[-1]


def test_a_line_comes_back_as_it_was_written(tmp_path, line):
    history.append(tmp_path, line)
    assert history.read(tmp_path) == history.History(lines=(line,))


def test_a_line_holds_sets_versions_verdicts_ratios_machine_and_revision(tmp_path, line):
    history.append(tmp_path, line)
    written = json.loads((tmp_path / history.FILE).read_bytes())
    assert written["after"]["versions"] == {"pluggy": "1.6"}
    assert written["verdicts"]["faster@sqlite"] == ["supported", "equivalent"]
    assert written["decisions"] == ["stands", "stands"]
    assert written["machine"] == {"cores": "2"}
    assert written["revision"] == "unknown"
    wall = [ratio for ratio in written["ratios"] if ratio["metric"] == "wall"]
    assert [ratio["under"] for ratio in wall] == ["before", "after", "change"]
    assert all(ratio["low"] <= ratio["ratio"] <= ratio["high"] for ratio in wall)


def test_a_run_is_added_once(tmp_path, line):
    history.append(tmp_path, line)
    history.append(tmp_path, line)
    assert len(history.read(tmp_path).lines) == 1


@pytest.mark.parametrize(
    "damage", [b"{", b"\xff\xfe", b"[]", b'{"schema": "other/1"}', b'{"schema": "history/1"}', b""]
)
def test_a_damaged_line_is_kept_passed_over_and_said(tmp_path, line, damage):
    history.append(tmp_path, line)
    path = tmp_path / history.FILE
    path.write_bytes(damage + b"\n" + path.read_bytes())
    history.append(tmp_path, replace(line, run="later"))
    found = history.read(tmp_path)
    assert [each.run for each in found.lines] == [line.run, "later"]
    assert found.notice() == "history.jsonl: line 1 cannot be read; kept and passed over"
    assert path.read_bytes().startswith(damage + b"\n")


def test_a_torn_last_line_does_not_swallow_the_next(tmp_path, line):
    (tmp_path / history.FILE).write_bytes(b'{"schema": "hist')
    history.append(tmp_path, line)
    assert history.read(tmp_path) == history.History(lines=(line,), damaged=(1,))


def test_no_history_is_an_empty_one(tmp_path):
    assert history.read(tmp_path) == history.History()
    assert history.History().notice() == ""


def test_runs_of_other_machines_are_counted_and_not_shown(two_sets, line):
    other = replace(line, run="other", machine_id="another")
    same = replace(line, run="same")
    record = RevalidationRecord(before="old", after="new", history=history.History(lines=(other, same), damaged=(3,)))
    found = two_sets({"async@old": 1.3}, manifest={"revalidation": record}, run="second")
    assert [each.run for each in found.history] == ["same", line.run]
    assert found.elsewhere == 1
    assert "line 3" in found.history_notice


def test_the_load_does_not_make_it_another_machine():
    idle, busy = ({"processor": "p", "cores": "2", "load at start": load} for load in ("0", "9"))
    assert history.machine_id(idle) == history.machine_id(busy)
    assert history.machine_id(idle) != history.machine_id({**idle, "cores": "4"})
