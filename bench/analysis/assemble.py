"""Put the findings of all experiments together, weigh the claims and decide."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bench import decision, text, verdicts
from bench.analysis import cells, exercised, failures, fitness, goals, tests
from bench.campaign.plan import Plan
from bench.claims import file as claims
from bench.claims.file import Claim
from bench.experiments import attempts, factors, flakiness, micro, speed
from bench.findings import Analysis, ComparisonFinding, RunFinding
from bench.model import Trial
from bench.paired.blocks import timed
from bench.statistics import Interval, median_interval
from bench.storage.run_folder import Manifest


def analyse(
    manifest: Manifest,
    trials: Sequence[Trial],
    *,
    claims_text: str | None = None,
    notices: Sequence[str] = (),
    noise_floor: Sequence[ComparisonFinding] = (),
    unfit_machine: Sequence[str] | None = None,
) -> Analysis:
    """Analyse a run from its manifest and its trials, and from nothing else.

    Of a part of a run, such as one of its dependency sets, the whole run knows the `noise_floor` that the part has
    no copy for, and whether the machine was fit.

    The claims are those of the manifest, written down before the first trial. Other `claims_text` is an
    amendment: it is weighed, and marked with both hashes.
    """
    plan = manifest.plan
    amended = claims_text is not None and claims.hash_of(claims_text) != manifest.claims_hash
    weighed_text = claims_text if amended and claims_text is not None else manifest.claims_text
    comparisons = (*speed.compare(plan, trials), *factors.noise_floor(plan, trials), *noise_floor)
    measured = cells.cells(plan, trials)
    layers = tests.layers(plan, trials)
    # An attempt may fail, and tells its own story; so does a trial that provokes flakes, and it loads the machine.
    expected = [trial for trial in trials if trial.experiment not in (attempts.NAME, flakiness.NAME)]
    if unfit_machine is None:
        unfit_machine = fitness.unfit_machine(plan, expected, comparisons, cores=manifest.machine.get("cores", ""))
    unfit = (*unfit_machine, *fitness.failed_baselines(plan, expected))
    failed = failures.failures(plan, trials)
    tried = attempts.findings(plan, trials)
    varied = factors.findings(plan, trials)
    worked = exercised.findings(plan, trials)
    provoked = failures.provoked(plan, trials)
    flakes = flakiness.findings(plan, trials, earlier=manifest.earlier_trials.counts, probe=manifest.probe)
    parsed = _weighable(plan, claims.parse(weighed_text, source="the claims"))
    weighed = verdicts.weigh(
        parsed,
        verdicts.Evidence(
            backends=plan.backends,
            comparisons=comparisons,
            cells=measured,
            layers=layers,
            failures=failed,
            suites=manifest.suites,
            suite_intervals=_suite_intervals(manifest, trials),
            exercised=worked,
            attempts=tried,
            factors=varied,
            unfit_because=unfit,
            looks=speed.looks(plan),
            provoked=provoked,
            flakiness=flakes,
        ),
    )
    return Analysis(
        run=_run(manifest, trials, amended_hash=claims.hash_of(weighed_text) if amended else None),
        decision=decision.decide(weighed),
        goals=goals.lines(weighed, comparisons, varied),
        claims=weighed,
        cells=measured,
        comparisons=comparisons,
        trials=cells.points(plan, expected),
        twins=tests.twins(plan, trials),
        layers=layers,
        failures=failed,
        suites=manifest.suites,
        micro_costs=micro.costs(trials),
        invalid_because=unfit,
        left_out=fitness.left_out(plan, trials, parsed),
        warnings=(
            *notices,
            *_damaged(manifest.earlier_trials.damaged),
            *_amendment(amended=amended),
            *fitness.warnings(expected, comparisons),
            *micro.failures(trials),
        ),
        exercised=worked,
        attempts=tried,
        factors=varied,
        provoked=provoked,
        flakiness=flakes,
    )


def _damaged(lines: int) -> tuple[str, ...]:
    said = f"{text.count(lines, 'damaged line')} of the ledger of flakes could not be read; bounds do without"
    return (said,) if lines else ()


def _weighable(plan: Plan, stated: Sequence[Claim]) -> Sequence[Claim]:
    """Leave out, where two dependency sets are compared, the claims about contenders that are not."""
    known = {None, *(contender.id for contender in plan.contenders)}
    return [claim for claim in stated if {claim.subject, claim.rival} <= known] if plan.dependency_sets else stated


def _amendment(*, amended: bool) -> tuple[str, ...]:
    return ("the claims were amended after the data existed; both hashes stand under the run",) if amended else ()


def _suite_intervals(manifest: Manifest, trials: Sequence[Trial]) -> dict[str, Interval | None]:
    own = [trial for trial in trials if trial.experiment == speed.NAME]
    found: dict[str, Interval | None] = {}
    for cell in [cell for backend in manifest.plan.backends for cell in manifest.plan.cells(backend)]:
        walls = [trial.wall_ns for trial in timed(own, cell)]
        found[cell.id] = median_interval(walls) if walls else None
    return found


def _run(manifest: Manifest, trials: Sequence[Trial], *, amended_hash: str | None) -> RunFinding:
    plan = manifest.plan
    return RunFinding(
        run_id=manifest.run_id,
        started=manifest.started,
        status=manifest.status,
        seed=plan.seed,
        profile=plan.profile,
        harness_version=manifest.harness_version,
        revision=manifest.revision,
        plan_hash=manifest.plan_hash,
        claims_hash=manifest.claims_hash,
        amended_claims_hash=amended_hash,
        trials=len(trials),
        blocks={backend: _timed_blocks(trials, backend) for backend in plan.backends},
        measured_seconds=round(sum(trial.wall_ns for trial in trials) / 1e9, 1),
        noise_floor_history=manifest.noise_floor.words(),
        machine=manifest.machine,
        dependency_sets={name: found.sha256 for name, found in manifest.dependency_sets.items()},
        packages={name: found.packages for name, found in manifest.dependency_sets.items()},
        commands=_commands(manifest),
    )


def _timed_blocks(trials: Sequence[Trial], backend: str) -> int:
    return max((t.block for t in trials if t.experiment in cells.TIMED and t.cell.backend == backend), default=0)


def _commands(manifest: Manifest) -> Mapping[str, str]:
    plan = manifest.plan
    day = datetime.fromisoformat(manifest.started).astimezone(UTC).date()
    select = "".join(f" --backend {backend}" for backend in plan.backends)
    record = manifest.revalidation
    session = "bench --" if record is None else f"revalidate -- --from {record.before} --to {record.after}"
    return {
        f"the same schedule again (first measured {day})": (
            f"nox -s {session} --profile {plan.profile} --seed {plan.seed}{select}"
        ),
        "this page again, without measuring": f"python -m bench report {manifest.run_id}",
        "one claim, down to its blocks": f"python -m bench explain CLAIM --run {manifest.run_id}",
        "every number of this page": f"reports/{manifest.run_id}/analysis.json",
        "every trial": f"reports/{manifest.run_id}/trials.jsonl",
    } | {
        f"the suite of {contender.id}, by hand": (
            f"nox -s suites -- --contender {contender.id}"
            if contender.dependency_set
            else _by_hand(contender.pytest_args)
        )
        for contender in plan.contenders
    }


def _by_hand(arguments: Sequence[str]) -> str:
    return " ".join(["python -m pytest", *arguments])
