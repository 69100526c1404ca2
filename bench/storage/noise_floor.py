"""The ledger of A/A checks: how often this tool, over all its runs, called two equal things different."""

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import statistics, text
from bench.storage.files import ends_whole, json_bytes, storage_errors

if TYPE_CHECKING:  # the ledger is read with every manifest, and comparisons need numpy
    from bench.paired.finding import ComparisonFinding

SCHEMA = "noise-floor/1"
LEDGER = "noise-floor.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseFloorHistory:
    """A/A comparisons of wall time in earlier runs, how many of them came out different, and their ratios.

    Checks of before the ratio was kept are counted and have none.
    """

    checks: int
    alarms: int
    ratios: tuple[float, ...] = ()

    def words(self) -> str:
        """Say the measured false-alarm rate with its exact interval."""
        if not self.checks:
            return "no earlier A/A check"
        interval = statistics.clopper_pearson(self.alarms, self.checks)
        return (
            f"{text.count(self.alarms, 'false alarm')} in {text.count(self.checks, 'earlier A/A check')} "
            f"({interval.low * 100:.1f} to {interval.high * 100:.1f} %, 95 % interval){self._pooled()}"
        )

    def _pooled(self) -> str:
        """Say what the copy takes over all checks: a bias of the blocks would show there and in no single run."""
        if len(self.ratios) < 2:
            return ""
        found = statistics.estimate([math.log(ratio) for ratio in self.ratios])
        return (
            f"; over {text.count(len(self.ratios), 'check')} the copy takes {text.estimate_ratio(found)} the time "
            f"({text.percent(found.confidence)} interval {text.estimate_interval(found)})"
        )


def read(reports: Path) -> NoiseFloorHistory:
    """Count the ledger's entries; a damaged line is passed over."""
    entries = _entries(reports / LEDGER)
    ratios = [entry.get("ratio") for entry in entries]
    return NoiseFloorHistory(
        checks=len(entries),
        alarms=sum(bool(entry["different"]) for entry in entries),
        ratios=tuple(float(ratio) for ratio in ratios if isinstance(ratio, int | float) and ratio > 0),
    )


def append(reports: Path, run_id: str, comparisons: "Sequence[ComparisonFinding]") -> None:
    """Add the A/A comparisons of a finished run, once; those without an interval are no checks."""
    path = reports / LEDGER
    if any(entry["run"] == run_id for entry in _entries(path)):
        return
    lines = [_line(run_id, comparison) for comparison in comparisons if _is_check(comparison)]
    with storage_errors(path):
        torn = b"" if ends_whole(path) else b"\n"
        with open(path, "ab") as file:
            file.write(torn + b"".join(lines))


def _is_check(comparison: "ComparisonFinding") -> bool:
    estimate = comparison.estimate
    return (
        comparison.is_noise_floor and comparison.metric == "wall" and estimate is not None and estimate.low is not None
    )


def _line(run_id: str, comparison: "ComparisonFinding") -> bytes:
    entry = {
        "ratio": None if comparison.estimate is None else comparison.estimate.ratio,
        "run": run_id,
        "backend": comparison.backend,
        "contender": comparison.rival_contender,
        "blocks": comparison.blocks,
        "verdict": comparison.verdict,
        "different": comparison.verdict is not None and comparison.verdict.is_different,
    }
    return json_bytes(SCHEMA, entry, indent=None)


def _entries(path: Path) -> list[dict[str, object]]:
    entries = []
    if path.exists():
        for line in path.read_bytes().splitlines():
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict) and entry.get("schema") == SCHEMA and entry.keys() >= {"run", "different"}:
                    entries.append(entry)
    return entries
