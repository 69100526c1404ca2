"""What the clients showed beside a real server."""

from dataclasses import dataclass

from bench.experiments.fidelity.awaits import Awaits
from bench.experiments.fidelity.mirror import Mirror, Turned


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFidelity:
    """The tables of one dependency set; None for one that could not be made."""

    dependency_set: str
    mirror: Mirror | None
    awaits: Awaits | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FidelityFinding:
    """The tables of every dependency set, the earlier set first, what an upgrade turned, and what could not be made."""

    sets: tuple[SetFidelity, ...]
    turned: tuple[Turned, ...]
    failures: tuple[str, ...]

    @property
    def latest(self) -> SetFidelity | None:
        """Return the tables of the last set, which the claims are about."""
        return self.sets[-1] if self.sets else None
