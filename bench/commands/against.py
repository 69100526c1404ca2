"""`python -m bench report RUN --against RUN`: what two runs say, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench import text
from bench.commands import judging
from bench.errors import ExitCode
from bench.model import Json, on_backend
from bench.results import Results
from bench.storage import journal
from bench.storage.run_folder import Manifest, RunFolder
from bench.terminal import Terminal

AT_START = "load at start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the runs: what it was, and what it says."""

    manifest: Manifest
    results: Results


def show(first: RunFolder, second: RunFolder, terminal: Terminal) -> ExitCode:
    """Print decision, claims and ratios of both runs, and times where both ran on one machine."""
    sides = (_side(first), _side(second))
    names = [side.manifest.run_id for side in sides]
    rows = list(_rows(*sides))
    for line in text.aligned([("", *names), *rows]):
        terminal.result(line)
    for line in (differing := _machines(*sides)):
        terminal.result(line)
    terminal.document(
        {
            "schema": "against/1",
            "runs": names,
            "rows": [list(row) for row in rows],
            "times_are_compared": not differing,
            "machines": list(differing),
        }
    )
    return ExitCode.JUDGED


def _side(folder: RunFolder) -> Side:
    manifest = folder.read_manifest()
    trials, _ = journal.read(folder.journal)
    return Side(manifest=manifest, results=judging.judged(manifest, trials).results)


def _rows(first: Side, second: Side) -> Iterator[tuple[str, ...]]:
    sides = (first, second)
    yield ("decision", *(side.results.decision.decision.value for side in sides))
    yield ("profile", *(side.manifest.plan.frame.profile for side in sides))
    yield ("revision", *(side.manifest.revision for side in sides))
    yield ("valid", *("no" if side.results.invalid_because else "yes" for side in sides))
    claims = [{claim.id: claim.verdict.value for claim in side.results.claims} for side in sides]
    for name in dict.fromkeys((*claims[0], *claims[1])):
        yield (name, *(found.get(name, text.NOTHING) for found in claims))
    ratios = [dict(_ratios(side.results)) for side in sides]
    for name in dict.fromkeys((*ratios[0], *ratios[1])):
        yield (name, *(found.get(name, text.NOTHING) for found in ratios))
    if not _machines(first, second):
        times = [dict(_times(side.results)) for side in sides]
        for name in dict.fromkeys((*times[0], *times[1])):
            yield (name, *(found.get(name, text.NOTHING) for found in times))


def _ratios(results: Results) -> Iterator[tuple[str, str]]:
    for each in results.comparisons:
        if each.metric == "wall" and not each.is_noise_floor and each.estimate is not None:
            name = f"{each.rival_contender} over {each.baseline_contender}{on_backend(each.backend)}"
            yield name, f"{text.estimate_ratio(each.estimate)} ({text.estimate_interval(each.estimate)})"


def _times(results: Results) -> Iterator[tuple[str, str]]:
    for cell in results.cells:
        if not cell.is_copy:
            yield f"wall time of {cell.contender}{on_backend(cell.backend)}", text.duration(cell.median_wall_ns)


def _machines(first: Side, second: Side) -> tuple[str, ...]:
    """Say why the times of both runs are not compared; () where one machine ran both."""
    machines: list[dict[str, Json]] = [{**side.manifest.machine, AT_START: ""} for side in (first, second)]
    names = sorted(name for name in {*machines[0], *machines[1]} if machines[0].get(name) != machines[1].get(name))
    if not names:
        return ()
    said = "; ".join(
        f"{name}: {machines[0].get(name, 'unknown')} and {machines[1].get(name, 'unknown')}" for name in names
    )
    return (f"times are not compared, for the machines differ ({said}); ratios are, each of its own machine",)
