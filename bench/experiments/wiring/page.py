"""The section: the ratio of the styles in every wiring, sorted, and what each choice does."""

import math
from collections.abc import Iterator
from functools import partial

from bench import text
from bench.drawing import tables
from bench.drawing.chart import Chart
from bench.drawing.ratio_rows import RatioRow, ratio_sheet
from bench.drawing.section import Section
from bench.drawing.tables import Column, Table
from bench.drawing.words import METRIC_TITLES, backend_title
from bench.experiments.wiring.finding import EffectFinding, PairFinding, WiringFinding

_EXPLAINED = (
    "Both styles ran in the same wirings: the same tests, rows and requests, with the same way to isolate a test, the "
    "same use of dependency_overrides and the same lifetime of client or loop. A difference that changes sign between "
    "wirings is not one of the style."
)
_EFFECTS = (
    "Effects are means over the balanced wirings alone, each with an interval of its own at the confidence that the "
    "table names; with so many of them one or two may miss the truth. An effect that has an alias cannot be told from "
    "it by these wirings."
)
_BEST = "The fastest wirings were chosen from the same trials, so their ratio is a proposal for a later run."
_GUIDE = (
    "Each mark is the time of {candidate} over that of {baseline} in one wiring, its line the interval, the shaded "
    "band the margin. Marks on both sides of 1.0x mean that the wiring decides and not the style."
)


def section(found: WiringFinding) -> Section:
    """Show every wiring and every effect."""
    charts = tuple(_charts(found))
    return Section(
        title="What the wiring does",
        part="speed",
        headline=headline(found),
        paragraphs=(_EXPLAINED, *_best(found), _EFFECTS),
        charts=charts,
        tables=(_effects(found), _cells(found)),
        commands=(("measure it again", "nox -s bench -- wiring"),),
        left_out=tuple(
            f"{pair.title} on {backend_title(pair.backend)}: {pair.comparison.words}"
            for pair in found.pairs
            if pair.metric == "wall" and pair.comparison.estimate is None
        ),
    )


def headline(found: WiringFinding) -> str:
    """Say for each backend between which ratios the wirings lie, and whether the sign turns."""
    sentences = [
        _sentence(found, backend, pairs)
        for backend in dict.fromkeys(pair.backend for pair in found.pairs)
        if (pairs := _sized(found, backend))
    ]
    return " ".join(sentences) or "No wiring was measured in both styles."


def _sentence(found: WiringFinding, backend: str, pairs: list[PairFinding]) -> str:
    baseline, candidate = found.contenders
    ratios = [pair.comparison.estimate.ratio for pair in pairs if pair.comparison.estimate]
    shown = {_side(pair) for pair in pairs}
    turns = {"faster", "slower"} <= shown
    if turns:
        what = "the wiring decides which one is faster"
    elif len(shown) == 1 and shown != {"open"}:
        what = f"it is {shown.pop()} in every wiring"
    elif "faster" in shown or "slower" in shown:
        what = f"it is never shown to be {'slower' if 'faster' in shown else 'faster'}"
    else:
        what = "no wiring shows a difference"
    return (
        f"{backend_title(backend)}: {candidate} takes {text.ratio(min(ratios))} to {text.ratio(max(ratios))} of "
        f"{baseline}'s time over {text.count(len(pairs), 'wiring')}; {what}."
    )


def _side(pair: PairFinding) -> str:
    estimate = pair.comparison.estimate
    if estimate is None or estimate.low is None or estimate.high is None:
        return "open"
    return "faster" if estimate.high < 1 else "slower" if estimate.low > 1 else "open"


def _sized(found: WiringFinding, backend: str, metric: str = "wall") -> list[PairFinding]:
    """List the pairs with a ratio, the smallest first."""
    pairs = [(pair.comparison.estimate.ratio, pair) for pair in found.of(backend, metric) if pair.comparison.estimate]
    return [pair for _, pair in sorted(pairs, key=lambda each: each[0])]


def _charts(found: WiringFinding) -> Iterator[Chart]:
    groups = [
        (f"{backend_title(backend)}, {METRIC_TITLES[metric]}", rows)
        for backend in dict.fromkeys(pair.backend for pair in found.pairs)
        for metric in ("wall", "tests")
        if (rows := _rows(found, backend, metric))
    ]
    if not groups:
        return
    baseline, candidate = found.contenders
    margin = found.pairs[0].comparison.margin
    axis = f"time of {candidate} over {baseline} (log scale)"
    title = headline(found)
    yield Chart(
        name="wiring-multiverse",
        title=title,
        alt=f"{text.count(sum(len(rows) for _, rows in groups), 'ratio')} on a log axis, sorted. {title} "
        "The table below holds the same numbers.",
        guide=_GUIDE.format(candidate=candidate, baseline=baseline),
        sheet=partial(ratio_sheet, title, groups, margin=margin, axis=axis),
        table=_pairs(found),
    )


