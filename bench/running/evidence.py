"""What a finished subject process left behind, read into a trial."""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.model import ExecutedTest, FailedPhase, Json, MachineReading, Outcome, Phases, Trial, TrialSpec
from bench.running.process import SubjectProcess

MESSAGE_LIMIT = 4000
STACKS_LIMIT = 16_000
NAME_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A finished subject process with all that it left behind."""

    process: SubjectProcess
    started_unix_ns: int
    before: MachineReading
    after: MachineReading
    events: list[list[Json]]
    output: str
    stacks: str
    benchmarks: tuple[Mapping[str, Json], ...]

    @property
    def wall_ns(self) -> int:
        """Give the time from just before the start of the process to its end."""
        return self.process.ended_ns - self.process.started_ns


def read_events(path: Path) -> list[list[Json]]:
    """Read the probe's events; a line cut off by the death of the process is dropped."""
    if not path.exists():
        return []
    events = []
    for line in path.read_bytes().splitlines():
        with suppress(ValueError):
            event = _storable(json.loads(line))
            if isinstance(event, list) and event:
                events.append(event)
    return events


def read_tail(path: Path, *, limit: int = MESSAGE_LIMIT) -> str:
    """Read the last bytes of a text file, '' when there is none."""
    if not path.exists():
        return ""
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - limit))
        return file.read().decode("utf-8", errors="backslashreplace").strip()


def read_benchmarks(path: Path) -> tuple[Mapping[str, Json], ...]:
    """Keep of pytest-benchmark's file what analysis needs, in seconds as that library gives them.

    A file cut off by the death of the process gives nothing, and neither does a number that is not finite.
    """
    if not path.exists():
        return ()
    kept = ("min", "max", "median", "iqr", "rounds", "iterations")
    with suppress(ValueError, LookupError, TypeError):
        return tuple(
            {
                "name": row["name"],
                "group": row["group"] or "",
                "extra": row["extra_info"],
                "stats": {key: row["stats"][key] for key in kept},
            }
            for row in _storable(json.loads(path.read_bytes(), parse_constant=_refuse))["benchmarks"]
        )
    return ()


def _storable(json_value: Json) -> Json:
    """Write lone surrogates, which test names and messages may hold but no UTF-8 file can, as escapes."""
    match json_value:
        case str():
            return json_value.encode(errors="backslashreplace").decode()
        case list():
            return [_storable(item) for item in json_value]
        case dict():
            return {_storable(key): _storable(item) for key, item in json_value.items()}
        case _:
            return json_value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no measurement")


def trial_of(spec: TrialSpec, ended: Ended, *, overhead_ns: int) -> Trial:
    """Turn what is known of the process into the trial that the journal keeps."""
    found = {str(event[0]): event for event in ended.events if event[0] in ("start", "collected", "finish")}
    tests = tuple(ExecutedTest(*event[1:6]) for event in ended.events if event[0] == "test")
    outcome = _outcome(ended, found, tests)
    facts = {**found.get("start", ["", 0, {}])[2], **(found["finish"][3] if "finish" in found else {})}
    for event in ended.events:
        if event[0] == "note":  # of a condition: what it found in which test
            facts.setdefault(str(event[1]), []).append(event[2])
    peak = facts.pop("peak_rss_bytes", None) or _rss_bytes(ended)
    exit_code = ended.process.exit_code
    return Trial(
        spec=spec,
        outcome=outcome,
        exit_code=exit_code if exit_code >= 0 else None,
        signal=-exit_code if exit_code < 0 else None,
        started_unix_ns=ended.started_unix_ns,
        wall_ns=ended.wall_ns,
        cpu_user_ns=round(ended.process.usage.ru_utime * 1e9),
        cpu_system_ns=round(ended.process.usage.ru_stime * 1e9),
        peak_rss_bytes=peak,
        overhead_ns=overhead_ns,
        phases=_phases(ended, found, tests),
        tests=tests,
        before=ended.before,
        after=ended.after,
        message="" if outcome is Outcome.PASSED else _message(ended),
        facts=facts,
        benchmarks=ended.benchmarks,
        failures=tuple(FailedPhase(*event[1:6]) for event in ended.events if event[0] == "failure"),
        unfinished=_unfinished(ended.events),
    )


def _outcome(ended: Ended, found: Mapping[str, list[Json]], tests: tuple[ExecutedTest, ...]) -> Outcome:
    exit_code = ended.process.exit_code
    if ended.process.hung:
        return Outcome.HUNG
    if exit_code < 0:
        return Outcome.KILLED
    if exit_code == 4 and not any(event[0] == "run" for event in ended.events):
        return Outcome.USAGE_ERROR
    if "finish" not in found:
        return Outcome.CRASHED
    return _outcome_of_finished(exit_code, found["finish"][2], tests)


def _outcome_of_finished(exit_code: int, session_status: int, tests: tuple[ExecutedTest, ...]) -> Outcome:
    """Judge a session that reached its end; a zero exit code that hides failures (`os._exit` at exit) is no pass."""
    good = exit_code == 0 == session_status and not any(test.outcome in ("failed", "error") for test in tests)
    if not tests and (good or 5 in (exit_code, session_status)):
        return Outcome.NO_TESTS
    if good:
        return Outcome.PASSED
    return Outcome.FAILED if tests else Outcome.COLLECTION_ERROR


def _unfinished(events: list[list[Json]]) -> str:
    """Name the test that was begun and not finished, '' when there is none."""
    last = next((event for event in reversed(events) if event[0] in ("run", "test")), None)
    return str(last[1]) if last is not None and last[0] == "run" else ""


def _phases(ended: Ended, found: Mapping[str, list[Json]], tests: tuple[ExecutedTest, ...]) -> Phases:
    start, collected, finish = (found[name][1] if name in found else None for name in ("start", "collected", "finish"))
    return Phases(
        startup_ns=None if start is None else start - ended.process.started_ns,
        collection_ns=None if start is None or collected is None else collected - start,
        setup_ns=sum(test.setup_ns for test in tests),
        call_ns=sum(test.call_ns for test in tests),
        teardown_ns=sum(test.teardown_ns for test in tests),
        exit_ns=None if finish is None else ended.process.ended_ns - finish,
    )


def _message(ended: Ended) -> str:
    """Say what went wrong: the first errors the probe saw, or the last test begun and the output's end.

    What hangs is told by its last test and the stacks, whatever failed before.
    """
    errors = [f"{event[1]}\n{event[2]}" for event in ended.events if event[0] == "error"]
    begun = [f"last test begun: {event[1]}"[:NAME_LIMIT] for event in ended.events if event[0] == "run"]
    if ended.process.hung:
        return "\n\n".join(filter(None, [*begun[-1:], ended.stacks or ended.output]))
    return "\n\n".join(filter(None, errors[:3] or [*begun[-1:], ended.output]))[: NAME_LIMIT + MESSAGE_LIMIT]


def _rss_bytes(ended: Ended) -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return int(ended.process.usage.ru_maxrss) * unit
