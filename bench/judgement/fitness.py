"""Is the run fit for a verdict, what does the reader have to know beside it, and what was left out?"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench import text
from bench.claims.claim import Claim
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.micro.finding import MicroFinding
from bench.experiments.reliability.finding import ReliabilityFinding
from bench.experiments.speed.finding import CellFinding, SpeedFinding
from bench.findings import Findings, TrialPoint
from bench.model import BACKEND_TITLES, on_backend
from bench.paired.comparing import noise_floor_differs
from bench.paired.equal_work import are_twins
from bench.paired.finding import ComparisonFinding

MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """Why timings do not count: the machine everywhere, A/A copies that differ and failed baselines by backend."""

    machine: tuple[str, ...]
    copies: Mapping[str, tuple[str, ...]]
    baselines: Mapping[str, tuple[str, ...]]

    @property
    def by_backend(self) -> Mapping[str, tuple[str, ...]]:
        """Return all reasons of each backend."""
        return {name: (*self.machine, *self.copies[name], *self.baselines[name]) for name in self.baselines}

    @property
    def without_baselines(self) -> "Fitness":
        """Return what holds whatever the baselines did."""
        return replace(self, baselines=dict.fromkeys(self.baselines, ()))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the reasons for which nothing of the run counts: all its backends are unfit."""
        found = self.by_backend
        if not found or not all(found.values()):
            return ()
        return tuple(dict.fromkeys(reason for reasons in found.values() for reason in reasons))


def fitness(findings: Findings) -> Fitness:
    """Judge machine and backends by load and steal, by the A/A pairs and by whether the baselines passed.

    An A/A pair that differs, or a baseline that failed, voids the timings of its backend and leaves the others.
    """
    backends = findings.frame.backends
    return Fitness(
        machine=(*_overloaded(findings), *_stolen(findings)),
        copies={backend: _different_copies(findings, backend) for backend in backends},
        baselines={backend: _failed_baseline(findings, backend) for backend in backends},
    )


def comparisons(findings: Findings) -> tuple[ComparisonFinding, ...]:
    """Collect the comparisons of all experiments that made them."""
    found = findings.by_experiment.values()
    return tuple(comparison for each in found for comparison in getattr(each, "comparisons", ()))


def broken_suites(findings: Findings) -> dict[str, str]:
    """Map "contender@backend" to the first message, for suites that never passed."""
    found = findings.of(ReliabilityFinding)
    return {
        f"{each.contender}@{each.backend}": each.first_message.removeprefix("E  ").strip()
        for each in (found.failures if found else ())
        if each.failed == each.trials > 0
    }


def load_limit(findings: Findings) -> float:
    """Return the highest fit load: the plan's, else the number of cores (a trial itself is a load of one)."""
    if findings.frame.load_limit is not None:
        return findings.frame.load_limit
    cores = findings.run.machine.get("cores", "")
    return max(2.0, float(cores)) if cores.isdigit() else 2.0


def warnings(findings: Findings) -> tuple[str, ...]:
    """Collect what travels with the numbers: failed trials, wide noise floors, different HTTP libraries."""
    expected = [trial for trial in findings.trials if not trial.may_fail]
    bad = [trial for trial in expected if not trial.as_ever]
    found = [f"{len(bad)} of {len(expected)} trials did not pass"] if bad else []
    found += wide_noise_floors(comparisons(findings))
    speed, micro = findings.of(SpeedFinding), findings.of(MicroFinding)
    found += list(
        dict.fromkeys(_always_failing(cell) for cell in (speed.cells if speed else ()) if cell.always_failing)
    )
    libraries = {cell.facts.get("http_library") for cell in (speed.cells if speed else ())} - {None, ""}
    if len(libraries) > 1:
        found.append(f"the contenders used different HTTP libraries: {', '.join(sorted(map(str, libraries)))}")
    found += [f"the analysis of {name} failed: {why}" for name, why in findings.failed_analyses.items()]
    found += [
        f"the timings{on_backend(backend)} do not count: {reason}"
        for backend, reasons in partly_unfit(findings).items()
        for reason in reasons
    ]
    return (*found, *(micro.failures if micro else ()))


def _always_failing(cell: CellFinding) -> str:
    names = [text.shorten(name) for name in cell.always_failing[:MOST_NAMES]]
    more = len(cell.always_failing) - MOST_NAMES
    listed = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    one = len(cell.always_failing) == 1
    tests = f"{text.count(len(cell.always_failing), 'test')} {'fails' if one else 'fail'}"
    return f"{tests} in every trial of {cell.contender} and {'is' if one else 'are'} timed with the rest: {listed}"