def _rows(found: WiringFinding, backend: str, metric: str) -> list[RatioRow]:
    rows = [_row(pair.title, pair) for pair in _sized(found, backend, metric)]
    floor = [c for c in found.noise_floor if (c.backend, c.metric) == (backend, metric) and c.estimate]
    for compared in floor:
        assert compared.estimate is not None, "the others are left out above"
        rows.append(
            RatioRow(
                label="A/A",
                words=compared.words,
                ratio=compared.estimate.ratio,
                low=compared.estimate.low,
                high=compared.estimate.high,
                style=compared.rival_style,
                faint=True,
            )
        )
    return rows


def _row(label: str, pair: PairFinding) -> RatioRow:
    estimate = pair.comparison.estimate
    assert estimate is not None, "_sized leaves the others out"
    return RatioRow(
        label=label,
        words=pair.comparison.words,
        ratio=estimate.ratio,
        low=estimate.low,
        high=estimate.high,
        style=pair.comparison.rival_style,
    )


def _pairs(found: WiringFinding) -> Table:
    columns = (
        Column(heading="Backend"),
        Column(heading="Wiring"),
        Column(heading="Metric"),
        Column(heading="Ratio", kind="number"),
        Column(heading="Interval", kind="number"),
        Column(heading="Verdict", kind="status"),
        Column(heading="Blocks", kind="number"),
        Column(heading="Balanced"),
    )
    rows = [
        [
            tables.words(backend_title(pair.backend)),
            tables.words(pair.title),
            tables.words(METRIC_TITLES[pair.metric]),
            tables.number(text.estimate_ratio(estimate), estimate.ratio if estimate else None),
            tables.words(text.estimate_interval(estimate)),
            tables.status(pair.comparison.words),
            tables.integer(pair.comparison.blocks),
            tables.words("yes" if pair.is_crossed else "beside"),
        ]
        for pair in sorted(found.pairs, key=lambda pair: (pair.backend, pair.metric, pair.wiring))
        for estimate in [pair.comparison.estimate]
    ]
    baseline, candidate = found.contenders
    caption = f"Time of {candidate} over {baseline} in each wiring: below 1 {candidate} takes less."
    return tables.table("table-wiring-pairs", caption, columns, rows)


def _effects(found: WiringFinding) -> Table:
    columns = (
        Column(heading="Backend"),
        Column(heading="Metric"),
        Column(heading="Choice"),
        Column(heading="What changes"),
        Column(heading="Ratio", kind="number"),
        Column(heading="Interval", kind="number"),
        Column(heading="Cannot be told from"),
    )
    rows = [
        [
            tables.words(backend_title(effect.backend)),
            tables.words(METRIC_TITLES[effect.metric]),
            tables.words(effect.choice),
            tables.words(_what(found, effect)),
            tables.number(text.estimate_ratio(estimate), estimate.ratio if estimate else None),
            tables.words(text.estimate_interval(estimate), note=text.percent(estimate.confidence) if estimate else ""),
            tables.words(", ".join(effect.aliased_with) or "nothing"),
        ]
        for effect in found.effects
        for estimate in [effect.comparison.estimate if effect.comparison else None]
    ]
    caption = "What each choice does, as a mean over the balanced wirings: below 1 it saves time."
    return tables.table("table-wiring-effects", caption, columns, rows)


def _what(found: WiringFinding, effect: EffectFinding) -> str:
    if effect.choice == "style":
        return f"time of {effect.to} over {effect.of}"
    change = f"{effect.to} instead of {effect.of}"
    return f"{effect.contender}: {change}" if effect.contender else f"the ratio of {found.contenders[1]}: {change}"


def _cells(found: WiringFinding) -> Table:
    columns = (
        Column(heading="Backend"),
        Column(heading="Contender"),
        Column(heading="Wiring"),
        Column(heading="Median", kind="number"),
        Column(heading="Tests alone", kind="number"),
        Column(heading="Trials", kind="number"),
    )
    rows = [
        [
            tables.words(backend_title(cell.backend)),
            tables.words(cell.contender),
            tables.words(cell.title),
            tables.duration(cell.seconds * 1e9),
            tables.duration(cell.tests_seconds * 1e9),
            tables.integer(cell.trials),
        ]
        for cell in sorted(found.cells, key=lambda cell: (cell.backend, cell.seconds))
    ]
    return tables.table("table-wiring-cells", "Medians of each style in each wiring, the fastest first.", columns, rows)


def _best(found: WiringFinding) -> Iterator[str]:
    for best in found.best:
        estimate = best.comparison.estimate
        if estimate is None or not math.isfinite(estimate.ratio):
            continue
        baseline, candidate = found.contenders
        yield (
            f"Best against best on {backend_title(best.backend)}: {candidate} ({best.candidate}) takes "
            f"{text.estimate_ratio(estimate)} ({text.estimate_interval(estimate)}) of the time of {baseline} "
            f"({best.baseline}). {_BEST}"
        )
