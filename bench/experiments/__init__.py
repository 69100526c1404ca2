"""The experiments: each one module with a plan (what to run next) and an analysis (trials in, findings out).

An experiment's plan is a pure function of the campaign's plan and the trials so far. That is why a
killed campaign resumes where it was: the journal says what has been measured, the plan says the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bench.campaign.plan import Plan
from bench.experiments import attempts, factors, flakiness, micro, speed
from bench.model import Trial, TrialSpec


class NextBlock(Protocol):
    """Say which trials come next; () when the experiment is done or its budget is spent."""

    def __call__(self, plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
        """Return the whole next block, including trials that `trials` already holds."""
        ...


REGISTRY: Mapping[str, NextBlock] = {
    micro.NAME: micro.next_block,
    attempts.NAME: attempts.next_block,
    speed.NAME: speed.next_block,
    factors.NAME: factors.next_block,
    flakiness.NAME: flakiness.next_block,
}
