"""Findings and results made of single parts: what a test does not state is empty."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bench.campaign.frame import Frame
from bench.campaign.plan import Plan
from bench.commands import judging
from bench.experiments.attempts.finding import AttemptsFinding
from bench.experiments.contract import Background
from bench.experiments.counting.finding import CountingFinding
from bench.experiments.factors.finding import FactorsFinding
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.micro.finding import MicroFinding
from bench.experiments.registry import EXPERIMENTS
from bench.experiments.reliability.finding import ReliabilityFinding
from bench.experiments.simplicity.finding import SimplicityFinding
from bench.experiments.speed.finding import SpeedFinding
from bench.findings import Findings, RunFinding, TrialPoint
from bench.flakiness.findings import FlakinessFinding
from bench.judgement.finding import Judgement
from bench.model import Cell, Trial, TrialSpec
from bench.results import Results
from bench.statistics import Looks
from bench.storage.run_folder import Manifest

LOOKS = Looks(blocks=(8, 16, 32), alpha=0.05, comparisons=2)
NO_FLAKES = FlakinessFinding(
    cells=(), flakes=(), clusters=(), comparisons=(), suite_trials=0, diagnosis_trials=0, seconds=0.0, warnings=()
)


def a_frame(**changes: Any) -> Frame:
    """Make a frame without contenders on SQLite."""
    fields = {
        "seed": 1,
        "profile": "standard",
        "baseline": "sync",
        "backends": ("sqlite",),
        "contenders": (),
        "budget_seconds": 900.0,
        "margin": 0.05,
        "alpha": 0.05,
        "timeout_seconds": 60,
        "load_limit": None,
    }
    return Frame(**fields | changes)


def a_run(**changes: Any) -> RunFinding:
    """Make a complete run."""
    fields = {
        "run_id": "20260101-000000-standard",
        "started": "2026-01-01T00:00:00+00:00",
        "status": "complete",
        "seed": 1,
        "profile": "standard",
        "harness_version": "0",
        "revision": "unknown",
        "plan_hash": "",
        "claims_hash": "",
        "amended_claims_hash": None,
        "trials": 0,
        "blocks": {},
        "measured_seconds": 0.0,
        "machine": {"cores": "2"},
        "dependency_sets": {},
        "packages": {},
        "commands": {},
    }
    return RunFinding(**fields | changes)


def findings_of(
    *,
    frame: Frame | None = None,
    run: RunFinding | None = None,
    trials: Sequence[TrialPoint] = (),
    looks: Looks = LOOKS,
    notices: Sequence[str] = (),
    **parts: Any,
) -> Findings:
    """Put parts together under the experiment that found each: cells, comparisons, failures, suites and so on."""
    return Findings(
        frame=frame or a_frame(),
        run=run or a_run(),
        trials=tuple(trials),
        by_experiment=_by_experiment(looks, parts),
        notices=tuple(notices),
    )


def _by_experiment(looks: Looks, parts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = parts.keys() - KNOWN
    assert not unknown, f"no experiment finds {unknown}"
    search, provoked = parts.get("flakiness"), parts.get("provoked", ())
    found = {
        "speed": SpeedFinding(
            looks=looks,
            cells=parts.get("cells", ()),
            comparisons=parts.get("comparisons", ()),
            twins=parts.get("twins", ()),
            layers=parts.get("layers", ()),
        ),
        "counting": CountingFinding(cells=parts.get("exercised", ())),
        "reliability": ReliabilityFinding(failures=parts.get("failures", ())),
        "simplicity": SimplicityFinding(suites=parts.get("suites", {})),
        "attempts": AttemptsFinding(attempts=parts.get("attempts", ())),
        "factors": FactorsFinding(looks=looks, factors=parts.get("factors", ()), noise_floor=()),
        "micro": MicroFinding(costs=parts.get("micro_costs", ()), failures=()),
    }
    if search is not None or provoked:
        found["flakiness"] = FlakeSearchFinding(search=search or NO_FLAKES, provoked=provoked)
    return found


KNOWN = {
    "cells",
    "comparisons",
    "twins",
    "layers",
    "exercised",
    "failures",
    "suites",
    "attempts",
    "factors",
    "micro_costs",
    "flakiness",
    "provoked",
}


JUDGED = ("decision", "goals", "claims", "invalid_because", "left_out", "warnings")


def altered(found: Results, **parts: Any) -> Results:
    """Return results with some parts exchanged: those of the judgement, of the run, or of what was found."""
    judged = {name: parts.pop(name) for name in JUDGED if name in parts}
    whole = {name: parts.pop(name) for name in ("run", "trials") if name in parts}
    kept = {name: getattr(found, name) for name in KNOWN}
    speed = found.findings.of(SpeedFinding)
    findings = replace(
        found.findings, by_experiment=_by_experiment(speed.looks if speed else LOOKS, kept | parts), **whole
    )
    return Results(findings=findings, judgement=replace(found.judgement, **judged))


def results_with(*, judged: Mapping[str, Any], **parts: Any) -> Results:
    """Put results together from parts that a test makes up."""
    nothing = {
        "decision": None,
        "goals": (),
        "claims": (),
        "invalid_because": (),
        "unfit_backends": {},
        "left_out": (),
        "warnings": (),
    }
    return Results(findings=findings_of(**parts), judgement=Judgement(**nothing | judged))


def results_of(manifest: Manifest, trials: Sequence[Trial], **options: Any) -> Results:
    """Judge a run as the report would."""
    return judging.judged(manifest, trials, **options).results


def next_block(plan: Plan, experiment: str, trials: Sequence[Trial] = ()) -> tuple[TrialSpec, ...]:
    """Return what an experiment of the plan wants next after these trials, () where it is not in the plan."""
    study = plan.studies.get(experiment)
    return () if study is None else EXPERIMENTS[experiment].session(plan.frame, study, trials).next_block()


def finding_of(plan: Plan, experiment: str, trials: Sequence[Trial], **background: Any) -> Any:
    """Return what one experiment of the plan finds in these trials, None where it is not in the plan."""
    study = plan.studies.get(experiment)
    if study is None:
        return None
    return EXPERIMENTS[experiment].analyse(plan.frame, study, trials, Background(**background))


def cells_of(plan: Plan, backend: str) -> tuple[Cell, ...]:
    """List the cells that a plan times on a backend."""
    study = plan.studies.get("speed")
    return study.cells(plan.frame, backend) if study else ()


def findings_of_run(manifest: Manifest, trials: Sequence[Trial], **options: Any) -> Findings:
    """Analyse a run without judging it."""
    return results_of(manifest, trials, **options)
