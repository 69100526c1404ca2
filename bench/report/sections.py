"""The tables that stand in the page by themselves: claims, cells, layers, environment."""

from collections.abc import Iterator, Mapping
from typing import Literal

from bench import text
from bench.claims.weighing import ClaimFinding
from bench.drawing import tables
from bench.drawing.tables import Column, Entry, Table
from bench.drawing.words import backend_title
from bench.experiments.speed.finding import CellFinding, LayerFinding
from bench.model import Json
from bench.results import Results

_MOST_FACTS = 60
_COUNTS = (
    ("Files", "files"),
    ("Tests", "tests"),
    ("Logical lines", "logical_lines"),
    ("async and await", "async_tokens"),
    ("Fixtures", "fixtures"),
    ("Settings", "configuration_keys"),
    ("Plumbing names", "plumbing_names"),
    ("Complexity", "cyclomatic_complexity"),
)


def claim_table(analysis: Results, weight: Literal["decides", "informs"]) -> Table | None:
    """List the claims of one weight, each with its verdict and what would turn it."""
    columns = (
        Column(heading="Claim"),
        Column(heading="Verdict", kind="status"),
        Column(heading="Evidence"),
        Column(heading="What would flip it"),
    )
    rows = [_claim(claim) for claim in analysis.claims if claim.weight == weight]
    caption = "Statements of the record and what the evidence says of each."
    return tables.table(f"table-{weight}", caption, columns, rows) if rows else None


def _claim(claim: ClaimFinding) -> list[Entry]:
    margin = "" if claim.margin is None else f", margin ±{text.percent(claim.margin)}"
    about = f"{claim.id}{margin} · record: {claim.section}"
    evidence = "" if claim.reason == claim.numbers else claim.reason
    return [
        tables.words(f"{claim.statement} ({backend_title(claim.backend)})", note=about),
        tables.status(claim.verdict.value),
        tables.words(claim.numbers, note=evidence),
        tables.words(claim.would_flip),
    ]


def alternative_table(analysis: Results) -> Table | None:
    """List the rejected alternatives against the selected one, goal by goal."""
    found = analysis.decision.alternatives
    goals = list(dict.fromkeys(goal for alternative in found for goal in alternative.goals))
    styles = {cell.contender: cell.style for cell in analysis.cells}
    columns = (
        Column(heading="Alternative", kind="contender"),
        *(Column(heading=goal.capitalize(), kind="status") for goal in goals),
        Column(heading="Overtakes the selected one"),
    )
    rows = [
        [
            tables.contender(alternative.contender, styles.get(alternative.contender)),
            *(tables.status(alternative.goals.get(goal, "unknown")) for goal in goals),
            tables.words("yes" if alternative.overtakes else "no"),
        ]
        for alternative in found
    ]
    caption = "An alternative overtakes when it is at least as good on every measured goal and better on one."
    return tables.table("table-alternatives", caption, columns, rows) if rows else None


def failure_table(analysis: Results) -> Table | None:
    """List how often each contender's trials failed, with what that still allows."""
    columns = (
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        Column(heading="Failed trials", kind="number"),
        Column(heading="Share that fails", kind="number"),
        Column(heading="With loop errors", kind="number"),
        Column(heading="First message", kind="code"),
    )
    styles = {cell.contender: cell.style for cell in analysis.cells}
    rows = [
        [
            tables.contender(found.contender, styles.get(found.contender, "other")),
            tables.words(backend_title(found.backend)),
            tables.number(f"{found.failed:,}/{found.trials:,}", found.failed),
            tables.number(f"at most {text.percent(found.upper_bound)}", found.upper_bound),
            tables.integer(found.loop_errors),
            tables.name(found.first_message.strip() or text.NOTHING),
        ]
        for found in analysis.failures
    ]
    caption = "Trials that did not pass, and the exact one-sided 95 % bound of the share of runs that would fail."
    return tables.table("table-failures", caption, columns, rows) if rows else None


def simplicity_table(analysis: Results) -> Table | None:
    """List what a reader of each suite has to understand, counted from the source."""
    columns = (
        Column(heading="Contender", kind="contender"),
        *(Column(heading=heading, kind="number") for heading, _ in _COUNTS),
        Column(heading="Lines per test", kind="number"),
    )
    styles = {cell.contender: cell.style for cell in analysis.cells}
    rows = [
        [
            tables.contender(name, styles.get(name)),
            *(tables.integer(getattr(count, field)) for _, field in _COUNTS),
            tables.number(text.significant(count.lines_per_test), count.lines_per_test),
        ]
        for name, count in analysis.suites.items()
    ]
    caption = "Counts from the source of each suite: exact, without statistics, and only a proxy for simplicity."
    return tables.table("table-simplicity", caption, columns, rows) if rows else None


