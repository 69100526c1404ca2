"""The project's own suites in every wiring of the study."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.campaign import planning
from bench.configuration import config
from bench.model import Outcome
from bench.paired.equal_work import differences
from bench.running.preparation import prepared
from tests.made_up import finding_of, next_block

pytestmark = pytest.mark.slow

FOUND = config.read(Path(__file__).parents[2] / "pyproject.toml")
PLAN = planning.make(FOUND, profile="wiring", seed=1, backends=["sqlite"])


@pytest.fixture(scope="module")
def trials():
    with prepared(PLAN, FOUND, database_url=None, notify=lambda _: None) as ready, ThreadPoolExecutor(2) as pool:
        return list(pool.map(ready.runner, next_block(PLAN, "wiring", ())))


def test_both_styles_pass_in_every_wiring(trials):
    assert len(trials) == 13
    assert {trial.cell.id: trial.message for trial in trials if trial.outcome is not Outcome.PASSED} == {}


def test_every_wiring_does_the_same_work(trials):
    first, *rivals = [trial.cell for trial in trials]
    assert {rival.id: differences(trials, first, rival, twins=True) for rival in rivals} == {
        rival.id: () for rival in rivals
    }


def test_a_study_of_one_block_has_a_number_and_no_interval_for_no_pair(trials):
    found = finding_of(PLAN, "wiring", trials)
    assert {pair.comparison.invalid_because for pair in found.pairs} == {()}
    assert {pair.comparison.estimate for pair in found.pairs} == {None}
