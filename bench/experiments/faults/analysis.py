"""From witnesses and suites' runs to what each arm sees."""

from collections import Counter
from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.faults.blocks import AGAIN, CLEAN_RUNS, REPEATS, SUITES, WHOLE
from bench.experiments.faults.choosing import choice_of
from bench.experiments.faults.fault import LAYERS, SUITE
from bench.experiments.faults.finding import CleanRun, FaultsFinding
from bench.experiments.faults.predictions import checked_predictions, false_alarms
from bench.experiments.faults.proving import proved
from bench.experiments.faults.runs import CLEAN, FaultRun, fault_run
from bench.experiments.faults.sight import best_states, every_pairing, only_ones, seen_unlike, share
from bench.experiments.faults.states import kill_matrix, noise_of, sightings, without_noise
from bench.experiments.faults.study import NAME, Study
from bench.model import Trial


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> FaultsFinding:  # noqa: ARG001 - the shape of every analysis
    """Judge every run against its arm's run on the clean application; only proved faults count."""
    own = [trial for trial in trials if trial.experiment == NAME]
    proofs = tuple(proved(study, own))
    valid = {(proof.fault, proof.backend) for proof in proofs if proof.is_valid}
    ran = [trial for trial in own if "arm" in trial.spec.answers]
    runs = [fault_run(trial) for trial in ran]
    counted = [run for run in runs if run.fault == CLEAN or (run.fault, run.backend) in valid]
    heard = without_noise(counted, noise_of(counted))
    asked = [run for run in heard if run.block != WHOLE]
    seen, kills = sightings(asked), kill_matrix(asked)
    arms = tuple(studied.arm for studied in study.arms)
    best = best_states(seen)
    names = {fault for fault, _ in valid}
    bugs = tuple(fault for fault in study.faults if fault.id in names and not fault.is_control)
    controls = tuple(fault for fault in study.faults if fault.id in names and fault.is_control)
    repeated = _repeated(asked, seen_unlike(seen))
    kinds = ("all", *dict.fromkeys(fault.kind for fault in bugs))
    return FaultsFinding(
        title=study.title,
        faults=study.faults,
        arms=arms,
        proofs=proofs,
        clean=tuple(_clean(trial) for trial in ran if trial.spec.answers["fault"] == CLEAN),
        sightings=seen,
        kills=kills,
        shares=tuple(
            share(best, bugs, arm.id, layer=layer, kind=kind) for arm in arms for layer in LAYERS for kind in kinds
        ),
        pairings=every_pairing(best, bugs, arms),
        only_ones=only_ones(best, [bug for bug in bugs if bug.id in repeated], arms, layer=SUITE),
        predictions=checked_predictions(best, (*bugs, *controls), arms),
        false_alarms=false_alarms(kills, controls),
        repeated=repeated,
        sample_of=study.faults_in_set if study.is_sample else 0,
        choice=choice_of(
            [run for run in heard if run.block == SUITES],
            [run for run in heard if run.block == WHOLE],
            [run for run in counted if run.block == CLEAN_RUNS],
        ),
    )


def _repeated(runs: Sequence[FaultRun], unlike: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Name the faults whose last repeat ran in every arm of the first run, wherever arms do not see them alike."""
    first, last = (
        Counter((run.fault, run.backend) for run in runs if run.block == block)
        for block in (SUITES, REPEATS + AGAIN - 1)
    )
    unclear = {fault for fault, backend in unlike if last[fault, backend] < first[fault, backend]}
    return tuple(dict.fromkeys(fault for fault, _ in unlike if fault not in unclear))


def _clean(trial: Trial) -> CleanRun:
    run, entered = fault_run(trial), trial.facts.get("entered", {})
    return CleanRun(
        arm=run.arm,
        backend=run.backend,
        ending=run.ending,
        failing=tuple(failure.test for failure in run.failures),
        entered=tuple(sorted(entered.get("calls", ()))),
    )
