"""What the page says of flakes: a sentence with its bound for each suite, and the tables."""

from bench import text
from bench.drawing import tables
from bench.drawing.tables import Column, Table
from bench.drawing.words import backend_title
from bench.flakiness.conditions import REGISTRY
from bench.flakiness.contenders import ALL
from bench.flakiness.findings import CellFlakiness, ClusterFinding, FlakeFinding, FlakinessFinding
from bench.model import on_backend
from bench.report.charts.flakes import conditions_of
from bench.results import Results

_MOST_CLUSTERS = 30


def sentences(found: FlakinessFinding) -> list[str]:
    """Say of each suite how often a run of it flaked and what that still allows, then how contenders differ."""
    compared = [f"{backend_title(each.backend)}: {each.words}." for each in found.comparisons if each.condition == ALL]
    return [_sentence(cell) for cell in found.cells] + compared


def _sentence(cell: CellFlakiness) -> str:
    where = f"{cell.contender}{on_backend(cell.backend)}"
    earlier = f", {cell.earlier_trials} of them in earlier runs of the same code" if cell.earlier_trials else ""
    tests = f"; {text.count(cell.flaky_tests, 'test')} flaked" if cell.flaky_tests else ""
    never = f"; {text.count(len(cell.broken), 'test')} never passed" if cell.broken else ""
    return f"{where}: {cell.words} of runs flake (95 %){earlier}{tests}{never}."


def cluster_table(found: FlakinessFinding) -> Table | None:
    """List the root causes: class, cause, the tests that fail for it, and what proves it."""
    columns = (
        Column(heading="Root cause"),
        Column(heading="Class"),
        Column(heading="Tests"),
        Column(heading="Polluter or state-setter"),
        Column(heading="p against the same again", kind="number"),
        Column(heading="Replay", kind="number"),
    )
    rows = []
    for cluster in found.clusters[:_MOST_CLUSTERS]:
        own = [flake for flake in found.flakes if flake.cluster == cluster.id]
        condition, p_value = _telling(own)
        proof = max((flake.replay.failures / flake.replay.runs for flake in own if flake.replay), default=None)
        rows.append(
            [
                tables.words(f"{cluster.id}: {text.shorten(cluster.cause, limit=160)}", note=_where(cluster)),
                tables.words(cluster.flake_class.value, note=f"in {_contenders(cluster)}"),
                tables.words(_listed(cluster.tests), note=own[0].reason if own else ""),
                tables.words(_listed(tuple(dict.fromkeys(cause for flake in own for cause in flake.causes)))),
                tables.Entry(words=text.probability(p_value), order=p_value, note=condition),
                tables.number("none" if proof is None else f"fails in {text.percent(proof)}", proof),
            ]
        )
    caption = "One row for each root cause, not for each failing test; p is Fisher's exact test, after Holm."
    return (
        tables.table("table-clusters", caption, columns, rows, total=len(found.clusters), chosen_by="those seen first")
        if rows
        else None
    )


def _telling(flakes: list[FlakeFinding]) -> tuple[str, float | None]:
    """Give the condition that tells most of a flake, and its p-value."""
    told = [
        (count.p_value, count.condition) for flake in flakes for count in flake.conditions if count.p_value is not None
    ]
    return (min(told)[1], min(told)[0]) if told else ("", None)


def _where(cluster: ClusterFinding) -> str:
    parts = (("in", cluster.phase), ("at", cluster.site))
    return " ".join(f"{word} {shown}" for word, shown in parts if shown)


def _contenders(cluster: ClusterFinding) -> str:
    return text.listing([text.shorten(name, limit=40) for name in cluster.contenders])


def _listed(tests: tuple[str, ...]) -> str:
    shown = "; ".join(text.shorten(test) for test in tests[:4])
    return f"{shown}; and {len(tests) - 4} more" if len(tests) > 4 else shown


def condition_table(found: FlakinessFinding) -> Table:
    """List what each condition of the hunt does, and which classes of flakes it may reveal."""
    columns = (Column(heading="Condition"), Column(heading="What it does"), Column(heading="May reveal"))
    rows = [
        [
            tables.words(name),
            tables.words(REGISTRY[name].title),
            tables.words("any" if name == "same" else text.listing([each.value for each in REGISTRY[name].reveals])),
        ]
        for name in conditions_of(found)
        if name in REGISTRY
    ]
    return tables.table("table-conditions", "The conditions under which whole suites ran.", columns, rows)


def context(analysis: Results) -> dict[str, object]:
    """Give what the template of the section shows; an empty one where no flakes were hunted."""
    found = analysis.flakiness
    if found is None:
        return {"sentences": [], "clusters": None, "conditions": None, "replays": [], "hangs": [], "warnings": []}
    return {
        "sentences": sentences(found),
        "clusters": cluster_table(found),
        "conditions": condition_table(found),
        "replays": [(flake, flake.replay) for flake in found.flakes if flake.replay is not None],
        "hangs": [(cell.cell, hang) for cell in found.cells for hang in cell.hangs],
        "warnings": list(found.warnings),
    }
