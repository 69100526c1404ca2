"""From a manifest and its trials to findings: every experiment of the plan is asked for what its trials say."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bench import text
from bench.campaign.frame import Frame
from bench.campaign.plan import Plan
from bench.claims import file as claims_file
from bench.experiments.contract import Background
from bench.experiments.registry import EXPERIMENTS, is_timing
from bench.findings import Findings, RunFinding, TrialPoint
from bench.model import Contender, Trial, spent_seconds
from bench.paired.steady import is_as_ever, steadily_failing
from bench.storage.run_folder import Manifest, ShardRecord

TICKS_PER_SECOND = 100
"""Of the counters in /proc/stat, on every Linux (USER_HZ)."""


def analyse(
    manifest: Manifest,
    trials: Sequence[Trial],
    *,
    plan: Plan | None = None,
    claims_text: str | None = None,
    notices: Sequence[str] = (),
) -> Findings:
    """Return the findings of a run, from its manifest and its trials and from nothing else.

    `plan` is the run's, or what one of its dependency sets sees of it; then the other set's trials are passed over.
    `claims_text` that differs from the manifest's is an amendment, which the findings say.
    """
    plan = plan or manifest.plan
    background = Background(earlier_trials=manifest.earlier_trials.counts, probe=manifest.probe)
    seen = [trial for trial in trials if _is_seen(trial, plan.frame)]
    by_experiment: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for name, study in plan.studies.items():
        try:
            by_experiment[name] = EXPERIMENTS[name].analyse(plan.frame, study, seen, background)
        except Exception as error:  # noqa: BLE001 - an analysis that raises becomes a line of the report, not a lost report
            failed[name] = f"{type(error).__name__}: {error}"
    cores = int(manifest.machine.get("cores", "")) if manifest.machine.get("cores", "").isdigit() else 1
    amended = claims_text is not None and claims_file.hash_of(claims_text) != manifest.claims_hash
    return Findings(
        frame=plan.frame,
        run=_run(manifest, trials, amended=claims_file.hash_of(claims_text or "") if amended else None),
        trials=tuple(_points(plan.frame, seen, cores)),
        by_experiment=by_experiment,
        failed_analyses=failed,
        notices=(*notices, *_damaged(manifest.earlier_trials.damaged), *_amendment(amended=amended)),
    )


def _is_seen(trial: Trial, frame: Frame) -> bool:
    return not frame.dependency_sets or trial.cell.dependency_set in frame.dependency_sets


def _damaged(lines: int) -> tuple[str, ...]:
    said = f"{text.count(lines, 'damaged line')} of the ledger of flakes could not be read; bounds do without"
    return (said,) if lines else ()


def _amendment(*, amended: bool) -> tuple[str, ...]:
    return ("the claims were amended after the data existed; both hashes are listed under the run",) if amended else ()


def _points(frame: Frame, seen: Sequence[Trial], cores: int) -> Iterator[TrialPoint]:
    timing = [trial for trial in seen if is_timing(trial.experiment)]
    always = {cell: steadily_failing(timing, cell) for cell in {trial.cell for trial in timing}}
    for order, trial in enumerate(seen):
        as_ever = is_as_ever(trial, always.get(trial.cell, frozenset()))
        yield _point(order, frame, trial, cores, as_ever=as_ever)


def _point(order: int, frame: Frame, trial: Trial, cores: int, *, as_ever: bool) -> TrialPoint:
    contender = next((known for known in frame.contenders if known.id == trial.cell.contender), None)
    timing = is_timing(trial.experiment)
    counts = timing and not trial.warmup and not trial.counting and as_ever
    return TrialPoint(
        order=order,
        started_unix_ns=trial.started_unix_ns,
        experiment=trial.experiment,
        cell=trial.cell.id,
        contender=trial.cell.contender,
        style="other" if contender is None else contender.style,
        backend=trial.cell.backend,
        block=trial.block,
        warmup=trial.warmup,
        timed=counts,
        may_fail=not timing,
        outcome=trial.outcome.value,
        as_ever=as_ever,
        wall_ns=trial.wall_ns,
        cpu_ns=trial.cpu_ns,
        load_1min=trial.before.load_1min,
        stolen_share=_stolen_share(trial, cores),
        message=trial.message,
    )


def _stolen_share(trial: Trial, cores: int) -> float | None:
    before, after = trial.before.steal_ticks, trial.after.steal_ticks
    if before is None or after is None or not trial.wall_ns:
        return None
    return max(0, after - before) / TICKS_PER_SECOND / (cores * trial.wall_ns / 1e9)


def _run(manifest: Manifest, trials: Sequence[Trial], *, amended: str | None) -> RunFinding:
    frame = manifest.plan.frame
    return RunFinding(
        run_id=manifest.run_id,
        started=manifest.started,
        status=manifest.status,
        seed=frame.seed,
        profile=frame.profile,
        harness_version=manifest.harness_version,
        revision=manifest.revision,
        plan_hash=manifest.plan_hash,
        claims_hash=manifest.claims_hash,
        amended_claims_hash=amended,
        trials=len(trials),
        blocks={backend: _timed_blocks(trials, backend) for backend in frame.backends},
        measured_seconds=round(spent_seconds(trials), 1),
        noise_floor_history=manifest.noise_floor.words(),
        machine={**manifest.machine, **{f"machine {each.number}": _machine(each) for each in manifest.shards}},
        dependency_sets={name: found.sha256 for name, found in manifest.dependency_sets.items()},
        packages={name: found.packages for name, found in manifest.dependency_sets.items()},
        commands=dict(_commands(manifest)),
    )


def _machine(shard: ShardRecord) -> str:
    """Say what a machine of a sharded run is, and how much it measured."""
    return ", ".join([*map(str, shard.machine.values()), text.count(shard.trials, "trial")])


def _timed_blocks(trials: Sequence[Trial], backend: str) -> int:
    return max((t.block for t in trials if is_timing(t.experiment) and t.cell.backend == backend), default=0)


def _commands(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield what reproduces the run, by label."""
    day = datetime.fromisoformat(manifest.started).astimezone(UTC).date()
    yield f"the same schedule again (first measured {day})", manifest.command or _command(manifest)
    yield "this page again, without measuring", f"{manifest.program} report {manifest.run_id}"
    if manifest.revalidation is not None:
        record = manifest.revalidation
        locks = [f"reports/{manifest.run_id}/locks/{name}.txt" for name in (record.before, record.after)]
        yield "which package changed it", f"{manifest.program} blame --from {locks[0]} --to {locks[1]}"
    if manifest.claims_text:
        yield "one claim, down to its blocks", f"{manifest.program} explain CLAIM --run {manifest.run_id}"
    yield "every number of this page", f"reports/{manifest.run_id}/analysis.json"
    yield "every trial", f"reports/{manifest.run_id}/trials.jsonl"
    for contender in manifest.plan.frame.contenders:
        own = contender.dependency_set
        command = f"nox -s suites -- --contender {contender.id}" if own else _by_hand(contender)
        yield f"the suite of {contender.id}, by hand", command


def _by_hand(contender: Contender) -> str:
    """Write the command of a suite for a shell: its folder, its variables, its interpreter, its arguments.

    Placeholders stay: they stand for what each trial gets of its own.
    """
    words = [
        *(f"{n}={'...' if text.is_secret(n) else shlex.quote(value)}" for n, value in contender.environment.items()),
        shlex.join([contender.python or "python", "-m", "pytest", *contender.pytest_args]),
    ]
    parts = [
        f"cd {shlex.quote(contender.directory)}" if contender.directory != "." else "",
        contender.before,
        " ".join(words),
    ]
    return " && ".join(filter(None, parts))


def _command(manifest: Manifest) -> str:
    """Put together a command for a run whose manifest does not hold the one it was begun with."""
    frame, record = manifest.plan.frame, manifest.revalidation
    select = "".join(f" --backend {backend}" for backend in frame.backends)
    session = "bench --" if record is None else f"revalidate -- --from {record.before} --to {record.after}"
    return f"nox -s {session} --profile {frame.profile} --seed {frame.seed}{select}"
