"""Laws of the experiment around the grid: controls first, one batch lost is a line, an invalid grid says nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.campaign import planning
from bench.configuration import config
from bench.experiments.failure_modes.cells import ANOTHER_OPERATION, CONTROLS, GREENLET, OTHER_LOOP, controls, existing
from bench.experiments.failure_modes.study import BATCH, Study
from bench.model import Outcome
from bench.report import render
from tests.conftest import a_manifest
from tests.fidelity.test_grid import NULL_POOL, a_batch, ran
from tests.made_up import finding_of, next_block, results_of
from tests.report.reader import PageReader

OWN = config.read(Path(__file__).parents[2] / "pyproject.toml")
FAILS = {OTHER_LOOP: "test_write_again", GREENLET: "test_write", ANOTHER_OPERATION: "test_overlap"}
SELECTED = "none/import/pooled/sync/none/testclient-entered"


@pytest.fixture
def plan(make_plan, make_contender):
    made = make_plan(make_contender(backends=("postgresql",)), backends=("postgresql",))
    study = Study(contender="sync", dependency_sets=("own",), backends=("postgresql",), cells=(NULL_POOL, SELECTED))
    return replace(made, studies={**made.studies, "failure_modes": study})


@pytest.fixture
def measured(plan, make_trial):
    """Give the one batch with the messages that its controls show."""

    def measured(*shown, lost=False):
        (spec,) = next_block(plan, "failure_modes")
        known = {wiring.id: message for message, (wiring, _) in CONTROLS.items()}
        cells = []
        for cell_id in spec.answers["cells"]:
            message = known.get(cell_id, "")
            fails = FAILS[message] if message in shown else ""
            cells.append(ran(cell_id, fails=fails, chain=message))
        return [make_trial(spec, outcome=Outcome.HUNG) if lost else make_trial(spec, result=a_batch(*cells))]

    return measured


def page(plan, trials):
    return PageReader(render(results_of(a_manifest(plan), trials))["report.html"])


def test_the_controls_of_a_backend_come_first(plan):
    (spec,) = next_block(plan, "failure_modes")
    first = [wiring.id for wiring in controls("postgresql").values()]
    assert spec.answers["cells"][: len(first)] == first
    assert list(spec.arguments) == ["--repeats", "3", *spec.answers["cells"]]


def test_a_grid_whose_controls_show_their_messages_is_valid(plan, measured):
    found = finding_of(plan, "failure_modes", measured(*FAILS))
    assert found.grids[0].grid.valid
    shown = page(plan, measured(*FAILS))
    assert "Wirings that work: 3 of 5 on PostgreSQL" in shown.by_id("failure_modes").text
    assert "attached to a different loop" in shown.by_id("table-failure-modes-cells-0").text


def test_a_grid_whose_control_does_not_is_invalid_and_says_so_first(plan, measured):
    text = page(plan, measured(GREENLET, OTHER_LOOP)).by_id("failure_modes").text
    assert "The grid is invalid: a control did not show its message." in text
    assert "did not show 'another operation is in progress'" in text


def test_a_batch_that_is_lost_is_a_line_and_leaves_its_cells_out(plan, measured):
    found = finding_of(plan, "failure_modes", measured(lost=True))
    assert found.failures == ("batch 0 on postgresql could not be run: it broke",)
    assert found.grids[0].left_out == 5


def test_the_attempts_of_the_adr_are_named_on_the_page(plan, measured):
    assert (
        "TestClient and a synchronous session"
        in page(plan, measured(*FAILS)).by_id("table-failure-modes-attempts-0").text
    )


@pytest.mark.parametrize(("profile", "share"), [("smoke", 0), ("quick", 0), ("standard", 0.1), ("full", 1)])
def test_a_profile_tries_its_part_of_the_grid(profile, share):
    study = planning.make(OWN, profile=profile, seed=1).studies.get("failure_modes")
    tried = len(study.cells) if study else 0
    assert (tried == 0) if share == 0 else (0 < tried <= share * len(existing()))
    assert study is None or study.repeats == (3 if profile == "full" else 1)


def test_batches_are_small(plan):
    study = replace(plan.studies["failure_modes"], cells=tuple(wiring.id for wiring in existing()))
    assert max(map(len, study.batches("postgresql"))) == BATCH
