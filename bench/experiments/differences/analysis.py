"""From the counting trials of two cells to what differs between them beside their tests."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench import text
from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.differences.finding import (
    Difference,
    DifferencesFinding,
    PairDifferences,
    TestedExplanation,
)
from bench.experiments.differences.study import Study
from bench.experiments.speed.cells import median_ns
from bench.experiments.speed.study import NAME as TIMING
from bench.model import Cell, Contender, Json, Trial, on_backend
from bench.paired.blocks import change_log_ratios, log_ratios, timed
from bench.paired.comparing import MEASURES, PRIMARY
from bench.paired.mirrored import Pair
from bench.statistics import judge

MOST_FIXTURES: Final = 5
MOST_NAMES: Final = 6
SMALLEST_SHARE: Final = 0.02
"""Of the baseline's wall time: what takes less than that more or less is no row."""
EXPLAINING_SHARE: Final = 0.25
"""Of the gap: what takes less than that of it is no explanation."""
WITHOUT: Final = "TWINBENCH_WITHOUT"
SINKS: Final = {
    "sleep": "sleeping",
    "hashing": "hashing passwords",
    "process": "starting processes",
}


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> DifferencesFinding:  # noqa: ARG001 - the shape of every analysis
    """Compare what the counting trials of each candidate and its baseline noted; a pure function."""
    timing = [trial for trial in trials if trial.experiment == TIMING]
    pairs, tested = [], []
    for backend in frame.backends:
        baseline, *others = frame.suites(backend)
        left_out = {cell: what for cell in others if (what := left_out_of(frame.contender(cell.contender)))}
        candidates = [cell for cell in others if cell not in left_out]
        tested += list(_tested(frame, timing, baseline, candidates, left_out))
        pairs += [found for candidate in candidates if (found := _pair(frame, timing, baseline, candidate)) is not None]
    return DifferencesFinding(pairs=tuple(pairs), tested=tuple(tested))


def _pair(frame: Frame, timing: Sequence[Trial], baseline: Cell, candidate: Cell) -> PairDifferences | None:
    counted = [_counted(timing, cell) for cell in (baseline, candidate)]
    if counted[0] is None or counted[1] is None:
        return None
    walls = [median_ns(trial.wall_ns for trial in timed(timing, cell)) for cell in (baseline, candidate)]
    gap = None if walls[0] is None or walls[1] is None else (walls[1] - walls[0]) / 1e9
    smallest = SMALLEST_SHARE * (walls[0] or counted[0].wall_ns) / 1e9
    found = tuple(_differences(frame, counted[0], counted[1], smallest=smallest))
    is_material = gap is not None and abs(math.log(walls[1] / walls[0])) > math.log1p(frame.margin)  # type: ignore[operator]
    explaining = tuple(each for each in found if _may_explain(each, gap)) if is_material else ()
    elsewhere = _elsewhere(counted)
    return PairDifferences(
        backend=baseline.backend,
        baseline=baseline.contender,
        candidate=candidate.contender,
        gap_seconds=gap,
        differences=found,
        may_explain=explaining,
        sentence=elsewhere or _sentence(baseline, candidate, explaining, gap),
        invalid_because=elsewhere,
    )


def left_out_of(contender: Contender) -> str:
    """Name what a contender goes without, to test an explanation; '' for one that is compared for its own sake."""
    what = contender.environment.get(WITHOUT, "")
    return what if contender.id.endswith(f"-without-{what}") else ""


def _tested(
    frame: Frame, timing: Sequence[Trial], baseline: Cell, candidates: Sequence[Cell], left_out: Mapping[Cell, str]
) -> Iterator[TestedExplanation]:
    """Compare each gap with the one that is left without something, in the blocks that hold both."""
    by_name = {cell.contender: cell for cell in left_out}
    for what in dict.fromkeys(left_out.values()):
        for candidate in candidates:
            names = [f"{cell.contender}-without-{what}" for cell in (baseline, candidate)]
            if not by_name.keys() >= {*names}:
                continue
            before, after = (baseline, candidate), (by_name[names[0]], by_name[names[1]])
            changes = change_log_ratios(timing, before, after, measure=MEASURES[PRIMARY])
            gaps = [log_ratios(timing, *pair, measure=MEASURES[PRIMARY]) for pair in (before, after)]
            if changes.size:
                yield _explanation(frame, what, before, changes, gaps)


