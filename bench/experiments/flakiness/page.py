"""The section of the page: what proves each root cause, the state that is left, and what a search could not settle."""

from collections.abc import Iterator

from bench import text
from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column, Entry, Table
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.flakiness.findings import CellFlakiness, ClusterFinding, ContrastFinding, FlakeFinding, FlakinessFinding

MOST_CAUSES = 30
MOST_STATES = 5
MOST_NEVER = 10


def section(found: FlakeSearchFinding) -> Section | None:
    """Make the section; None where no suite was searched."""
    search = found.search
    if not search.cells:
        return None
    causes = _causes(search)
    return Section(
        title="What proves a flake, and what is open",
        part="reliability",
        headline=_headline(search),
        paragraphs=tuple(cluster.mend for cluster in search.clusters if cluster.mend),
        tables=() if causes is None else (causes,),
        left_out=tuple(line for cell in search.cells for line in _open(cell)),
    )


def _headline(search: FlakinessFinding) -> str:
    clusters = search.clusters
    if not clusters:
        return f"No flake was found in {text.count(search.suite_trials, 'whole-suite trial')}."
    shown = sum(_contrast(search, cluster) is not None for cluster in clusters)
    named = sum(bool(cluster.left) for cluster in clusters)
    words = (
        f"{text.count(len(clusters), 'root cause')} of flakes: {shown} shown by the rates with and without the cause"
    )
    return words + (f", {named} with the state that a test leaves." if named else ".")


def _causes(search: FlakinessFinding) -> Table | None:
    """List the root causes with the rates that prove them; None without one."""
    columns = (
        Column(heading="Root cause"),
        Column(heading="Left behind or set up"),
        Column(heading="Fails with the cause", kind="number"),
        Column(heading="Fails without it", kind="number"),
        Column(heading="p", kind="number"),
    )
    rows = [_row(search, cluster) for cluster in search.clusters[:MOST_CAUSES]]
    caption = "With and without the cause nothing else differs; p is Fisher's exact test, one-sided."
    total, chosen = len(search.clusters), "those seen first"
    table = tables.table("table-flakiness-causes", caption, columns, rows, total=total, chosen_by=chosen)
    return table if rows else None


def _row(search: FlakinessFinding, cluster: ClusterFinding) -> list[Entry]:
    contrast = _contrast(search, cluster)
    more = len(cluster.left) - MOST_STATES
    states = "; ".join(map(text.shorten, cluster.left[:MOST_STATES])) + (f"; and {more} more" if more > 0 else "")
    cause = tables.words(f"{cluster.id}: {text.shorten(cluster.cause, limit=160)}")
    if contrast is None:
        return [cause, tables.words(states), *[tables.words("") for _ in range(3)]]
    return [
        cause,
        tables.words(states),
        _rate(contrast.failures, contrast.runs),
        _rate(contrast.without_failures, contrast.without_runs),
        tables.number(text.probability(contrast.p_value), contrast.p_value),
    ]


def _rate(failures: int, runs: int) -> Entry:
    return tables.number(f"{failures} of {runs}", failures / runs if runs else None)


def _contrast(search: FlakinessFinding, cluster: ClusterFinding) -> ContrastFinding | None:
    """Return the clearest contrast among the flakes of a cluster."""
    flakes: list[FlakeFinding] = [flake for flake in search.flakes if flake.cluster == cluster.id]
    contrasts = [flake.contrast for flake in flakes if flake.contrast is not None]
    return min(contrasts, key=lambda each: each.p_value, default=None)


def _open(cell: CellFlakiness) -> Iterator[str]:
    """Say of a suite what its reader has to know, and which tests never passed."""
    yield from (f"{cell.contender}: {note}" for note in cell.notes)
    for never in cell.never_passed[:MOST_NEVER]:
        yield f"{cell.contender}: {text.shorten(never.test)} {never.words}"
    if len(cell.never_passed) > MOST_NEVER:
        yield f"{cell.contender}: {len(cell.never_passed) - MOST_NEVER} more tests never passed"
