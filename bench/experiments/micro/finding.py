"""What small operations cost."""

from dataclasses import dataclass

from bench.model import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroCost:
    """One small operation timed with pytest-benchmark in the subject environment.

    `median_ns` is the median over processes of the benchmark's own median; `low_ns` to `high_ns` the
    range over processes. Never mixed with whole-suite times.
    """

    name: str
    group: str
    style: Style
    backend: str
    median_ns: float
    low_ns: float
    high_ns: float
    processes: int
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroFinding:
    """The costs, and which processes failed."""

    costs: tuple[MicroCost, ...]
    failures: tuple[str, ...]
