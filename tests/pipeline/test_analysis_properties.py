"""Results is total: whatever a journal holds, it gives numbers or says why there are none, and never guesses."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.campaign import planning
from bench.campaign.plan import Plan
from bench.campaign.profiles import PROFILES
from bench.claims.weighed import Verdict
from bench.configuration import config
from bench.experiments.registry import EXPERIMENTS
from bench.model import ExecutedTest, MachineReading, Outcome, Phases, Trial
from bench.results import Results
from bench.storage.files import json_bytes
from bench.storage.run_folder import Manifest
from tests.conftest import FakeExecutor, a_contender, a_manifest, a_plan
from tests.made_up import results_of

ROOT = Path(__file__).parents[2]
CLAIMS = (ROOT / "bench" / "claims.toml").read_text(encoding="utf-8")
OWN = config.read(ROOT / "pyproject.toml")
SAID = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.EQUIVALENT)
COUNTED = ("fewer", "absent")  # in the sources, whatever was run
LARGEST = 2**63 - 1
TESTS = ("unit/test_a.py::test_a", "api/test_b.py::test_b[x]", "test_c.py::test_c", "", "integration/::")
NOTHING_READ = MachineReading(load_1min=None, steal_ticks=None)
BLOCKS = 12
JUDGED = planning.make(OWN, profile="standard", seed=1, looks=[BLOCKS])
PLANS = (
    planning.make(OWN, profile="smoke", seed=1),
    JUDGED,
    planning.make(OWN, profile="smoke", seed=1, backends=["sqlite"], contenders=["sync"]),
    *(planning.make(OWN, profile=name, seed=1) for name in PROFILES if name == "factors"),
    a_plan(a_contender(twins=None, backends=("none",)), a_contender("b", backends=("none",)), backends=("none",)),
)
rates = st.sampled_from((0.0, 0.02, 0.3, 1.0))


def schedule(planned: Plan, *, blocks: int) -> list[Trial]:
    """Measure the first blocks of each experiment with a fake that is never at a loss."""
    trials: list[Trial] = []
    execute = FakeExecutor({"sync": 1.0, "async-function": 1.5, "async-session": 0.7})
    for name, study in planned.studies.items():
        if not EXPERIMENTS[name].measures:
            continue
        session = EXPERIMENTS[name].session(planned.frame, study, trials)
        while (specs := session.next_block()) and specs[0].block <= blocks:
            done = {trial.key for trial in trials}
            for trial in [execute(spec) for spec in specs if spec.key not in done]:
                trials.append(trial)
                session.took(trial)
    return trials


WHOLE = {planned.hash: schedule(planned, blocks=BLOCKS) for planned in PLANS}


class Damage:
    """Spoils trials at random, each kind of damage at a rate of its own."""

    def __init__(self, random: Random, drawn: Sequence[float]) -> None:
        self.random = random
        self.lost, self.failed, self.timeless, self.testless, self.phaseless, self.strange, self.twice = drawn

    def happens(self, rate: float) -> bool:
        return self.random.random() < rate

    def spoil(self, trials: Sequence[Trial]) -> Iterator[Trial]:
        for trial in trials:
            if not self.happens(self.lost):
                spoiled = self.spoilt(trial)
                yield from [spoiled] * (2 if self.happens(self.twice) else 1)

    def spoilt(self, trial: Trial) -> Trial:
        if self.happens(self.failed):
            trial = replace(trial, outcome=self.random.choice(list(Outcome)), message="it broke")
        if self.happens(self.timeless):
            trial = replace(trial, wall_ns=self.duration(), cpu_user_ns=self.duration(), cpu_system_ns=0)
        if self.happens(self.testless):
            trial = replace(trial, tests=tuple(self.test() for _ in range(self.random.randrange(4))))
        if self.happens(self.phaseless):
            trial = replace(trial, phases=self.phases(), before=NOTHING_READ, facts={})
        if self.happens(self.strange):
            cell = replace(trial.cell, **self.random.choice(STRANGE))
            trial = replace(trial, spec=replace(trial.spec, cell=cell))
        return trial

    def duration(self) -> int:
        return self.random.choice((0, 1, 10**9, 3 * 10**9, LARGEST))

    def test(self) -> ExecutedTest:
        outcome = self.random.choice(("passed", "failed", "skipped", "xfailed", "unknown"))
        return ExecutedTest(self.random.choice(TESTS), outcome, self.duration(), self.duration(), 0)

    def phases(self) -> Phases:
        nothing = self.random.choice((None, 0, 5))
        return Phases(
            startup_ns=nothing,
            collection_ns=nothing,
            setup_ns=self.duration(),
            call_ns=0,
            teardown_ns=0,
            exit_ns=nothing,
        )


STRANGE = (
    {"contender": "nobody"},
    {"backend": "unheard-of"},
    {"variant": "odd"},
    {"copy": 1},
    {"dependency_set": "x"},
)


@st.composite
def journals(draw: st.DrawFn, *, blocks: int = BLOCKS) -> tuple[Manifest, list[Trial]]:
    """Draw a run whose journal is damaged in every way that a journal can be."""
    planned = draw(st.sampled_from(PLANS))
    drawn = [draw(rates) for _ in range(7)]
    damage = Damage(Random(draw(st.integers(0, 10**6))), drawn)
    trials = [trial for trial in WHOLE[planned.hash] if trial.block <= blocks]
    claims = CLAIMS if planned.frame.contenders[0].id == "sync" and len(planned.frame.contenders) > 2 else ""
    return a_manifest(planned, claims_text=claims), list(damage.spoil(trials))


def numbers(value: object) -> Iterator[float]:
    """Find every number in built-in values."""
    match value:
        case dict():
            for item in value.values():
                yield from numbers(item)
        case list() | tuple():
            for item in value:
                yield from numbers(item)
        case float():
            yield value


def speed_claims(analysis: Results) -> list[Verdict]:
    return [claim.verdict for claim in analysis.claims if claim.goal == "speed" and claim.kind == "faster"]


quickly = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


@quickly
@given(journals())
def test_analysis_never_fails_and_every_number_is_finite(run):
    found = msgspec.to_builtins(results_of(*run))
    assert all(math.isfinite(number) for number in numbers(found))
    assert json_bytes("analysis/1", found)


@quickly
@given(journals())
def test_a_comparison_says_something_only_of_enough_whole_blocks(run):
    analysis = results_of(*run)
    thin = [c for c in analysis.comparisons if c.estimate is not None and c.estimate.low is None]
    assert not [c for c in thin if c.verdict is not None and (c.verdict.is_different or c.verdict.is_resolved)]
    assert all(len(c.block_log_ratios) >= 6 for c in analysis.comparisons if c.estimate and c.estimate.low is not None)


@quickly
@given(journals())
def test_a_comparison_of_unequal_work_has_no_number(run):
    assert all(c.estimate is None for c in results_of(*run).comparisons if c.invalid_because)


@quickly
@given(journals(blocks=2))
def test_two_blocks_never_support_or_refute_that_one_is_faster(run):
    assert not set(speed_claims(results_of(*run))) & set(SAID)


@pytest.mark.parametrize(
    "planned", PLANS, ids=lambda planned: f"{planned.frame.profile}-{len(planned.frame.contenders)}"
)
def test_an_empty_journal_decides_nothing(planned):
    analysis = results_of(a_manifest(planned, claims_text=CLAIMS), [])
    assert not {claim.verdict for claim in analysis.claims if claim.kind not in COUNTED} & set(SAID)
    assert analysis.decision.decision == "undetermined"
    assert not analysis.invalid_because


@pytest.mark.parametrize("missing", ["sync", "async-function", "async-session"])
def test_a_contender_without_trials_is_neither_better_nor_worse(missing):
    trials = [trial for trial in WHOLE[JUDGED.hash] if trial.cell.contender != missing]
    analysis = results_of(a_manifest(JUDGED, claims_text=CLAIMS), trials)
    about = [claim for claim in analysis.claims if missing in (claim.subject, claim.rival)]
    assert about
    assert not [claim.id for claim in about if claim.verdict in SAID and claim.kind not in COUNTED]


def test_a_whole_journal_is_analysed_to_verdicts():
    analysis = results_of(a_manifest(JUDGED, claims_text=CLAIMS), WHOLE[JUDGED.hash])
    verdicts = {
        c.rival_contender: c.verdict for c in analysis.comparisons if c.metric == "wall" and c.backend == "sqlite"
    }
    assert verdicts["async-function"] == "materially slower"
    assert verdicts["async-session"] == "materially faster"
    assert verdicts["sync"] == "equivalent"


def test_the_same_journal_gives_the_same_analysis():
    manifest, trials = a_manifest(JUDGED, claims_text=CLAIMS), WHOLE[JUDGED.hash]
    assert results_of(manifest, trials) == results_of(manifest, list(trials))


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.PASSED])
def test_a_subject_whose_trials_failed_has_no_speed_to_claim(outcome):
    trials = [
        replace(trial, outcome=outcome) if trial.cell.contender == "sync" and trial.block == 3 else trial
        for trial in WHOLE[JUDGED.hash]
    ]
    analysis = results_of(a_manifest(JUDGED, claims_text=CLAIMS), trials)
    timed = [claim for claim in analysis.claims if claim.goal == "speed" and claim.subject == "sync"]
    assert timed
    assert not [claim.id for claim in timed if claim.verdict in SAID]
