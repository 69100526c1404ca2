"""Bounds grow over runs of the same code, and over no others."""

from dataclasses import replace

import pytest

from bench.flakiness import ledger
from tests.made_up import finding_of


@pytest.fixture
def finding(make_plan, measure):
    plan = make_plan(flakiness_seconds=20.0)
    return finding_of(plan, "flakiness", measure(plan)).search


def test_runs_of_the_same_code_add_up(finding, tmp_path):
    for run in ("one", "two"):
        ledger.append(tmp_path, run, [finding], code="abc+set", seed=len(run) + ord(run[0]))
    earlier = ledger.read(tmp_path, code="abc+set")
    assert earlier.counts == {cell.cell: (0, 2 * cell.trials) for cell in finding.cells}


def test_a_run_counts_once(finding, tmp_path):
    for _ in range(2):
        ledger.append(tmp_path, "one", [finding], code="abc+set", seed=1)
    assert ledger.read(tmp_path, code="abc+set").counts[finding.cells[0].cell] == (0, finding.cells[0].trials)


def test_a_seed_run_twice_counts_once(finding, tmp_path):
    for run in ("one", "two"):
        ledger.append(tmp_path, run, [finding], code="abc+set", seed=7)
    assert ledger.read(tmp_path, code="abc+set").counts[finding.cells[0].cell] == (0, finding.cells[0].trials)


def test_both_sets_of_a_revalidation_are_added(finding, tmp_path):
    cells = tuple(replace(cell, cell=f"{cell.cell}-later") for cell in finding.cells)
    ledger.append(tmp_path, "one", [finding, replace(finding, cells=cells)], code="abc+set", seed=1)
    assert len(ledger.read(tmp_path, code="abc+set").counts) == 2 * len(cells)


def test_other_code_does_not_count(finding, tmp_path):
    ledger.append(tmp_path, "one", [finding], code="abc", seed=1)
    assert ledger.read(tmp_path, code="other").counts == {}


@pytest.mark.parametrize("code", ["abc-dirty", "unknown+set", ""])
def test_code_that_cannot_be_told_apart_is_never_added_up(finding, tmp_path, code):
    ledger.append(tmp_path, "one", [finding], code=code, seed=1)
    assert ledger.read(tmp_path, code=code).counts == {}


@pytest.mark.parametrize("damaged", [b'{"schema": "flakin', b'{"run": 1}\n', b'"run"\n', b"\xff\n"])
def test_a_damaged_line_is_passed_over_counted_and_kept(finding, tmp_path, damaged):
    (tmp_path / ledger.LEDGER).write_bytes(damaged)
    ledger.append(tmp_path, "one", [finding], code="abc", seed=1)
    found = ledger.read(tmp_path, code="abc")
    assert len(found.counts) == len(finding.cells)
    assert found.damaged == 1
    assert (tmp_path / ledger.LEDGER).read_bytes().startswith(damaged)


def test_earlier_trials_tighten_the_bound(make_plan, measure, finding):
    plan = make_plan(flakiness_seconds=20.0)
    cell = finding.cells[0]
    more = finding_of(plan, "flakiness", measure(plan), earlier_trials={cell.cell: (0, 1000)}).search.cells[0]
    assert more.upper < cell.upper
    assert more.earlier_trials == 1000