def cell_table(analysis: Results) -> Table | None:
    """List the cells with what they ran and what it took."""
    columns = (
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        Column(heading="What it is"),
        Column(heading="Dependency set"),
        Column(heading="Tests", kind="number"),
        Column(heading="Timed trials", kind="number"),
        Column(heading="Failed", kind="number"),
        Column(heading="Wall", kind="number"),
        Column(heading="CPU", kind="number"),
        Column(heading="Peak memory", kind="number"),
    )
    rows = [_cell(cell) for cell in analysis.cells]
    caption = "Each cell as it was measured: medians over timed trials. Compare by the paired ratios, not by these."
    return tables.table("table-cells", caption, columns, rows) if rows else None


def _cell(cell: CellFinding) -> list[Entry]:
    return [
        tables.contender(cell.contender + (" (A/A)" if cell.is_copy else ""), cell.style),
        tables.words(backend_title(cell.backend)),
        tables.name(cell.title),
        tables.name(cell.dependency_set),
        tables.integer(cell.tests),
        tables.integer(cell.trials),
        tables.integer(cell.failed_trials),
        tables.duration(cell.median_wall_ns),
        tables.duration(cell.median_cpu_ns),
        tables.number(text.size(cell.median_peak_rss_bytes), cell.median_peak_rss_bytes),
    ]


def layer_table(analysis: Results) -> Table | None:
    """List the slowest test of every layer, which the record limits."""
    columns = (
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        Column(heading="Layer"),
        Column(heading="Tests", kind="number"),
        Column(heading="Typical test", kind="number"),
        Column(heading="Slowest test", kind="number"),
        Column(heading="Interval", kind="number"),
        Column(heading="Its name", kind="code"),
    )
    styles = {cell.contender: cell.style for cell in analysis.cells}
    rows = [
        [tables.contender(found.contender, styles.get(found.contender, "other")), *_layer(found)]
        for found in analysis.layers
    ]
    caption = "The slowest test of each layer: its median over trials with a distribution-free interval."
    return tables.table("table-layers", caption, columns, rows) if rows else None


def _layer(found: LayerFinding) -> list[Entry]:
    return [
        tables.words(backend_title(found.backend)),
        tables.words(found.layer),
        tables.integer(found.tests),
        tables.duration(found.median_ns),
        tables.duration(found.slowest_ns),
        tables.words(text.duration_range(found.slowest_low_ns, found.slowest_high_ns)),
        tables.name(found.slowest_test),
    ]


def fact_table(analysis: Results) -> Table | None:
    """List what the probe noted inside the cells: one row for each distinct answer."""
    answers: dict[tuple[str, str], list[str]] = {}
    for cell in analysis.cells:
        for fact, answer in _flat(cell.facts):
            answers.setdefault((fact, answer), []).append(cell.cell)
    columns = (Column(heading="Fact"), Column(heading="Answer"), Column(heading="Cells"))
    rows = [
        [tables.name(fact), tables.name(answer), tables.words(_whose(cells, len(analysis.cells)))]
        for (fact, answer), cells in sorted(answers.items())
    ]
    return (
        tables.table(
            "table-facts",
            "What the probe noted inside the subject process. Rivals must agree wherever work is concerned.",
            columns,
            rows[:_MOST_FACTS],
            total=len(rows),
            chosen_by=f"the first {_MOST_FACTS} in alphabetical order",
        )
        if rows
        else None
    )


def _flat(facts: Mapping[str, Json], *, above: str = "") -> Iterator[tuple[str, str]]:
    for fact, answer in facts.items():
        if isinstance(answer, dict):
            yield from _flat(answer, above=f"{above}{fact}: ")
        elif isinstance(answer, list):
            yield f"{above}{fact}", ", ".join(str(item) for item in answer)
        else:
            yield f"{above}{fact}", str(answer)


def _whose(cells: list[str], everyone: int) -> str:
    return "all" if len(cells) == everyone else ", ".join(text.shorten(cell, limit=48) for cell in cells)


def package_table(dependency_set: str, packages: Mapping[str, str], *, number: int) -> Table:
    """List the packages of one dependency set."""
    columns = (Column(heading="Package"), Column(heading="Version"))
    rows = [[tables.name(package), tables.name(packages[package])] for package in sorted(packages)]
    caption = f"Packages of the dependency set {text.shorten(dependency_set)}"
    return tables.table(f"table-packages-{number}", caption, columns, rows)
