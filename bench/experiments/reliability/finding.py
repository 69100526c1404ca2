"""How often trials failed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureFinding:
    """How often a contender's trials failed on a backend, every timing trial counted, the A/A copy's too.

    Where it tells of trials under conditions that provoke flakes, `failed` counts those that showed one, in blocks
    that every contender finished: all met the same conditions equally often.

    `upper_bound` is the exact one-sided 95 % bound of the share of failing runs (Clopper-Pearson);
    `loop_errors` counts the trials whose failure speaks of event loops or greenlets.
    """

    contender: str
    backend: str
    trials: int
    failed: int
    upper_bound: float
    loop_errors: int
    first_message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityFinding:
    """Failed trials of each contender on each backend."""

    failures: tuple[FailureFinding, ...]

    def of(self, contender: str | None, backend: str) -> FailureFinding | None:
        """Find how often a contender's trials failed on a backend."""
        return next((f for f in self.failures if (f.contender, f.backend) == (contender, backend)), None)