def _explanation(
    frame: Frame, what: str, pair: Pair, changes: NDArray[np.float64], gaps: Sequence[NDArray[np.float64]]
) -> TestedExplanation:
    change = judge(changes, margin=frame.margin, alpha=frame.alpha).estimate
    ratios = [judge(gap, margin=frame.margin, alpha=frame.alpha).estimate.ratio for gap in gaps]
    low, high = (change.low, change.high) if ratios[0] > 1 else (_inverse(change.high), _inverse(change.low))
    explains = None
    if low is not None and high is not None and not low <= 1 <= high:
        explains = high < 1
    said = {
        True: "it explains the gap, or a part of it",
        False: "it hides a part of the gap",
        None: "whether it explains the gap cannot be told from these blocks",
    }
    baseline, candidate = pair
    return TestedExplanation(
        backend=baseline.backend,
        without=what,
        baseline=baseline.contender,
        candidate=candidate.contender,
        before=ratios[0],
        after=ratios[1],
        change=change,
        explains=explains,
        sentence=(
            f"without {what}, {candidate.contender} takes {text.ratio(ratios[1])} the time of {baseline.contender}"
            f"{on_backend(baseline.backend)} instead of {text.ratio(ratios[0])} "
            f"(a change of {text.ratio(change.ratio)}, {text.percent(change.confidence)} interval "
            f"{text.estimate_interval(change)}): {said[explains]}"
        ),
    )


def _inverse(bound: float | None) -> float | None:
    return None if bound is None else 1 / bound


def _counted(timing: Sequence[Trial], cell: Cell) -> Trial | None:
    """Find the trial that noted what the cell runs under."""
    return next((t for t in timing if t.cell == cell and t.counting and "surroundings" in t.facts), None)


def _may_explain(difference: Difference, gap: float | None) -> bool:
    """Tell whether a difference could make up a good part of the gap, and in its direction."""
    if gap is None:
        return False
    if difference.seconds is None:
        return bool(difference.without)
    return difference.seconds * gap > 0 and abs(difference.seconds) >= EXPLAINING_SHARE * abs(gap)


def _sentence(baseline: Cell, candidate: Cell, explaining: Sequence[Difference], gap: float | None) -> str:
    if not explaining or gap is None:
        return ""
    where = on_backend(baseline.backend)
    slower, faster = (candidate, baseline) if gap > 0 else (baseline, candidate)
    values = [(each.candidate, each.baseline) if gap > 0 else (each.baseline, each.candidate) for each in explaining]
    parts = [f"{each.what}: {own}, there {other}" for each, (own, other) in zip(explaining, values, strict=True)]
    tests = [f"--without {each.without}" for each in explaining if each.without]
    proposed = f" (tested by `compare` with {' '.join(tests)})" if tests else ""
    return (
        f"{slower.contender} takes {text.duration(abs(gap) * 1e9)} longer than {faster.contender}{where}; "
        f"what may explain it: {'; '.join(parts)}{proposed}"
    )


def _elsewhere(counted: Sequence[Trial | None]) -> str:
    for trial in counted:
        found = trial.facts["surroundings"].get("imported_elsewhere", ()) if trial is not None else ()
        if trial is not None and found:
            return (
                f"{trial.cell.contender} imported {text.listing(list(found))} from the checkout and not from its "
                "revision: both sides may have run the same code"
            )
    return ""


def _differences(frame: Frame, first: Trial, second: Trial, *, smallest: float) -> Iterator[Difference]:
    one, two = first.facts["surroundings"], second.facts["surroundings"]
    yield from _tests(first, second)
    yield from _modes(one, two)
    yield from _sinks(one, two, smallest=smallest)
    yield from _fixtures(one, two, smallest=smallest)
    yield from _made(first, second, one, two)
    yield from _plugins(one.get("plugins", {}), two.get("plugins", {}))
    shared = _templates(frame, first) & _templates(frame, second)
    chosen = [frame.contender(trial.cell.contender).environment for trial in (first, second)]
    variables = [{**found.get("variables", {}), **own} for found, own in zip((one, two), chosen, strict=True)]
    yield from _variables(*variables, passed_over={name for name, _ in shared})


def _modes(one: Mapping[str, Json], two: Mapping[str, Json]) -> Iterator[Difference]:
    """Compare the modes of loops, interpreter, tracing and logging."""
    loops = [found.get("loops", {"run": 0, "debug": 0}) for found in (one, two)]
    if bool(loops[0]["debug"]) != bool(loops[1]["debug"]):
        yield Difference(
            what="event loops in asyncio's debug mode",
            baseline=f"{loops[0]['debug']:,} of {loops[0]['run']:,}",
            candidate=f"{loops[1]['debug']:,} of {loops[1]['run']:,}",
            without="loop-debug",
        )
    plain = {
        "dev_mode": ("Python's development mode", "dev-mode"),
        "traced_by": ("what traces the interpreter", ""),
        "loop_kinds": ("event loops of", ""),
        "implementation": ("Python", ""),
        "optimize": ("Python's -O", ""),
        "gc_enabled": ("garbage collection", ""),
        "gc_threshold": ("thresholds of the garbage collector", ""),
        "warnings_as_errors": ("warnings are errors", ""),
        "log_level": ("log level", ""),
        "sql_logged": ("SQL statements are logged", ""),
    }
    for key, (what, without) in plain.items():
        values: list[Json] = [found.get(key) for found in (one, two)]
        if key == "loop_kinds":
            values = [sorted(kinds or {}) for kinds in values]
        if values[0] != values[1]:
            is_coverage = key == "traced_by" and any("coverage" in str(value) for value in values)
            shown = [_shown(value) for value in values]
            yield Difference(
                what=what, baseline=shown[0], candidate=shown[1], without="coverage" if is_coverage else without
            )


