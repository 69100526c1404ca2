"""What all experiments of a campaign share: contenders, backends, seed, budget and margins."""

from dataclasses import dataclass, replace

from bench.model import Cell, Contender, contender_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of the machines that measure a plan together: its number, from 1, and how many there are."""

    number: int
    of: int

    def takes(self, index: int) -> bool:
        """Tell whether an item is this machine's; items, counted from 0, are dealt out in turn."""
        return index % self.of == self.number - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of the plan that belongs to no experiment.

    With `dependency_sets` every contender runs under each of them, the earlier set first; without, under the one of its
    row. `not_compared` lists what this campaign leaves out. `reserved_seconds` of the budget are for experiments that
    follow the timing: once every backend has had its first verdict, the timing leaves them alone. `shard` is the part
    of the plan that this machine measures, None where it measures all.
    """

    seed: int
    profile: str
    baseline: str
    backends: tuple[str, ...]
    contenders: tuple[Contender, ...]
    budget_seconds: float
    margin: float
    alpha: float
    timeout_seconds: int
    load_limit: float | None
    dependency_sets: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    reserved_seconds: float = 0.0
    shard: Shard | None = None

    def contender(self, name: str) -> Contender:
        """Return the contender called `name`."""
        return next(contender for contender in self.contenders if contender.id == name)

    def suites(self, backend: str) -> tuple[Cell, ...]:
        """List the contenders on `backend`, the baseline first, under one dependency set after the other.

        Where the baseline does not offer the backend, the first contender that does takes its place.
        """
        if len(self.dependency_sets) > 1:
            return tuple(cell for view in self.views for cell in view.suites(backend))
        ordered = sorted(self.contenders, key=lambda contender: contender.id != self.baseline)
        offering = [self._under_the_set(contender) for contender in ordered if backend in contender.backends]
        return tuple(contender_cell(contender, backend) for contender in offering)

    @property
    def views(self) -> "tuple[Frame, ...]":
        """Return one frame per dependency set, each with that set alone; the frame itself without any."""
        return tuple(self.under(name) for name in self.dependency_sets) or (self,)

    def under(self, dependency_set: str) -> "Frame":
        """Return the frame as it is under one dependency set."""
        return replace(self, dependency_sets=(dependency_set,))

    def _under_the_set(self, contender: Contender) -> Contender:
        return replace(contender, dependency_set=self.dependency_sets[0]) if self.dependency_sets else contender
