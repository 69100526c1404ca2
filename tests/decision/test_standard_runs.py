"""A standard run of the record's own claims can end in each of the three decisions."""

from pathlib import Path

import pytest

from bench.campaign import planning
from bench.claims import file as claims_file
from bench.configuration import config
from tests.conftest import FakeExecutor, a_manifest, run_campaign
from tests.made_up import results_of

ROOT = Path(__file__).parents[2]
OWN = config.read(ROOT / "pyproject.toml")
CLAIMS = (ROOT / "bench" / "claims.toml").read_text(encoding="utf-8")


class Suites(FakeExecutor):
    """Makes the async suites `slower`, by another ratio in every second block if they `swing`."""

    def __init__(self, slower, *, swing=1.0):
        super().__init__()
        self.slower, self.swing = slower, swing

    def __call__(self, spec):
        name = spec.cell.contender
        ratio = self.slower * (self.swing if spec.block % 2 else 1.0) if name.startswith("async") else 1.0
        self.seconds = {name: 4.0 * ratio}
        return super().__call__(spec)


@pytest.fixture(scope="module")
def plan():
    stated = claims_file.parse(CLAIMS, source="claims.toml")
    return planning.make(OWN, profile="standard", seed=1, claims=stated)


@pytest.fixture
def ended(plan, tmp_path):
    def ended(slower, **changes):
        trials = run_campaign(plan, Suites(slower, **changes), tmp_path / "trials.jsonl")
        return results_of(a_manifest(plan, claims_text=CLAIMS), trials)

    return ended


def deciding(results):
    return {claim.id: claim.verdict.value for claim in results.claims if claim.weight == "decides"}


def test_it_stands_where_async_is_slower_and_nothing_fails(ended):
    found = ended(1.3)
    assert set(deciding(found).values()) == {"supported"}, deciding(found)
    assert found.decision.decision.value == "stands"
    # 59 trials without a failure are what "at most 5 %" takes.
    assert min(cell.trials for cell in found.flakiness.cells if cell.contender == "sync") >= 59


def test_it_is_challenged_where_async_is_materially_faster(ended):
    found = ended(0.8)
    assert found.decision.decision.value == "challenged"
    assert deciding(found)["faster-than-async-session@sqlite"] == "refuted"


def test_it_is_undetermined_where_blocks_contradict_each_other(ended):
    found = ended(0.8, swing=1.6)
    assert found.decision.decision.value == "undetermined"
    assert deciding(found)["faster-than-async-session@sqlite"] == "inconclusive"
