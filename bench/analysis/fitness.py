"""Is the run fit for a verdict, what does the reader have to know beside it, and what was left out?"""

import statistics
from collections.abc import Sequence

from bench.campaign.plan import Plan
from bench.claims.file import Claim
from bench.experiments import speed
from bench.findings import ComparisonFinding
from bench.model import BACKEND_TITLES, Trial
from bench.paired.equal_work import are_twins, failed


def unfit_machine(
    plan: Plan, trials: Sequence[Trial], comparisons: Sequence[ComparisonFinding], *, cores: str
) -> tuple[str, ...]:
    """Say why no timing of the run counts: the A/A pair differs, or the machine was too loaded."""
    reasons = [
        f"the A/A check failed: {comparison.rival} differs from {comparison.baseline} in {comparison.metric} time, "
        "though they are the same thing"
        for comparison in comparisons
        if speed.noise_floor_differs(comparison)
    ]
    load, limit = _median_load(trials), load_limit(plan, cores=cores)
    if load is not None and load > limit:
        reasons.append(f"the median load was {load:.1f}, above the limit of {limit:g}")
    return tuple(reasons)


def failed_baselines(plan: Plan, trials: Sequence[Trial]) -> tuple[str, ...]:
    """Say which backend has nothing to compare to."""
    reasons = []
    for backend in plan.backends:
        cells = plan.cells(backend)
        bad = failed([trial for trial in trials if cells and trial.cell == cells[0]])
        if bad:
            reasons.append(f"the baseline {cells[0].id} did not pass ({bad[0].outcome.value}); nothing compares to it")
    return tuple(reasons)


def load_limit(plan: Plan, *, cores: str) -> float:
    """Give the highest fit load: the plan's, else the number of cores (a trial itself is a load of one)."""
    if plan.load_limit is not None:
        return plan.load_limit
    return max(2.0, float(cores)) if cores.isdigit() else 2.0


def warnings(trials: Sequence[Trial], comparisons: Sequence[ComparisonFinding]) -> tuple[str, ...]:
    """Collect what travels with the numbers: failed trials, wide noise floors, different HTTP libraries."""
    found = [f"{len(bad)} of {len(trials)} trials did not pass"] if (bad := failed(trials)) else []
    found += _wide_noise_floors(comparisons)
    libraries = {trial.facts.get("http_library") for trial in trials if trial.experiment == speed.NAME} - {None, ""}
    if len(libraries) > 1:
        found.append(f"the contenders used different HTTP libraries: {', '.join(sorted(map(str, libraries)))}")
    return tuple(found)


def _wide_noise_floors(comparisons: Sequence[ComparisonFinding]) -> list[str]:
    wide: dict[tuple[str, float], list[str]] = {}
    for comparison in comparisons:
        estimate = comparison.estimate
        if comparison.is_noise_floor and estimate is not None and estimate.low and estimate.high:
            reach = max(estimate.high, 1 / estimate.low) - 1
            if reach > comparison.margin:
                metrics = wide.setdefault((comparison.backend, comparison.margin), [])
                metrics.append(f"{reach * 100:.0f} % ({comparison.metric} time)")
    return [
        f"the noise floor on {BACKEND_TITLES[backend]} reaches {', '.join(metrics)}, "
        f"wider than the margin of {margin * 100:g} %"
        for (backend, margin), metrics in wide.items()
    ]


def left_out(plan: Plan, trials: Sequence[Trial], claims: Sequence[Claim]) -> tuple[str, ...]:
    """Say which parts of the report have nothing to show, and why."""
    found = []
    families = [contender for contender in plan.contenders if are_twins(contender, plan.contender(plan.baseline))]
    if len(families) < 2:
        found.append("single tests are not compared: no rival declares the same `twins` as the baseline")
    missing = sorted({backend for claim in claims for backend in claim.backends} - set(plan.backends))
    if missing:
        names = " and ".join(BACKEND_TITLES[backend] for backend in missing)
        found.append(f"claims on {names} are not weighed: the run did not include it")
    if plan.dependency_sets:
        found.append("micro-costs and attempts are not part of a re-validation, nor claims about contenders left out")
    elif plan.micro is None:
        found.append("micro-costs are not measured: the configuration has no [tool.bench.micro]")
    if not any(trial.facts.get("requests") for trial in trials):
        found.append("requests were not counted: the probe found no Starlette application to count at")
    if not plan.flakiness_seconds:
        found.append("flakes were not hunted: the profile keeps no part of its budget for it")
    if plan.backends == ("none",):
        found.append("no database was given: no contender names a backend")
    return tuple(found)


def _median_load(trials: Sequence[Trial]) -> float | None:
    loads = [trial.before.load_1min for trial in trials if trial.before.load_1min is not None]
    return statistics.median(loads) if loads else None
