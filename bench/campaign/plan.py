"""What a campaign is going to do: decided, hashed and written down before the first trial."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import msgspec

from bench.configuration.config import Config
from bench.errors import ConfigurationError
from bench.model import BACKEND_TITLES, BACKENDS, Cell, Contender, Size, Variation
from bench.statistics import Looks
from bench.storage.files import json_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much to measure. `looks` are the numbers of blocks at which a verdict may be taken.

    `size` decides which contenders are compared without being named; with "full" nothing is left out. `attempts`
    and `factors` say whether the contenders' variations are tried once, and whether they are studied for their
    time. `flakiness_share` is the most of the budget that the hunt of flakes takes.
    """

    looks: tuple[int, ...]
    budget_seconds: float
    micro_processes: int = 0
    size: Size = "standard"
    attempts: bool = False
    factors: bool = False
    flakiness_share: float = 0.0


FACTORS = "factors"
FLAKINESS = "flakiness"
SIZES: tuple[Size, ...] = get_args(Size)
# Smoke proves that the pipeline works: its budget ends long before the 6 blocks of a 95 % interval.
PROFILES: Mapping[str, Profile] = {
    "smoke": Profile(looks=(6,), budget_seconds=80, micro_processes=1, size="smoke"),
    "quick": Profile(looks=(8,), budget_seconds=10 * 60, size="quick"),
    "standard": Profile(
        looks=(8, 16, 32),
        budget_seconds=15 * 60,
        micro_processes=1,
        attempts=True,
        flakiness_share=1 / 3,
    ),
    "full": Profile(
        looks=(8, 16, 32),
        budget_seconds=60 * 60,
        micro_processes=5,
        size="full",
        attempts=True,
        flakiness_share=1 / 3,
    ),
    FACTORS: Profile(looks=(8,), budget_seconds=30 * 60, size="full", factors=True),
    FLAKINESS: Profile(looks=(8,), budget_seconds=30 * 60, flakiness_share=1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which cells, how often, in which order (by seed), judged by which margins.

    With `factors` the contenders are not compared with one another, but each with its variations. `attempts`
    are tried once. Below the `size` "full" the A/A copy and the attempts are for the first backend alone, in
    "smoke" the micro-costs, too. `not_compared` says what this plan leaves out. `comparisons` is how many decide
    on one backend and are corrected together. `flakiness_seconds` is the most that the hunt of flakes takes. With
    `dependency_sets` every contender runs under each of them, the earlier set first; without, on its own.
    """

    seed: int
    profile: str
    baseline: str
    backends: tuple[str, ...]
    contenders: tuple[Contender, ...]
    looks: tuple[int, ...]
    budget_seconds: float
    micro: Contender | None
    micro_processes: int
    margin: float
    alpha: float
    timeout_seconds: int
    load_limit: float | None
    factors: tuple[Variation, ...] = ()
    attempts: tuple[Variation, ...] = ()
    size: Size = "full"
    not_compared: tuple[str, ...] = ()
    comparisons: int = 1
    flakiness_seconds: float = 0.0
    dependency_sets: tuple[str, ...] = ()
    has_copy: bool = True

    @property
    def hash(self) -> str:
        """Hash everything that shapes the trials; a run can only be resumed under the same plan."""
        return hashlib.sha256(json_bytes("plan/1", msgspec.to_builtins(self))).hexdigest()

    def cells(self, backend: str) -> tuple[Cell, ...]:
        """List the cells to time on `backend`: the baseline first, its A/A copy last.

        There are none in a factor study, and none where the whole budget is for the hunt of flakes. Of several
        dependency sets the first one has the copy.
        """
        if self.factors or self.only_hunts:
            return ()
        if len(self.dependency_sets) > 1:
            cells = [cell for view in self.views for cell in view.cells(backend)]
            return tuple(sorted(cells, key=lambda cell: cell.copy))
        suites = self.suites(backend)
        with_copy = self.has_copy and (self.size == "full" or backend == self.backends[0] or len(suites) == 1)
        copied = suites[:1] if with_copy else ()
        return (*suites, *(replace(cell, copy=1) for cell in copied))

    def suites(self, backend: str) -> tuple[Cell, ...]:
        """List the contenders as they are on `backend`, the baseline first, under one dependency set after the other.

        Where the baseline does not offer the backend, the first contender that does stands in for it.
        """
        if len(self.dependency_sets) > 1:
            return tuple(cell for view in self.views for cell in view.suites(backend))
        ordered = sorted(self.contenders, key=lambda contender: contender.id != self.baseline)
        offering = [self._under_the_set(contender) for contender in ordered if backend in contender.backends]
        return tuple(contender_cell(contender, backend) for contender in offering)

    @property
    def only_hunts(self) -> bool:
        """Tell whether the whole budget is for the hunt of flakes: then nothing is timed."""
        return self.flakiness_seconds >= self.budget_seconds

    @property
    def views(self) -> "tuple[Plan, ...]":
        """Give the plan as each of its dependency sets sees it: one ordinary plan per set, itself without any."""
        return tuple(
            replace(self, dependency_sets=(name,), has_copy=self.has_copy and place == 0)
            for place, name in enumerate(self.dependency_sets)
        ) or (self,)

    @property
    def rows(self) -> tuple[Contender, ...]:
        """List everything that trials can be made of: the contenders and the micro-benchmarks."""
        return self.contenders if self.micro is None else (*self.contenders, self.micro)

    def contender(self, name: str) -> Contender:
        """Give the contender called `name`."""
        return next(contender for contender in self.contenders if contender.id == name)

    def _under_the_set(self, contender: Contender) -> Contender:
        return replace(contender, dependency_set=self.dependency_sets[0]) if self.dependency_sets else contender


def make(
    config: Config,
    *,
    profile: str,
    seed: int,
    backends: Sequence[str] = (),
    contenders: Sequence[str] = (),
    budget_seconds: float | None = None,
    load_limit: float | None = None,
    looks: Sequence[int] | None = None,
    comparisons: int = 1,
    minimum_blocks: int = 0,
) -> Plan:
    """Make the plan for `config`; empty selections mean all. Raises ConfigurationError for unknown names.

    A look before `minimum_blocks` is not taken: the claims that decide would still be open.
    """
    if profile not in PROFILES:
        raise _unknown("profile", profile, PROFILES)
    for backend in backends:
        if backend not in BACKENDS:
            raise _unknown("backend", backend, BACKENDS)
    size = PROFILES[profile]
    chosen = _named(config, contenders, size) or _compared(config, size)
    offered = [backend for backend in BACKENDS if any(backend in contender.backends for contender in chosen)]
    measured = tuple(backend for backend in offered if not backends or backend in backends)
    if not measured:
        raise _unknown("backend for these contenders", ", ".join(backends), offered)
    planned = tuple(blocks for blocks in looks or size.looks if blocks >= minimum_blocks) or (minimum_blocks,)
    _check_looks(planned, alpha=config.alpha, profile=profile)
    return Plan(
        seed=seed,
        profile=profile,
        baseline=config.baseline if any(c.id == config.baseline for c in chosen) else chosen[0].id,
        backends=measured,
        contenders=chosen,
        looks=planned,
        # float: a plan read back from its manifest, where 75 has become 75.0, has the same hash
        budget_seconds=float(size.budget_seconds if budget_seconds is None else budget_seconds),
        micro=config.micro,
        micro_processes=size.micro_processes,
        margin=config.margin,
        alpha=config.alpha,
        timeout_seconds=config.timeout_seconds,
        load_limit=config.load_limit if load_limit is None else load_limit,
        factors=_of(config.factors, chosen) if size.factors else (),
        attempts=_of(config.attempts, chosen) if size.attempts and not contenders else (),
        size=size.size,
        not_compared=_left_out(config, chosen),
        comparisons=comparisons,
        flakiness_seconds=size.flakiness_share * (size.budget_seconds if budget_seconds is None else budget_seconds),
    )


def across(plan: Plan, dependency_sets: Sequence[str], *, flakiness_seconds: float) -> Plan:
    """Give the plan that runs the contenders under each of these sets, and nothing else beside the hunt of flakes."""
    return replace(
        plan,
        dependency_sets=tuple(dependency_sets),
        micro=None,
        micro_processes=0,
        attempts=(),
        flakiness_seconds=float(flakiness_seconds),
    )


def compared_on(contender: Contender, size: Size) -> tuple[str, ...]:
    """List the backends on which runs of this size compare the contender without being told to."""
    sizes = SIZES[: SIZES.index(size) + 1]
    return tuple(name for name in contender.backends if contender.compared_from.get(name, SIZES[0]) in sizes)


def variation_cell(variation: Variation, contender: Contender, backend: str) -> Cell:
    """Give the cell of a contender with one thing changed."""
    return replace(contender_cell(contender, backend), perturbation=variation.id)


def _named(config: Config, names: Sequence[str], size: Profile) -> tuple[Contender, ...]:
    """Give the named contenders as they are, or those that the factors vary; () where all are meant."""
    known = {contender.id: contender for contender in config.contenders}
    for name in names:
        if name not in known:
            raise _unknown("contender", name, known)
    varied = {factor.contender for factor in config.factors}
    if size.factors and not varied.intersection(names or varied):
        raise _no_factors(names, varied)
    wanted = set(names) or (varied if size.factors else ())
    return tuple(contender for contender in config.contenders if contender.id in wanted)


def _compared(config: Config, size: Profile) -> tuple[Contender, ...]:
    """Give the contenders that the profile compares by itself, each on the backends where it does."""
    rows = [replace(contender, backends=compared_on(contender, size.size)) for contender in config.contenders]
    return tuple(row for row in rows if row.backends) or config.contenders


def _left_out(config: Config, chosen: Sequence[Contender]) -> tuple[str, ...]:
    """Say which contenders are not compared, or on which backends."""
    taken = {contender.id: contender.backends for contender in chosen}
    missing = {
        row.id: [name for name in row.backends if name not in taken.get(row.id, ())] for row in config.contenders
    }
    return tuple(
        " and ".join(f"{name} on {BACKEND_TITLES[backend]}" for backend in backends) if name in taken else name
        for name, backends in missing.items()
        if backends
    )


def _of(variations: Sequence[Variation], chosen: Sequence[Contender]) -> tuple[Variation, ...]:
    names = {contender.id for contender in chosen}
    return tuple(variation for variation in variations if variation.contender in names)


def _no_factors(names: Sequence[str], varied: Collection[str]) -> ConfigurationError:
    return ConfigurationError(
        "there is no factor to study",
        cause=f"the factors change {', '.join(sorted(varied))}, not {', '.join(names)}"
        if varied
        else "the configuration has no table [tool.bench.factors.NAME]",
        hint='declare one: contender = "NAME" and the plugins, pytest_args or environment that it changes',
    )


def _check_looks(looks: Sequence[int], *, alpha: float, profile: str) -> None:
    """Raise ConfigurationError before anything is measured if the looks could never give an interval."""
    try:
        Looks(blocks=tuple(looks), alpha=alpha)
    except ValueError as error:
        raise ConfigurationError(
            f"alpha {alpha:g} is too small for the profile {profile!r}",
            cause=str(error),
            hint="set a larger alpha, or use a profile with more blocks",
        ) from error


def contender_cell(contender: Contender, backend: str, *, copy: int = 0) -> Cell:
    """Give the cell of a contender as it is, or of its A/A copy."""
    return Cell(contender=contender.id, dependency_set=contender.dependency_set or "own", backend=backend, copy=copy)


def _unknown(what: str, name: str, known: Mapping[str, object] | Sequence[str]) -> ConfigurationError:
    return ConfigurationError(
        f"unknown {what}: {name or 'none'}",
        cause=f"the configuration offers {', '.join(known)}",
        hint="python -m bench run --dry-run shows what would be measured",
    )
