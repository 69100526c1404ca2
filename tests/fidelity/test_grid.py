"""Laws of the failure-mode grid: controls come first, a cell says when and where it fails, and what mends it."""

from pathlib import Path

import pytest

from bench.experiments.failure_modes import grid
from bench.experiments.failure_modes.cells import (
    ANOTHER_OPERATION,
    ATTEMPTS,
    CONTROLS,
    FACTORS,
    GREENLET,
    MESSAGES,
    OTHER_LOOP,
    Wiring,
    balanced,
    changed,
    combinations_of_factors,
    existing,
    neighbours,
    standard_part,
)

SCRIPT = "failure_modes/subject/grid.py"
FUNCTION_LOOP = "function/import/pooled/per-request/none/asyncclient"
SESSION_LOOP = "session/import/pooled/per-request/none/asyncclient"
NULL_POOL = "function/import/null/per-request/none/asyncclient"
TESTS = ("test_write", "test_write_again", "test_overlap")


def ran(cell_id, *, fails="", chain="", ending="exit 1", tests=TESTS):
    events = []
    for test in tests:
        events.append({"test": test, "began": True})
        if test == fails:
            events.append({"test": test, "when": "call", "error": "RuntimeError", "message": "", "chain": chain})
    return {"id": cell_id, "repeats": [{"ending": ending, "events": events}] * 3}


def a_batch(*cells):
    return {"schema": "failure-modes/1", "why": "", "tests": list(TESTS), "cells": list(cells)}


def a_grid(*cells, backend="postgresql"):
    return grid.read([a_batch(*cells)], backend=backend)


def all_controls():
    fails = {OTHER_LOOP: "test_write_again", GREENLET: "test_write", ANOTHER_OPERATION: "test_overlap"}
    return {message: ran(wiring.id, fails=fails[message], chain=message) for message, (wiring, _) in CONTROLS.items()}


def test_combination_that_does_not_exist_says_why():
    missing = [wiring for wiring in combinations_of_factors() if wiring.why_not]
    assert len(missing) + len(existing()) == 5 * 3 * 3 * 3 * 3 * 3
    assert len(existing()) > 600


def test_named_cells_and_controls_exist():
    named = [attempt.wiring for attempt in ATTEMPTS] + [wiring for wiring, _ in CONTROLS.values()]
    assert [wiring.why_not for wiring in named] == [""] * len(named)
    assert len({attempt.wiring for attempt in ATTEMPTS}) == 6


def test_balanced_part_holds_every_level_of_every_factor():
    part = balanced(existing())
    assert len(part) < len(existing()) / 20
    for factor, levels in FACTORS.items():
        assert {getattr(wiring, factor) for wiring in part} == set(levels)
    assert set(part) < set(standard_part())


def test_plain_tests_and_their_session_are_one_change():
    plain = Wiring.parse("none/import/pooled/sync/none/testclient")
    assert changed(plain, Wiring.parse("session/import/pooled/shared/none/testclient")) == ("session",)
    assert all(changed(plain, other) != () for other in neighbours(plain))


@pytest.mark.parametrize("message", MESSAGES)
def test_grid_without_one_of_its_controls_is_invalid(message):
    controls = all_controls()
    assert a_grid(*controls.values()).valid
    silent = ran(CONTROLS[message][0].id, ending="exit 0")
    assert not a_grid(*(controls | {message: silent}).values()).valid


def test_grid_without_cells_is_invalid():
    assert not grid.read([a_batch() | {"why": "this system cannot fork a process"}], backend="sqlite").valid


def test_change_that_mends_is_the_one_factor_of_a_passing_neighbour():
    found = a_grid(
        ran(FUNCTION_LOOP, fails="test_write_again", chain=OTHER_LOOP),
        ran(SESSION_LOOP, ending="exit 0"),
        ran("module/session/null/per-request/none/asyncclient", ending="exit 0"),
    )
    assert found.cells[0].mend == grid.Mend(factor="scope", before="function", after="session")
    assert found.cells[1].mend is None


def test_failure_of_the_first_test_is_at_once_and_of_the_second_later():
    first, second = a_grid(
        ran(FUNCTION_LOOP, fails="test_write", chain=OTHER_LOOP), ran(NULL_POOL, fails="test_write_again")
    ).cells
    assert (first.ending.mode, first.at_once) == ("other-loop", True)
    assert (second.ending.mode, second.at_once) == ("other", False)


def test_overlapping_requests_do_not_decide_whether_a_suite_passes():
    [cell] = a_grid(ran(NULL_POOL, fails="test_overlap", chain=ANOTHER_OPERATION)).cells
    assert (cell.ending.mode, cell.overlap, cell.messages) == (
        "passes",
        "another-operation",
        (ANOTHER_OPERATION,),
    )


def test_suite_that_hangs_names_the_test_that_began():
    [cell] = a_grid(ran(NULL_POOL, ending="hangs", tests=TESTS[:2])).cells
    assert (cell.ending.mode, cell.ending.test) == ("hangs", "test_write_again")


def test_cell_whose_repeats_differ_varies():
    mixed = ran(NULL_POOL, fails="test_write", chain=OTHER_LOOP)
    mixed["repeats"][2:] = ran(NULL_POOL)["repeats"][:1]
    [cell] = a_grid(mixed).cells
    assert cell.ending.mode == "varies"


@pytest.mark.slow
@pytest.mark.parametrize("dependency_set", ["current", "adr"])
def test_controls_show_their_messages_on_postgresql(run_script, postgresql, dependency_set):
    cells = [*(wiring.id for wiring, _ in CONTROLS.values()), NULL_POOL, SESSION_LOOP]
    with postgresql.provision("postgresql", scratch=Path()) as url:
        result = run_script(dependency_set, SCRIPT, "--repeats", "1", *cells, DATABASE_URL=url)
    found = grid.read([result], backend="postgresql")
    assert found.valid
    by_id = {cell.wiring.id: cell for cell in found.cells}
    failing = by_id[FUNCTION_LOOP]
    assert (failing.ending.mode, failing.ending.test, failing.at_once) == ("other-loop", "test_write_again", False)
    assert failing.ending.line == "await session.commit()"
    assert by_id[NULL_POOL].ending.mode == by_id[SESSION_LOOP].ending.mode == "passes"
    assert failing.mend is not None


@pytest.mark.slow
@pytest.mark.parametrize("dependency_set", ["current", "adr"])
def test_sqlite_hides_the_foreign_loop_and_shows_the_missing_greenlet(run_script, tmp_path, dependency_set):
    cells = [CONTROLS[GREENLET][0].id, FUNCTION_LOOP]
    url = f"sqlite:///{tmp_path}/grid.db"
    found = grid.read(
        [run_script(dependency_set, SCRIPT, "--repeats", "1", *cells, DATABASE_URL=url)], backend="sqlite"
    )
    assert found.valid
    assert [cell.ending.mode for cell in found.cells] == ["greenlet", "passes"]


@pytest.mark.slow
def test_suite_that_does_not_end_is_killed_at_its_deadline(run_script, tmp_path):
    url = f"sqlite:///{tmp_path}/grid.db"
    result = run_script("current", SCRIPT, "--deadline", "0.01", NULL_POOL, DATABASE_URL=url)
    assert [repeat["ending"] for repeat in result["cells"][0]["repeats"]] == ["hangs"]
