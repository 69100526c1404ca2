"""A finished process with all that it left behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.model import ExecutedTest, Json, MachineReading
from bench.running.process import SubjectProcess


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A finished subject process with all that it left behind; `events` are what the probe wrote."""

    process: SubjectProcess
    started_unix_ns: int
    before: MachineReading
    after: MachineReading
    events: list[list[Json]]
    output: str
    stacks: str
    benchmarks: tuple[Mapping[str, Json], ...]
    result: Mapping[str, Json] | None = None

    @property
    def wall_ns(self) -> int:
        """Give the time from just before the start of the process to its end."""
        return self.process.ended_ns - self.process.started_ns

    @property
    def tests(self) -> tuple[ExecutedTest, ...]:
        """Give the tests that finished, in order."""
        return tuple(ExecutedTest(*event[1:6]) for event in self.all("test"))

    @property
    def session_status(self) -> int | None:
        """Give the exit status that pytest's session ended with, None when it never got to its end."""
        finish = self.last("finish")
        return None if finish is None else int(finish[2])

    @property
    def unfinished(self) -> str:
        """Name the test that was begun and not finished, '' when there is none."""
        latest = next((event for event in reversed(self.events) if event[0] in ("run", "test")), None)
        return str(latest[1]) if latest is not None and latest[0] == "run" else ""

    def all(self, kind: str) -> Iterator[list[Json]]:
        """Give the events of one kind."""
        return (event for event in self.events if event[0] == kind)

    def last(self, kind: str) -> list[Json] | None:
        """Give the last event of one kind."""
        return next((event for event in reversed(self.events) if event[0] == kind), None)
