"""From the trials of witnesses to proofs."""

from collections.abc import Iterator, Sequence

from bench.experiments.faults.fault import Fault
from bench.experiments.faults.study import NAME, Study
from bench.experiments.faults.witnessing import Proof, Sight, WitnessRun, prove
from bench.model import Outcome, Trial


def proved(study: Study, trials: Sequence[Trial]) -> Iterator[Proof]:
    """Yield a proof for each fault on each backend whose witness has looked, or that cannot be put in place."""
    looked = [trial for trial in trials if trial.experiment == NAME and "witness" in trial.spec.answers]
    clean = {_key(trial): _run(trial) for trial in looked if not trial.spec.answers["fault"]}
    faulty = {(trial.spec.answers["fault"], trial.cell.backend): _run(trial) for trial in looked}
    for backend in dict.fromkeys(trial.cell.backend for trial in looked):
        for fault in study.on(backend):
            proof = _proof(study, fault, backend, clean=clean.get((fault.witness, backend)), faulty=faulty)
            if proof is not None:
                yield proof


def _proof(
    study: Study,
    fault: Fault,
    backend: str,
    *,
    clean: WitnessRun | None,
    faulty: dict[tuple[str, str], WitnessRun],
) -> Proof | None:
    why_not = study.patches[fault.id].why_not
    if why_not:
        return prove(fault, backend, clean=clean, faulty=why_not)
    own = faulty.get((fault.id, backend))
    return None if own is None else prove(fault, backend, clean=clean, faulty=own)


def _key(trial: Trial) -> tuple[str, str]:
    return trial.spec.answers["witness"], trial.cell.backend


def _run(trial: Trial) -> WitnessRun:
    """Read what a witness said; one that hung or died said nothing."""
    sight, message = Sight.ERROR, trial.message
    if trial.outcome is Outcome.HUNG:
        sight = Sight.TIMED_OUT
    elif trial.outcome is Outcome.PASSED and isinstance(trial.result, dict):
        said = str(trial.result.get("outcome"))
        if said in list(Sight):
            sight, message = Sight(said), str(trial.result.get("message", ""))
    return WitnessRun(
        witness=trial.spec.answers["witness"],
        backend=trial.cell.backend,
        fault=trial.spec.answers["fault"],
        sight=sight,
        message=message,
    )
