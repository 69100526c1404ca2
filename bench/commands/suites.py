"""`python -m bench suites`: every contender's suite once on every backend, without timing claims."""

import argparse

from bench.campaign import planning
from bench.campaign.plan import Plan
from bench.configuration import config
from bench.errors import ExitCode
from bench.model import BACKEND_TITLES, Outcome, Trial, TrialSpec
from bench.paired.equal_work import layer
from bench.running.preparation import prepared
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Run each suite once with its work counted and print a line for it; FAILED if one did not pass."""
    found = config.read(options.config).on(options.dependency_set)
    planned = planning.make(found, profile="full", seed=0, backends=options.backend, contenders=options.contender)
    trials = []
    with prepared(planned, found, database_url=options.database_url, notify=terminal.notice) as ready:
        for spec in _specifications(planned):
            trials.append(ready.runner(spec))
            terminal.result(_words(trials[-1]))
            if trials[-1].outcome is not Outcome.PASSED:
                terminal.result(trials[-1].message)
    terminal.document({"schema": "suites/1", "suites": [_document(trial) for trial in trials]})
    return ExitCode.JUDGED if all(trial.outcome is Outcome.PASSED for trial in trials) else ExitCode.FAILED


def _specifications(planned: Plan) -> list[TrialSpec]:
    return [
        TrialSpec(
            experiment="suites",
            cell=cell,
            block=0,
            position=0,
            warmup=True,
            counting=True,
            hash_seed=1,
            padding_bytes=0,
            arguments=planned.frame.contender(cell.contender).beside,
        )
        for backend in planned.frame.backends
        for cell in planned.frame.suites(backend)
    ]


def _words(trial: Trial) -> str:
    beside = _beside(trial)
    return (
        f"{trial.cell.contender:16} {BACKEND_TITLES[trial.cell.backend]:12} {trial.outcome.value}: "
        f"{len(trial.tests)} tests{f' ({beside} beside the twins)' if beside else ''}, "
        f"{_requests(trial)} requests, {trial.cpu_ns / 1e9:.1f} s of CPU time"
    )


def _document(trial: Trial) -> dict[str, object]:
    return {
        "cell": trial.cell.id,
        "outcome": trial.outcome.value,
        "tests": len(trial.tests),
        "beside": _beside(trial),
        "requests": _requests(trial),
        "cpu_ns": trial.cpu_ns,
        "wall_ns": trial.wall_ns,
        "message": trial.message,
    }


def _beside(trial: Trial) -> int:
    """Count the tests outside of the layers, where there are layers."""
    outside = sum(not layer(test.id) for test in trial.tests)
    return outside if outside < len(trial.tests) else 0


def _requests(trial: Trial) -> int:
    return sum(trial.facts.get("requests", {}).values())
