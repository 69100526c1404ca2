"""A run as tidy pandas frames: a row for each trial, test, request and micro-benchmark, with the trial's conditions.

Tidy data: one row for one observation, one column for one variable (H. Wickham 2014, "Tidy Data", Journal of
Statistical Software 59(10)). Times are whole nanoseconds, sizes bytes; what is not known is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from bench.model import Outcome, Trial

WHERE: Final[Mapping[str, tuple[str, str]]] = {
    "trial": ("int64", "number of the trial in the journal, from 0"),
    "experiment": ("str", "the experiment that asked for the trial"),
    "contender": ("str", "id of the contender"),
    "variant": ("str", "what was changed in the contender, empty for nothing"),
    "dependency_set": ("str", "name of the dependency set"),
    "backend": ("str", "sqlite, postgresql or none"),
    "copy": ("int64", "1 for the A/A copy of a baseline, else 0"),
    "block": ("int64", "number of the block, 0 for the warm one"),
    "position": ("int64", "place of the trial in its block, from 0"),
}
COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "trials": {
        **WHERE,
        "warmup": ("bool", "whether the trial belongs to the warm block"),
        "counting": ("bool", "whether work was counted, which makes its time meaningless"),
        "timed": ("bool", "whether its time may be compared: passed, neither warm nor counting"),
        "outcome": ("str", "how the trial ended"),
        "exit_code": ("Int64", "exit status of the process"),
        "started_unix_ns": ("int64", "start, nanoseconds since 1970"),
        "wall_ns": ("int64", "wall time of the process, nanoseconds"),
        "cpu_user_ns": ("int64", "CPU time in user mode, nanoseconds"),
        "cpu_system_ns": ("int64", "CPU time in the kernel, nanoseconds"),
        "peak_rss_bytes": ("int64", "largest resident set, bytes"),
        "overhead_ns": ("int64", "time of the harness for the trial, nanoseconds"),
        "startup_ns": ("Int64", "from the start of the process to pytest, nanoseconds"),
        "collection_ns": ("Int64", "collection, nanoseconds"),
        "setup_ns": ("int64", "set-up of all tests, nanoseconds"),
        "call_ns": ("int64", "calls of all tests, nanoseconds"),
        "teardown_ns": ("int64", "tear-down of all tests, nanoseconds"),
        "exit_ns": ("Int64", "from the last test to the end of the process, nanoseconds"),
        "tests": ("int64", "tests that ran to their end"),
        "hash_seed": ("int64", "PYTHONHASHSEED"),
        "padding_bytes": ("int64", "bytes of padding in the environment, drawn for the trial"),
        "load_1min": ("Float64", "load average of the machine before the trial"),
        "steal_ticks": ("Int64", "hundredths of a second that the host gave to others during the trial"),
    },
    "tests": {
        **WHERE,
        "test": ("str", "pytest's id of the test"),
        "outcome": ("str", "passed, failed, error, skipped, xfailed or xpassed"),
        "setup_ns": ("int64", "set-up, nanoseconds"),
        "call_ns": ("int64", "call, nanoseconds"),
        "teardown_ns": ("int64", "tear-down, nanoseconds"),
    },
    "requests": {
        **WHERE,
        "method": ("str", "HTTP method"),
        "route": ("str", "route of the application"),
        "status": ("str", "status of the response"),
        "requests": ("int64", "how many requests of the trial were answered so"),
    },
    "micro": {
        **WHERE,
        "group": ("str", "group of the micro-benchmark"),
        "name": ("str", "name of the micro-benchmark"),
        "title": ("str", "what it measures"),
        "style": ("str", "sync, async or other"),
        "median_ns": ("float64", "median over the rounds of the process, nanoseconds"),
        "rounds": ("int64", "rounds of the process"),
    },
    "flakes": {
        "test": ("str", "pytest's id of the test"),
        "cell": ("str", "contender@backend/dependency set"),
        "contender": ("str", "id of the contender"),
        "backend": ("str", "sqlite, postgresql or none"),
        "flake_class": ("str", "what the outcome depends on"),
        "role": ("str", "victim or brittle, for order-dependent tests"),
        "cluster": ("str", "the root cause that it shares with others"),
        "reason": ("str", "why the class was given"),
        "replay": ("str", "a command that shows it, empty without one"),
        "replay_failures": ("Int64", "how often the command showed it"),
        "replay_runs": ("Int64", "how often the command was run"),
    },
    "claims": {
        "claim": ("str", "id of the claim, with the backend"),
        "kind": ("str", "kind of the claim"),
        "goal": ("str", "goal of the record"),
        "weight": ("str", "decides or informs"),
        "subject": ("str", "the contender it speaks for"),
        "rival": ("str", "the contender it is compared with, empty without one"),
        "backend": ("str", "sqlite, postgresql or none"),
        "verdict": ("str", "supported, refuted, equivalent, depends, inconclusive, invalid or not measured"),
        "numbers": ("str", "the evidence in a line"),
        "reason": ("str", "why the verdict was given"),
        "would_flip": ("str", "what would change it"),
    },
}
"""By frame and column: the type of pandas, and what it holds in which unit."""


def trials(found: Sequence[Trial]) -> pd.DataFrame:
    """Return one row for each trial, in the order of the journal."""
    return _frame("trials", map(_trial, range(len(found)), found))


def tests(found: Sequence[Trial]) -> pd.DataFrame:
    """Return one row for each test of each trial that ran to its end."""
    # A run has a million of them: by columns, for a dictionary a row would take most of an analysis.
    ran = [(number, test) for number, trial in enumerate(found) for test in trial.tests]
    repeated = [len(trial.tests) for trial in found]
    places = pd.DataFrame([_where(number, trial) for number, trial in enumerate(found)], columns=list(WHERE))
    places = places.loc[places.index.repeat(repeated)].reset_index(drop=True)
    own = pd.DataFrame(
        {
            "test": [_plain(test.id) for _, test in ran],
            "outcome": [test.outcome for _, test in ran],
            "setup_ns": [test.setup_ns for _, test in ran],
            "call_ns": [test.call_ns for _, test in ran],
            "teardown_ns": [test.teardown_ns for _, test in ran],
        }
    )
    return _typed("tests", pd.concat([places, own], axis="columns"))


def requests(found: Sequence[Trial]) -> pd.DataFrame:
    """Return one row for each route and status that a counting trial answered."""
    return _frame("requests", (row for number, trial in enumerate(found) for row in _requests(number, trial)))


def micro(found: Sequence[Trial]) -> pd.DataFrame:
    """Return one row for each micro-benchmark of each process."""
    rows = (
        {**_where(number, trial), **_benchmark(benchmark)}
        for number, trial in enumerate(found)
        if trial.outcome is Outcome.PASSED
        for benchmark in trial.benchmarks
    )
    return _frame("micro", rows)


def flakes(found: Iterable[Any]) -> pd.DataFrame:
    """Return one row for each flake (`bench.flakiness.findings.FlakeFinding`)."""
    rows = (
        {
            **asdict(flake),
            "replay": flake.replay.command if flake.replay else "",
            "replay_failures": flake.replay.failures if flake.replay else None,
            "replay_runs": flake.replay.runs if flake.replay else None,
        }
        for flake in found
    )
    return _frame("flakes", rows)


def claims(found: Iterable[Any]) -> pd.DataFrame:
    """Return one row for each weighed claim (`bench.claims.weighing.ClaimFinding`)."""
    return _frame("claims", ({**asdict(claim), "claim": claim.id, "rival": claim.rival or ""} for claim in found))


def _frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    columns = COLUMNS[name]
    listed = [[_plain(row[column]) for column in columns] for row in rows]
    return _typed(name, pd.DataFrame(listed, columns=list(columns)))


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({column: kind for column, (kind, _) in COLUMNS[name].items()})


def _plain(value: Any) -> Any:
    # An enumeration's member becomes its value; an unpaired surrogate, which no file can hold, an escape.
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def _where(number: int, trial: Trial) -> dict[str, Any]:
    cell = trial.cell
    return {
        "trial": number,
        "experiment": trial.experiment,
        "contender": cell.contender,
        "variant": cell.variant,
        "dependency_set": cell.dependency_set,
        "backend": cell.backend,
        "copy": cell.copy,
        "block": trial.block,
        "position": trial.position,
    }


def _trial(number: int, trial: Trial) -> dict[str, Any]:
    before, after = trial.before.steal_ticks, trial.after.steal_ticks
    return {
        **{name: getattr(trial, name, None) for name in COLUMNS["trials"]},
        **_where(number, trial),
        **asdict(trial.phases),
        "timed": trial.outcome is Outcome.PASSED and not trial.warmup and not trial.counting,
        "outcome": trial.outcome.value,
        "tests": len(trial.tests),
        "hash_seed": trial.spec.hash_seed,
        "padding_bytes": trial.spec.padding_bytes,
        "load_1min": trial.before.load_1min,
        "steal_ticks": None if before is None or after is None else after - before,
    }


def _requests(number: int, trial: Trial) -> Iterator[dict[str, Any]]:
    for answered, count in trial.facts.get("requests", {}).items():
        method, _, rest = str(answered).partition(" ")
        route, _, status = rest.rpartition(" ")
        yield {**_where(number, trial), "method": method, "route": route, "status": status, "requests": count}


def _benchmark(benchmark: Mapping[str, Any]) -> dict[str, Any]:
    extra = benchmark["extra"]
    return {
        "group": str(benchmark["group"]),
        "name": str(benchmark["name"]),
        "title": str(extra.get("title", benchmark["name"])),
        "style": str(extra.get("style", "other")),
        "median_ns": benchmark["stats"]["median"] * 1e9,
        "rounds": int(benchmark["stats"]["rounds"]),
    }
