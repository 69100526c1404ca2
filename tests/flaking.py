"""Findings of a hunt that never took place: a test says how often which contender flaked under which condition."""

from collections.abc import Mapping
from typing import Any

from bench.flakiness import bounds
from bench.flakiness.contenders import compare
from bench.flakiness.findings import (
    CellFlakiness,
    ClusterFinding,
    FlakeClass,
    FlakeFinding,
    FlakinessFinding,
    ReplayFinding,
)
from bench.model import Cell
from bench.statistics import upper_bound

Counts = Mapping[str, tuple[int, int]]
"""By condition: (failures, trials)."""

TEST = "api/test_users.py::test_login"
COMMAND = "TWINBENCH_CLOCK=2028-02-29T12:00:00 PYTHONPATH=bench/probe python -m pytest -p twinbench_clock suites"


def a_cell(contender: str = "sync", backend: str = "sqlite", **changes: Any) -> Cell:
    """Name a cell as the model does."""
    return Cell(contender=contender, dependency_set="current", backend=backend, **changes)


def counted(counts: Counts) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Spread counts out into single outcomes."""
    return tuple(((name,), number < bad) for name, (bad, trials) in counts.items() for number in range(trials))


def a_hunted_cell(cell: Cell, counts: Counts, *, earlier: tuple[int, int] = (0, 0)) -> CellFlakiness:
    """Sum up what one cell showed, after `earlier` failures and trials."""
    failures, trials = (sum(each[place] for each in counts.values()) for place in (0, 1))
    total = failures + earlier[0], trials + earlier[1]
    return CellFlakiness(
        cell=cell.id,
        contender=cell.contender,
        style="async" if cell.contender.startswith("async") else "sync",
        backend=cell.backend,
        tests=437,
        trials=trials,
        failures=failures,
        earlier_trials=earlier[1],
        earlier_failures=earlier[0],
        upper=upper_bound(*total) if total[1] else 1.0,
        words=bounds.bound_words(*total),
        conditions=bounds.grid(counted(counts)),
        flaky_tests=int(failures > 0),
        broken=(),
        hangs=(),
    )


def a_flake(cell: Cell, counts: Counts, **changes: Any) -> FlakeFinding:
    """Tell of a flake of `cell` that another date provokes."""
    told: dict[str, Any] = {
        "test": TEST,
        "cell": cell.id,
        "contender": cell.contender,
        "backend": cell.backend,
        "flake_class": FlakeClass.TIME,
        "role": "",
        "causes": (),
        "cluster": "C1",
        "reason": "fails when the wall clock is changed (clock), passes with the clock as it is",
        "message": "assert datetime.date(2028, 2, 29) == None",
        "conditions": bounds.grid(counted(counts)),
        "diagnosis_runs": 24,
        "bisection_runs": 0,
        "replay": ReplayFinding(command=COMMAND, failures=10, runs=10, words="failed 10 of 10 times"),
    }
    return FlakeFinding(**(told | changes))


def a_cluster(*flakes: FlakeFinding, **changes: Any) -> ClusterFinding:
    """Put flakes of one root cause together."""
    told: dict[str, Any] = {
        "id": flakes[0].cluster,
        "flake_class": flakes[0].flake_class,
        "cause": "time: AssertionError assert datetime.date(N, N, N) == None",
        "phase": "call",
        "exception": "AssertionError",
        "site": "api/test_users.py:12",
        "message": "assert datetime.date(N, N, N) == None",
        "tests": tuple(dict.fromkeys(flake.test for flake in flakes)),
        "contenders": tuple(dict.fromkeys(flake.contender for flake in flakes)),
        "replay": next((flake.replay.command for flake in flakes if flake.replay), ""),
    }
    return ClusterFinding(**(told | changes))


def a_hunt(hunted: Mapping[Cell, Counts], *, earlier: tuple[int, int] = (0, 0), **changes: Any) -> FlakinessFinding:
    """Sum up a hunt in which each cell flaked so often; one flake for each cell that did."""
    flakes = tuple(a_flake(cell, counts) for cell, counts in hunted.items() if any(bad for bad, _ in counts.values()))
    outcomes = {
        cell: {("+".join(names), place): bad for place, (names, bad) in enumerate(counted(counts))}
        for cell, counts in hunted.items()
    }
    told: dict[str, Any] = {
        "cells": tuple(a_hunted_cell(cell, counts, earlier=earlier) for cell, counts in hunted.items()),
        "flakes": flakes,
        "clusters": (a_cluster(*flakes),) if flakes else (),
        "comparisons": tuple(
            compared
            for backend in dict.fromkeys(cell.backend for cell in hunted)
            for own in [{cell: told for cell, told in outcomes.items() if cell.backend == backend}]
            for compared in compare(own, next(iter(own)))
        ),
        "suite_trials": sum(trials for counts in hunted.values() for _, trials in counts.values()),
        "diagnosis_trials": 24 * len(flakes),
        "seconds": 512.0,
        "warnings": (),
    }
    return FlakinessFinding(**(told | changes))
