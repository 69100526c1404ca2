"""Analyses to render: drawn once, since a page of charts takes seconds."""

import dataclasses
from collections.abc import Mapping

import pytest

from bench.flakiness.findings import FlakinessFinding
from bench.paired.finding import ComparisonFinding
from bench.report import render
from bench.results import Results
from bench.statistics import Comparison
from tests.made_up import altered
from tests.report.reader import PageReader
from tests.report.synthetic import Shape, synthetic_analysis

HOSTILE = "<script>alert(1)</script>\"'&amp;\u202egnp.exe\u2066\x00\x1b[31m$a_b$\ud800{{ 7*7 }}</svg>|" + "x" * 300


def _hostile_flakes(found: FlakinessFinding | None) -> FlakinessFinding:
    assert found is not None, "the synthetic run holds a hunt"
    cells = [dataclasses.replace(cell, contender=HOSTILE, hangs=(HOSTILE,)) for cell in found.cells]
    flakes = [
        dataclasses.replace(flake, test=HOSTILE, causes=(HOSTILE,), reason=HOSTILE, message=HOSTILE)
        for flake in found.flakes
    ]
    clusters = [
        dataclasses.replace(cluster, cause=HOSTILE, site=HOSTILE, tests=(HOSTILE,), contenders=(HOSTILE,))
        for cluster in found.clusters
    ]
    return dataclasses.replace(
        found, cells=tuple(cells), flakes=tuple(flakes), clusters=tuple(clusters), warnings=(HOSTILE,)
    )


@pytest.fixture(scope="session")
def analysis() -> Results:
    """Give a standard run: 3 contenders and an A/A copy, 2 backends, 16 blocks, 300 tests."""
    return synthetic_analysis(Shape(tests=300))


@pytest.fixture(scope="session")
def files(analysis: Results) -> Mapping[str, bytes]:
    """Give the files of the standard run."""
    return render(analysis)


@pytest.fixture(scope="session")
def page(files: Mapping[str, bytes]) -> PageReader:
    """Give the page of the standard run."""
    return PageReader(files["report.html"])


@pytest.fixture(scope="session")
def hostile_files() -> Mapping[str, bytes]:
    """Give the files of a run in which every foreign text is hostile."""
    return render(hostile_analysis())


def _warning(compared: ComparisonFinding) -> Comparison:
    assert compared.comparison is not None, "the synthetic run has an estimate everywhere"
    estimate = dataclasses.replace(compared.comparison.estimate, warnings=(HOSTILE,))
    return dataclasses.replace(compared.comparison, estimate=estimate)


def hostile_analysis() -> Results:
    """Make a run in which every foreign text is hostile."""
    found = synthetic_analysis(Shape(blocks=6, tests=9, backends=("sqlite",)))
    decision = dataclasses.replace(found.decision, sentence=HOSTILE, reasons=(HOSTILE,), would_flip=(HOSTILE,))
    return altered(
        found,
        decision=decision,
        run=dataclasses.replace(found.run, machine={HOSTILE: HOSTILE}, commands={HOSTILE: HOSTILE}),
        goals=tuple(dataclasses.replace(line, numbers=HOSTILE) for line in found.goals),
        claims=tuple(dataclasses.replace(claim, statement=HOSTILE, numbers=HOSTILE) for claim in found.claims),
        cells=tuple(
            dataclasses.replace(cell, contender=HOSTILE, title=HOSTILE, facts={HOSTILE: [HOSTILE]})
            for cell in found.cells
        ),
        comparisons=tuple(
            dataclasses.replace(compared, rival_contender=HOSTILE, comparison=_warning(compared))
            for compared in found.comparisons
        ),
        trials=tuple(
            dataclasses.replace(trial, message=HOSTILE, outcome="failed" if trial.order % 9 == 3 else "passed")
            for trial in found.trials
        ),
        twins=tuple(dataclasses.replace(twin, test=HOSTILE, rival_contender=HOSTILE) for twin in found.twins),
        layers=tuple(dataclasses.replace(layer, slowest_test=HOSTILE) for layer in found.layers),
        failures=tuple(dataclasses.replace(failure, first_message=HOSTILE) for failure in found.failures),
        flakiness=_hostile_flakes(found.flakiness),
        micro_costs=tuple(dataclasses.replace(cost, name=HOSTILE, group=HOSTILE) for cost in found.micro_costs),
        warnings=(HOSTILE,),
        left_out=(HOSTILE,),
    )


@pytest.fixture(scope="session")
def small() -> Results:
    """Give a small run, to be changed by a test."""
    return synthetic_analysis(Shape(blocks=6, tests=9))
