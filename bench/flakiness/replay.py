"""Commands that show a flake again, proved by running them."""

import math
import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.flakiness.conditions import Circumstances
from bench.flakiness.contrast import FIRST_CONTROLS, MOST_CONTROLS, Contrast
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import failed
from bench.flakiness.specification import applied
from bench.flakiness.verdict import Replay
from bench.model import Trial

MOST_ATTEMPTS = 60


def prove(
    notebook: Notebook, test: str, circumstances: Circumstances, *, attempts: int = 1, alone: bool = False
) -> Steps[Replay]:
    """Run the replay ten times, or until nine failures are out of reach.

    `alone` runs one at a time: where the load of the machine could decide, and where attempts end at a failure.
    """
    proof = Replay(circumstances=notebook.as_run(circumstances), attempts=attempts, failures=0, runs=0)
    while proof.may_be_proven:
        if attempts == 1 and not alone:
            trials = yield from notebook.run_all([circumstances] * min(notebook.jobs, proof.missing))
            proof = proof.with_runs([failed(trial, test) is True for trial in trials])
        else:
            proof = yield from _attempted(notebook, test, proof, circumstances)
    return proof


def _attempted(notebook: Notebook, test: str, proof: Replay, circumstances: Circumstances) -> Steps[Replay]:
    """Run one process after the other until the test fails, at most as many as the replay has attempts."""
    runs, bad = 0, False
    while runs < proof.attempts and not bad:
        trial = yield from notebook.run(circumstances)
        runs, bad = runs + 1, failed(trial, test) is True
    return replace(
        proof,
        runs=proof.runs + 1,
        failures=proof.failures + bad,
        single_runs=proof.single_runs + runs,
        single_failures=proof.single_failures + bad,
    )


def contrast(
    notebook: Notebook, test: str, proof: Replay, control: Circumstances, *, cause: str, alone: bool = False
) -> Steps[Contrast]:
    """Run the control four times, and up to ten times where that does not show a difference but still could."""
    found = Contrast(
        cause=cause,
        failures=proof.single_failures,
        runs=proof.single_runs,
        without_failures=0,
        without_runs=0,
    )
    return (
        yield from controlled(notebook, found, control, shows=lambda trial: failed(trial, test) is True, alone=alone)
    )


def controlled(
    notebook: Notebook, found: Contrast, control: Circumstances, *, shows: Callable[[Trial], bool], alone: bool = False
) -> Steps[Contrast]:
    """Run a control until the contrast is shown or cannot be any more."""
    while found.without_runs < FIRST_CONTROLS or (not found.is_shown and found.may_be_shown):
        count = 1 if alone else min(notebook.jobs, MOST_CONTROLS - found.without_runs)
        trials = yield from notebook.run_all([control] * count)
        bad = sum(map(shows, trials))
        found = replace(
            found, without_failures=found.without_failures + bad, without_runs=found.without_runs + len(trials)
        )
    return found


def attempts_for(rate: float) -> int | None:
    """Return how many attempts fail at least once in 98 of 100 cases; None if that takes too many."""
    if rate <= 0:
        return None
    needed = 1 if rate >= 1 else math.ceil(math.log(0.02) / math.log(1 - rate))
    return needed if needed <= MOST_ATTEMPTS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """How a suite is run by hand: what a replay command is made of."""

    python: str
    directory: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    probe: str

    def command(self, replay: Replay) -> str:
        """Write the shell command; it exits with pytest's own failure code when the flake shows."""
        needs = applied(replay.circumstances)
        settings = {
            **self.environment,
            **needs.environment,
            "PYTHONPATH": os.pathsep.join(filter(None, [self.probe, self.environment.get("PYTHONPATH", "")])),
            "PYTHONHASHSEED": str(replay.circumstances.hash_seed),
        }
        elsewhere = self.directory not in ("", ".")
        filled = {"scratch": "$(mktemp -d)", "project": '"$OLDPWD"' if elsewhere else '"$PWD"'}
        words = [f"{name}={_quoted(text, filled)}" for name, text in sorted(settings.items())]
        words += [shlex.quote(self.python), "-m", "pytest", "-p", "no:cacheprovider"]
        words += [part for plugin in needs.plugins for part in ("-p", plugin)]
        words += [_quoted(argument, filled) for argument in self.arguments]
        once = " ".join(words)
        if replay.attempts > 1:
            once = f"(for attempt in $(seq {replay.attempts}); do {once} || exit; done)"
        return f"cd {shlex.quote(self.directory)} && {once}" if elsewhere else once


def relative(path: Path, *, start: Path) -> str:
    """Write a path as it is reached from `start`: what is printed holds nothing of the machine's folders."""
    return os.path.relpath(path, start)


def words(replay: Replay) -> str:
    """Say how often the command showed the flake."""
    attempts = f" (up to {replay.attempts} attempts each)" if replay.attempts > 1 else ""
    return f"failed {replay.failures} of {replay.runs} times{attempts}"


def _quoted(text: str, filled: Mapping[str, str]) -> str:
    """Quote for the shell, but let it fill in names in braces, as `{scratch}`, with what stands for them."""
    *parts, last = re.split(f"{{({'|'.join(filled)})}}", text)
    plain, names = (*parts[::2], last), parts[1::2]
    quoted = [shlex.quote(piece) if piece or not names else "" for piece in plain]
    return "".join(part for pair in zip(quoted, (*(filled[name] for name in names), ""), strict=True) for part in pair)


def shown(tests: Sequence[str]) -> str:
    """List tests for a sentence."""
    return ", then ".join(tests)
