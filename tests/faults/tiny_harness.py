"""The real harness as a process of its own, forked from one that has its imports done, which saves seconds.

It knows one more profile, `tiny`, in which a whole run takes seconds. Three blocks can give an interval only
for an alpha as large as the projects of these tests declare.
"""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench import cli
from bench.campaign.profiles import PROFILES, Profile

TINY = Profile(size="smoke", budget_seconds=600, looks=(3,))
TRIALS_OF_ONE_CONTENDER = 1 + 3 * 4
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


class Harness:
    """A running harness; its output goes to two files."""

    def __init__(
        self, arguments: Sequence[str], *, environment: Mapping[str, str], output: Path, largest_file: int | None = None
    ) -> None:
        self._streams = (output.with_suffix(".out"), output.with_suffix(".err"))
        self._process = start(arguments, environment, self._streams, largest_file=largest_file)

    @property
    def code(self) -> int | None:
        """Give the exit code, negative for a signal, or None while it runs."""
        return self._process.exitcode

    @property
    def out(self) -> str:
        """Give what was written to stdout so far."""
        return self._streams[0].read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """Give what was written to stderr so far."""
        return self._streams[1].read_text(encoding="utf-8")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the harness alone, as `kill` does."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def wait(self, seconds: float = 120) -> int:
        """Wait for the end and give the exit code."""
        self._process.join(seconds)
        assert self.code is not None, "the harness does not end"
        return self.code

    def kill(self) -> None:
        """End the harness as `kill -9` does, and wait until it is gone."""
        self._process.kill()
        self._process.join()


def start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    streams: Sequence[Path],
    *,
    largest_file: int | None = None,
) -> BaseProcess:
    """Start the harness with stdout and stderr in these two files, which may be terminals."""
    process = FORKS.Process(target=_main, args=(arguments, dict(environment), streams, largest_file))
    process.start()
    return process


def _main(
    arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[Path], largest_file: int | None
) -> None:
    for number, path in enumerate(streams, 1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts us in the background has it ignored
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    PROFILES["tiny"] = TINY
    sys.exit(cli.main(arguments))
