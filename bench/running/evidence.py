"""What a finished subject process left behind, read into a trial."""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bench.model import FailedPhase, Json, Phases, Trial, TrialSpec
from bench.running import outcomes
from bench.running.ended import Ended

OUTPUT_LIMIT = 4000
STACKS_LIMIT = 16_000
PHASE_EVENTS = ("start", "collected", "finish")


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


def read_tail(path: Path, *, limit: int = OUTPUT_LIMIT) -> str:
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


def read_result(path: Path) -> Mapping[str, Json] | None:
    """Read the JSON object that a script wrote, None for anything else: JSON has no numbers that are not finite."""
    with suppress(OSError, ValueError):
        written = _storable(json.loads(path.read_bytes(), parse_constant=_refuse))
        return written if isinstance(written, dict) else None
    return None


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
    is_script = bool(spec.script)
    outcome = (outcomes.outcome_of_script if is_script else outcomes.outcome_of_suite)(ended)
    facts = _facts(ended)
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
        phases=_phases(ended),
        tests=ended.tests,
        before=ended.before,
        after=ended.after,
        message=outcomes.message(ended, outcome, script=is_script),
        facts=facts,
        benchmarks=ended.benchmarks,
        failures=tuple(FailedPhase(*event[1:6]) for event in ended.all("failure")),
        unfinished=ended.unfinished,
        result=ended.result,
    )


def _facts(ended: Ended) -> dict[str, Json]:
    """Join what the probe noted at the start, at the end and on the way; a perturbation notes what it found where."""
    start, finish = ended.last("start"), ended.last("finish")
    facts: dict[str, Json] = {**(start[2] if start else {}), **(finish[3] if finish else {})}
    for event in ended.all("note"):
        facts.setdefault(str(event[1]), []).append(event[2])
    if ended.tests:
        facts["outcomes"] = outcomes.tally(ended)
    notices = list(outcomes.notices(ended))
    return facts | ({"notices": notices} if notices else {})


def _phases(ended: Ended) -> Phases:
    start, collected, finish = (event[1] if event else None for event in map(ended.last, PHASE_EVENTS))
    tests = ended.tests
    return Phases(
        startup_ns=None if start is None else start - ended.process.started_ns,
        collection_ns=None if start is None or collected is None else collected - start,
        setup_ns=sum(test.setup_ns for test in tests),
        call_ns=sum(test.call_ns for test in tests),
        teardown_ns=sum(test.teardown_ns for test in tests),
        exit_ns=None if finish is None else ended.process.ended_ns - finish,
    )


def _rss_bytes(ended: Ended) -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return int(ended.process.usage.ru_maxrss) * unit