def _sinks(one: Mapping[str, Json], two: Mapping[str, Json], *, smallest: float) -> Iterator[Difference]:
    """Compare the time that went to what is seldom what a test is about."""
    for key, what in SINKS.items():
        spent = [found.get("spent", {}).get(key, (0, 0)) for found in (one, two)]
        seconds = (spent[1][1] - spent[0][1]) / 1e9
        if abs(seconds) >= smallest:
            shown = [_calls(each) for each in spent]
            without = key if key == "sleep" else ""
            yield Difference(what=what, baseline=shown[0], candidate=shown[1], seconds=seconds, without=without)


def _fixtures(one: Mapping[str, Json], two: Mapping[str, Json], *, smallest: float) -> Iterator[Difference]:
    """Name the fixtures whose set-up differs most in time; the ones with other names on either side among them."""
    fixtures = [found.get("fixtures", {}) for found in (one, two)]
    names = dict.fromkeys((*fixtures[0], *fixtures[1]))
    spent = {name: [found.get(name, (0, 0)) for found in fixtures] for name in names}
    seconds = {name: (pair[1][1] - pair[0][1]) / 1e9 for name, pair in spent.items()}
    for name in sorted(names, key=lambda name: -abs(seconds[name]))[:MOST_FIXTURES]:
        if abs(seconds[name]) >= smallest:
            yield Difference(
                what=f"set-up of the fixture {name}",
                baseline=_calls(spent[name][0]),
                candidate=_calls(spent[name][1]),
                seconds=seconds[name],
            )


def _made(first: Trial, second: Trial, one: Mapping[str, Json], two: Mapping[str, Json]) -> Iterator[Difference]:
    """Compare what was made: loops, connections, engines, threads, set-ups of fixtures."""
    exercised = [trial.facts.get("exercised", {}) for trial in (first, second)]
    counted: dict[str, tuple[Json, Json]] = {
        "event loops made": (exercised[0].get("event_loops", 0), exercised[1].get("event_loops", 0)),
        "database connections": (exercised[0].get("connections", {}), exercised[1].get("connections", {})),
        "engines made": (one.get("engines", {}), two.get("engines", {})),
        "threads started": (exercised[0].get("threads", {}), exercised[1].get("threads", {})),
        "set-ups of fixtures": (one.get("fixture_setups", 0), two.get("fixture_setups", 0)),
    }
    for what, (own, other) in counted.items():
        if own != other:
            yield Difference(what=what, baseline=_shown(own), candidate=_shown(other))


def _plugins(one: Mapping[str, str], two: Mapping[str, str]) -> Iterator[Difference]:
    names = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
    for name in names:
        yield Difference(
            what=f"plugin {name}", baseline=one.get(name, "not loaded"), candidate=two.get(name, "not loaded")
        )


def _variables(one: Mapping[str, str], two: Mapping[str, str], *, passed_over: set[str]) -> Iterator[Difference]:
    """Name the variables that differ, but for those that both get from one template, as a database's URL."""
    names = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
    for name in names:
        if name not in passed_over:
            shown = [_variable(found, name) for found in (one, two)]
            alike = shown[0] == shown[1]
            yield Difference(
                what=f"variable {name}",
                baseline="one value" if alike else shown[0],
                candidate="another" if alike else shown[1],
            )


def _variable(found: Mapping[str, str], name: str) -> str:
    if name not in found:
        return "not set"
    return "set" if found[name].startswith("digest ") or text.is_secret(name) else text.shorten(found[name])


def _tests(first: Trial, second: Trial) -> Iterator[Difference]:
    """Say where the number of tests, or what became of them, differs; more tests of the usual kind take more time."""
    outcomes = [[test.outcome for test in trial.tests] for trial in (first, second)]
    counts = [{outcome: each.count(outcome) for outcome in sorted(set(each))} for each in outcomes]
    if counts[0] != counts[1]:
        more = len(second.tests) - len(first.tests)
        larger = (second if more > 0 else first).tests
        seconds = more * sum(test.total_ns for test in larger) / len(larger) / 1e9 if more else None
        yield Difference(what="tests", baseline=_shown(counts[0]), candidate=_shown(counts[1]), seconds=seconds)


def _templates(frame: Frame, trial: Trial) -> set[tuple[str, str]]:
    """Return the contender's variables that are filled in per trial."""
    return {item for item in frame.contender(trial.cell.contender).environment.items() if "{" in item[1]}


def _calls(spent: Sequence[int]) -> str:
    calls, elapsed_ns = spent
    return f"{text.duration(elapsed_ns)} in {text.count(calls, 'call')}" if calls else "never"


def _shown(value: Json) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "on" if value else "off"
        case int():
            return f"{value:,}"
        case dict():
            listed = [f"{number:,} {name}" for name, number in sorted(value.items())]
            more = len(listed) - MOST_NAMES
            return ", ".join(listed[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "") or "none"
        case list():
            return ", ".join(map(str, value)) or "nothing"
        case _:
            return str(value)