def partly_unfit(findings: Findings) -> Mapping[str, tuple[str, ...]]:
    """Return the unfit backends where others are fit; a run of which nothing counts says so at its head."""
    fit = fitness(findings)
    return {} if fit.reasons else {name: reasons for name, reasons in fit.by_backend.items() if reasons}


def _overloaded(findings: Findings) -> tuple[str, ...]:
    load, limit = _median_load(findings.trials), load_limit(findings)
    if load is None or load <= limit:
        return ()
    return (f"the median load was {load:.1f}, above the limit of {limit:g}",)


def _stolen(findings: Findings) -> tuple[str, ...]:
    """Refuse timings where the host gave more of the processors' time to others than the margin that decides."""
    shares = [point.stolen_share for point in findings.trials if point.timed and point.stolen_share is not None]
    share, limit = statistics.fmean(shares) if shares else 0.0, findings.frame.margin
    if share <= limit:
        return ()
    return (
        f"the host gave {share * 100:.1f} % of the processors' time to others (steal), more than {limit * 100:g} %",
    )


def _median_load(trials: Sequence[TrialPoint]) -> float | None:
    loads = [trial.load_1min for trial in trials if trial.load_1min is not None and not trial.may_fail]
    return statistics.median(loads) if loads else None


def _different_copies(findings: Findings, backend: str) -> tuple[str, ...]:
    return tuple(
        f"the A/A check failed: {found.rival} differs from {found.baseline} in {found.metric} time, "
        "though they are the same thing"
        for found in comparisons(findings)
        if found.backend == backend and found.metric == "wall" and noise_floor_differs(found)
    )


def _failed_baseline(findings: Findings, backend: str) -> tuple[str, ...]:
    baselines = {found.baseline for found in comparisons(findings) if found.backend == backend}
    bad = [trial for trial in findings.trials if trial.cell in baselines and not trial.may_fail and not trial.as_ever]
    return tuple(
        f"the baseline {trial.cell} did not pass ({trial.outcome}); nothing compares to it" for trial in bad[:1]
    )


def wide_noise_floors(found: Sequence[ComparisonFinding]) -> list[str]:
    """Say once per backend where an A/A interval reaches beyond the margin, with every metric that is wide."""
    wide: dict[tuple[str, float], list[str]] = {}
    for comparison in found:
        estimate = comparison.estimate
        if comparison.is_noise_floor and estimate is not None and estimate.low and estimate.high:
            reach = max(estimate.high, 1 / estimate.low) - 1
            if reach > comparison.margin:
                metrics = wide.setdefault((comparison.backend, comparison.margin), [])
                metrics.append(f"{reach * 100:.0f} % ({comparison.metric} time)")
    return [
        f"the noise floor{on_backend(backend)} reaches {', '.join(metrics)}, "
        f"wider than the margin of {margin * 100:g} %"
        for (backend, margin), metrics in wide.items()
    ]


def left_out(findings: Findings, claims: Sequence[Claim]) -> tuple[str, ...]:
    """Say which parts of the report have nothing to show, and why."""
    frame, speed = findings.frame, findings.of(SpeedFinding)
    found = []
    baseline = frame.contender(frame.baseline)
    if sum(are_twins(contender, baseline) for contender in frame.contenders) < 2:
        found.append("single tests are not compared: no rival declares the same `twins` as the baseline")
    if not claims:
        found.append("no claim is weighed: none was written down for this run")
    missing = sorted({backend for claim in claims for backend in claim.backends} - set(frame.backends))
    if missing:
        names = text.listing([BACKEND_TITLES[backend] for backend in missing])
        found.append(f"claims on {names} are not weighed: the run did not include it")
    if frame.dependency_sets:
        found.append("micro-costs and attempts are not part of a re-validation, nor claims about contenders left out")
    elif findings.of(MicroFinding) is None:
        found.append("micro-costs are not measured: the profile or the configuration asks for none")
    if not any(cell.facts.get("requests") for cell in (speed.cells if speed else ())):
        found.append("requests were not counted: the probe found no Starlette application to count at")
    if findings.of(FlakeSearchFinding) is None:
        found.append("flakes were not searched for: the profile keeps no part of its budget for it")
    if frame.backends == ("none",):
        found.append("no database was given: no contender names a backend")
    return tuple(found)
