"""The tables of what was really exercised: drivers, loops, threads, and changes that were tried."""

from collections.abc import Mapping

from bench import text
from bench.drawing import tables
from bench.drawing.tables import Column, Entry, Table
from bench.drawing.words import backend_title
from bench.experiments.attempts.finding import AttemptFinding
from bench.experiments.counting.finding import ExercisedFinding
from bench.results import Results


def exercised_table(analysis: Results) -> Table | None:
    """List what each cell's counting trial saw."""
    columns = (
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        Column(heading="Requests", kind="number"),
        Column(heading="Database connections"),
        Column(heading="Event loops", kind="number"),
        Column(heading="Threads"),
        Column(heading="Portal calls per request", kind="number"),
        Column(heading="Handed across threads", kind="number"),
        Column(heading="Outside app and database", kind="number"),
        Column(heading="Times the floor", kind="number"),
    )
    rows = [_exercised(found) for found in analysis.exercised]
    caption = (
        "Counted in one trial of each cell that is never timed. The floor is the least time that the same requests "
        "took from the ASGI call to its return, in any contender that runs the application's own driver."
    )
    return tables.table("table-exercised", caption, columns, rows) if rows else None


def _exercised(found: ExercisedFinding) -> list[Entry]:
    portal, outside = found.portal_calls_per_request, found.outside_share
    return [
        tables.contender(found.contender, found.style),
        tables.words(backend_title(found.backend)),
        tables.integer(found.requests),
        tables.words(_counts(found.connections)),
        tables.integer(found.event_loops),
        tables.words(_counts(found.threads)),
        tables.number(text.NOTHING if portal is None else text.significant(portal), portal),
        tables.integer(found.handed_across_threads),
        tables.number(text.NOTHING if outside is None else text.percent(outside), outside),
        tables.number(text.NOTHING if found.floor_ratio is None else text.ratio(found.floor_ratio), found.floor_ratio),
    ]


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {number:,}" for name, number in sorted(counted.items()))


def sentences(analysis: Results) -> tuple[str, ...]:
    """Say what a suite never exercises although another one does."""
    return tuple(sentence for found in analysis.exercised for sentence in found.sentences)


def attempt_table(analysis: Results) -> Table | None:
    """List the changes that were tried once, and whether the suite still worked."""
    columns = (
        Column(heading="Change"),
        Column(heading="Contender"),
        Column(heading="Backend"),
        Column(heading="Outcome", kind="status"),
        Column(heading="Tests", kind="number"),
        Column(heading="Failed", kind="number"),
        Column(heading="First message", kind="code"),
    )
    rows = [_attempt(found) for found in analysis.attempts]
    caption = "Contenders with one thing changed, tried once and not timed: does the suite still work?"
    return tables.table("table-attempts", caption, columns, rows) if rows else None


def _attempt(found: AttemptFinding) -> list[Entry]:
    return [
        tables.words(found.title, note=found.attempt),
        tables.name(found.contender),
        tables.words(backend_title(found.backend)),
        tables.status(found.outcome),
        tables.integer(found.tests),
        tables.integer(len(found.failed_tests)),
        tables.name(found.first_message.strip().partition("\n")[0] or text.NOTHING),
    ]
