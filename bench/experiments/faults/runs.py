"""Runs of a suite against one copy of the application: the material of every verdict."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from bench.experiments.faults.fault import Layer
from bench.model import Outcome, Trial

CLEAN: Final = ""
"""What stands for the fault in a run of the unchanged application."""

LayerOf = Callable[[str], Layer]

WARNINGS: Final = re.compile(r"\b(?!ResourceWarning)\w*Warning\b")
TIMEOUTS: Final = re.compile(
    r"^(\w+\.)*(TimeoutError|ReadTimeout|PoolTimeout|ConnectTimeout|TimeoutExpired|WouldBlock)\b|Timeout >"
)


class Ending(StrEnum):
    """How one run of a suite ended."""

    FINISHED = "finished"
    TIMED_OUT = "timed out"
    DIED = "died"
    BROKE_COLLECTION = "broke collection"
    NOT_RUN = "not run"


_ENDINGS = {
    Outcome.PASSED: Ending.FINISHED,
    Outcome.FAILED: Ending.FINISHED,
    Outcome.HUNG: Ending.TIMED_OUT,
    Outcome.KILLED: Ending.DIED,
    Outcome.CRASHED: Ending.DIED,
    Outcome.COLLECTION_ERROR: Ending.BROKE_COLLECTION,
    Outcome.USAGE_ERROR: Ending.BROKE_COLLECTION,
    Outcome.NO_TESTS: Ending.BROKE_COLLECTION,
}


class Reason(StrEnum):
    """What a suite noticed a fault by."""

    ASSERTION = "assertion"
    ERROR = "error"
    WARNING = "warning"
    RESOURCE = "resource"
    TIMEOUT = "timeout"
    DEATH = "death of the process"
    COLLECTION = "collection"
    ORACLE = "oracle"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFailure:
    """One test that failed, with the first thing it failed by."""

    test: str
    message: str

    @property
    def reason(self) -> Reason:
        """Read the reason out of the message of the crash."""
        return reason_of(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleFinding:
    """What an oracle found after a test; `test` is "" where it could not be told which."""

    test: str
    oracle: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRun:
    """One run: a fault, or CLEAN, in an arm on a backend, in a block of the study.

    `tests` were executed to their end. `unfinished` is the test during which the process hung or died.
    `message` says why nothing was run, or why collection broke.
    """

    fault: str
    arm: str
    backend: str
    block: int
    ending: Ending
    tests: tuple[str, ...] = ()
    failures: tuple[TestFailure, ...] = ()
    findings: tuple[OracleFinding, ...] = ()
    unfinished: str = ""
    message: str = ""


def fault_run(trial: Trial) -> FaultRun:
    """Read what became of a suite on a copy of the application; where the fault was not in place, nothing was run."""
    spec = trial.spec
    run = FaultRun(
        fault=str(spec.answers["fault"]),
        arm=str(spec.answers["arm"]),
        backend=trial.cell.backend,
        block=trial.block,
        ending=_ENDINGS[trial.outcome],
        message=trial.message,
    )
    if late := trial.facts.get("not_exchanged"):
        why_not = f"{', '.join(late)} was imported before the fault could be put in its place"
        return replace(run, ending=Ending.NOT_RUN, message=why_not)
    first_of = {failure.id: failure.message for failure in reversed(trial.failures)}
    unread = [test.id for test in trial.tests if test.outcome in ("failed", "error") and test.id not in first_of]
    return replace(
        run,
        tests=tuple(test.id for test in trial.tests),
        failures=tuple(
            TestFailure(test=test, message=message) for test, message in (*first_of.items(), *((t, "") for t in unread))
        ),
        findings=tuple(
            OracleFinding(test=test, oracle=oracle, message=message)
            for test, oracle, message in trial.facts.get("oracle", ())
        ),
        unfinished=trial.unfinished if trial.outcome in (Outcome.HUNG, Outcome.KILLED, Outcome.CRASHED) else "",
    )


def reason_of(message: str) -> Reason:
    """Classify the message of a crash as pytest shows it: the first line names the exception unless it is `assert`."""
    first = message.strip().splitlines()[0] if message.strip() else ""
    if first.startswith(("assert ", "AssertionError", "Failed: DID NOT", "assert\n")):
        return Reason.ASSERTION
    if "ResourceWarning" in message or "PytestUnhandledThread" in first:
        return Reason.RESOURCE
    if WARNINGS.search(first.partition(":")[0]) or "was never awaited" in message:
        return Reason.WARNING
    if TIMEOUTS.search(first):
        return Reason.TIMEOUT
    return Reason.ERROR


def layer_by_folder(test: str) -> Layer:
    """Return the layer of a test by the folder that it is in: flows, concurrency, or else a twin."""
    folders = PurePosixPath(test.partition("::")[0]).parts[:-1]
    if "concurrency" in folders:
        return Layer.CONCURRENCY
    return Layer.FLOWS if "flows" in folders else Layer.TWINS


def every_test_is_a_twin(_: str) -> Layer:
    """Return the only layer of a suite that has no others."""
    return Layer.TWINS
