"""A subject process: in its own process group, timed, and never waited for without a deadline."""

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

DUMP_SECONDS = 2.0


class SubjectProcess:
    """A subject process in its own process group, timed from just before its start to its end."""

    usage: resource.struct_rusage
    ended_ns: int
    exit_code: int

    def __init__(self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: BinaryIO) -> None:
        """Start `command`; its output, both streams, goes to `output`."""
        self.hung = False
        self.timeout_seconds = 0.0
        self._ended = threading.Event()
        self.started_ns = time.monotonic_ns()
        self._popen = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self, timeout_seconds: float, *, dump: Path) -> None:
        """Wait for the end, or at the deadline ask for a stack dump and kill the whole group."""
        self.timeout_seconds = timeout_seconds
        deadline = threading.Timer(timeout_seconds, self._expire, args=(dump,))
        deadline.daemon = True
        deadline.start()
        try:
            self._reap()
        except BaseException:
            self._kill_group()
            with suppress(ChildProcessError):
                self._reap()
            raise
        finally:
            self._ended.set()
            deadline.cancel()
            deadline.join()
        self._kill_group()

    def _reap(self) -> None:
        # wait4, not Popen.wait: only it tells the child's own CPU time and peak memory.
        _, status, self.usage = os.wait4(self._popen.pid, 0)
        self.ended_ns = time.monotonic_ns()
        self.exit_code = self._popen.returncode = os.waitstatus_to_exitcode(status)

    def _expire(self, dump: Path) -> None:
        self.hung = True
        if dump.exists():  # the probe is armed; without it the signal would only kill
            with suppress(ProcessLookupError):
                os.kill(self._popen.pid, signal.SIGUSR1)
            self._ended.wait(DUMP_SECONDS)
        if not self._ended.is_set():  # the number of a process that ended may belong to another one by now
            self._kill_group()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
