"""Does a contender's suite still work with one thing changed?

The plan: each declared attempt once per backend, or on the first backend alone where the plan is not full, with
its work counted and its time of no interest. The analysis: whether every test passed, and which did not. A
failing attempt is an answer, not a defect of the run.
"""

from collections.abc import Sequence

from bench.campaign.plan import Plan, variation_cell
from bench.findings import AttemptFinding
from bench.model import Outcome, Trial, TrialSpec, Variation
from bench.paired.equal_work import twin_id
from bench.statistics import draw_block

NAME = "attempts"


def next_block(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
    """Return the attempts of the next backend; () when all were made or none is planned."""
    measured = {trial.key for trial in trials if trial.experiment == NAME}
    for backend in plan.backends:
        block = tuple(
            _spec(plan, attempt, backend, position) for position, attempt in enumerate(_offered(plan, backend))
        )
        if not all(spec.key in measured for spec in block):
            return block
    return ()


def findings(plan: Plan, trials: Sequence[Trial]) -> tuple[AttemptFinding, ...]:
    """Tell of each attempt how it ended."""
    known = {attempt.id: attempt for attempt in plan.attempts}
    return tuple(
        _finding(known[trial.cell.perturbation], trial)
        for trial in trials
        if trial.experiment == NAME and trial.cell.perturbation in known
    )


def _offered(plan: Plan, backend: str) -> tuple[Variation, ...]:
    if plan.size != "full" and backend != plan.backends[0]:
        return ()
    return tuple(attempt for attempt in plan.attempts if backend in plan.contender(attempt.contender).backends)


def _spec(plan: Plan, attempt: Variation, backend: str, position: int) -> TrialSpec:
    cell = variation_cell(attempt, plan.contender(attempt.contender), backend)
    draw = draw_block((cell,), seed=plan.seed, group=f"{NAME}/{backend}", index=position)
    return TrialSpec(
        experiment=NAME,
        cell=cell,
        block=0,
        position=position,
        warmup=True,
        hash_seed=draw.hash_seed,
        padding_bytes=draw.padding_bytes,
        counting=True,
        arguments=attempt.pytest_args,
        environment=attempt.environment,
    )


def _finding(attempt: Variation, trial: Trial) -> AttemptFinding:
    bad = [test.id for test in trial.tests if test.outcome in ("failed", "error")]
    return AttemptFinding(
        attempt=attempt.id,
        title=attempt.title,
        contender=attempt.contender,
        backend=trial.cell.backend,
        outcome=trial.outcome.value,
        passed=trial.outcome is Outcome.PASSED,
        tests=len(trial.tests),
        failed_tests=tuple(sorted(twin_id(test) for test in bad)),
        first_message=trial.message[:500],
    )
