"""The harness on a pseudo-terminal, as a user has it before them."""

import fcntl
import os
import pty
import re
import struct
import termios
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.conftest import Project
from tests.faults.tiny_harness import start

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|9\d|4\d)(?:;\d+)*m")


# What would overrule the terminal of the test: its language, its colours, its size.
FOREIGN = ("LC_", "NO_COLOR", "COLUMNS", "LINES")


class Screen(NamedTuple):
    """What was written to the terminal, raw and without its control sequences."""

    code: int
    raw: str

    @property
    def lines(self) -> Sequence[str]:
        """Give all lines that were ever drawn, one by one."""
        # What was erased and drawn anew is two lines, wherever the terminal's reader cut them.
        return [CONTROL.sub("", line) for line in re.split(r"(?:[\r\n]|\x1b\[2K|\x1b\[1A)+", self.raw)]

    @property
    def text(self) -> str:
        """Give everything that was ever drawn."""
        return "\n".join(self.lines)

    @property
    def is_coloured(self) -> bool:
        """Tell whether anything has a colour."""
        return COLOUR.search(self.raw) is not None


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A suite of one quick test, in a folder of its own; it is compared with its copy."""
    made = Project(tmp_path)
    made.environment = {name: shown for name, shown in os.environ.items() if not name.startswith(FOREIGN)}
    made.environment |= {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    made.configure({"one/test_a.py": "def test_a(): pass"}, one={"directory": "one"})
    yield made
    made.end()


@pytest.fixture
def screen(project: Project) -> Callable[..., Screen]:
    """Run a command of the harness on a terminal: `screen("run", "--profile", "tiny", columns=40)`."""

    def screen(*arguments: str, columns: int = 100, code: int = 0, **environment: str) -> Screen:
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        written: list[bytes] = []
        reader = threading.Thread(target=_drain, args=(leader, written))
        reader.start()
        path = Path(os.ttyname(follower))
        process = start(project.arguments(*arguments), project.environment | environment, (path, path))
        process.join(120)
        os.close(follower)
        reader.join(10)
        os.close(leader)
        seen = Screen(process.exitcode, b"".join(written).decode("utf-8", errors="replace"))
        assert seen.code == code, seen.text
        return seen

    return screen


def _drain(leader: int, written: list[bytes]) -> None:
    while True:
        try:
            block = os.read(leader, 65_536)
        except OSError:  # Linux's way to say that the other side is closed
            return
        if not block:
            return
        written.append(block)
