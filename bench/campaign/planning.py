"""From a configuration and a profile to a plan."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.campaign.frame import Frame
from bench.campaign.plan import Plan
from bench.campaign.profiles import PROFILES, SIZES, Profile
from bench.claims import file as claims_file
from bench.claims.claim import Claim
from bench.configuration.config import Config
from bench.errors import ConfigurationError
from bench.experiments.contract import Request
from bench.experiments.registry import EXPERIMENTS
from bench.model import BACKEND_TITLES, BACKENDS, Contender, Size


def make(
    config: Config,
    *,
    profile: str,
    seed: int,
    backends: Sequence[str] = (),
    contenders: Sequence[str] = (),
    budget_seconds: float | None = None,
    load_limit: float | None = None,
    claims: Sequence[Claim] = (),
    looks: Sequence[int] = (),
    dependency_sets: Sequence[str] = (),
) -> Plan:
    """Make the plan for `config`; empty selections mean all. Raises ConfigurationError for unknown names.

    With `dependency_sets` every contender runs under each of them.
    """
    if profile not in PROFILES:
        raise _unknown("profile", profile, PROFILES)
    chosen = PROFILES[profile]
    frame = _frame(
        config,
        chosen,
        profile=profile,
        seed=seed,
        backends=backends,
        contenders=contenders,
        budget_seconds=chosen.budget_seconds if budget_seconds is None else budget_seconds,
        load_limit=config.load_limit if load_limit is None else load_limit,
        dependency_sets=dependency_sets,
    )
    request = Request(
        config=config,
        frame=frame,
        size=chosen.size,
        claims=tuple(claims),
        cores=os.cpu_count() or 1,
        comparisons=claims_file.largest_family(claims),
        is_named=bool(contenders),
        looks=tuple(looks) or chosen.looks,
    )
    return _planned(request, only=chosen.only)


def _planned(request: Request, *, only: Sequence[str]) -> Plan:
    """Ask every experiment what it plans; one that is asked for alone is told so, and the others too."""
    studies = {}
    for name, experiment in EXPERIMENTS.items():
        asked = replace(request, alone=len(only) == 1)
        study = experiment.plan(asked) if not only or name in only or not experiment.measures else None
        if study is not None:
            studies[name] = study
    reserved = sum(EXPERIMENTS[name].reserves(study) for name, study in studies.items())
    return Plan(frame=replace(request.frame, reserved_seconds=float(reserved)), studies=studies)


def _frame(
    config: Config,
    chosen: Profile,
    *,
    profile: str,
    seed: int,
    backends: Sequence[str],
    contenders: Sequence[str],
    budget_seconds: float,
    load_limit: float | None,
    dependency_sets: Sequence[str],
) -> Frame:
    for backend in backends:
        if backend not in BACKENDS:
            raise _unknown("backend", backend, BACKENDS)
    rows = _named(config, contenders) or _compared(config, chosen)
    offered = [backend for backend in BACKENDS if any(backend in row.backends for row in rows)]
    measured = tuple(backend for backend in offered if not backends or backend in backends)
    if not measured:
        raise _unknown("backend for these contenders", ", ".join(backends), offered)
    return Frame(
        seed=seed,
        profile=profile,
        baseline=config.baseline if any(row.id == config.baseline for row in rows) else rows[0].id,
        backends=measured,
        contenders=rows,
        budget_seconds=float(budget_seconds),
        margin=config.margin,
        alpha=config.alpha,
        timeout_seconds=config.timeout_seconds,
        load_limit=load_limit,
        not_compared=() if chosen.only else _left_out(config, rows),
        dependency_sets=tuple(dependency_sets),
    )


def compared_on(contender: Contender, size: Size) -> tuple[str, ...]:
    """List the backends on which runs of this size compare the contender without being told to."""
    sizes = SIZES[: SIZES.index(size) + 1]
    return tuple(name for name in contender.backends if contender.compared_from.get(name, SIZES[0]) in sizes)


def _named(config: Config, names: Sequence[str]) -> tuple[Contender, ...]:
    """Return the named contenders as they are; () where all are meant."""
    known = {contender.id: contender for contender in config.contenders}
    for name in names:
        if name not in known:
            raise _unknown("contender", name, known)
    return tuple(contender for contender in config.contenders if contender.id in names)


def _compared(config: Config, profile: Profile) -> tuple[Contender, ...]:
    """Return the contenders that the profile compares by itself, each on the backends where it does."""
    rows = [replace(contender, backends=compared_on(contender, profile.size)) for contender in config.contenders]
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


def _unknown(what: str, name: str, known: Mapping[str, object] | Sequence[str]) -> ConfigurationError:
    return ConfigurationError(
        f"unknown {what}: {name or 'none'}",
        cause=f"the configuration offers {', '.join(known)}",
        hint="python -m bench run --dry-run shows what would be measured",
    )
