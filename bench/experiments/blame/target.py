"""What is to be explained: a time, a ratio of times, a micro-cost, or a failure."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["wall", "cpu", "micro", "failure"]
COLLECTION = "collection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One question of an investigation.

    `over` is the contender below the line where a ratio is meant, '' for a time by itself. `name` is that of the
    micro-cost or of the failing test; COLLECTION stands for a suite that does not start.
    """

    measure: Measure
    contender: str
    backend: str
    over: str = ""
    name: str = ""

    @property
    def is_failure(self) -> bool:
        """Return whether nothing is timed."""
        return self.measure == "failure"

    @property
    def contenders(self) -> tuple[str, ...]:
        """List whose trials are needed."""
        return (self.contender, self.over) if self.over else (self.contender,)

    @property
    def words(self) -> str:
        """Describe what changed, as the object of "changed"."""
        where = "" if self.backend == "none" else f" on {self.backend}"
        match self.measure:
            case "failure" if self.name == COLLECTION:
                return f"whether {self.contender} starts{where}"
            case "failure":
                return f"the outcome of {self.name} in {self.contender}{where}"
            case "micro":
                return f"the micro-cost {self.name!r}{where}"
            case measure:
                name = "CPU" if measure == "cpu" else measure
                over = f" over {self.over}" if self.over else ""
                return f"the {name} time of {self.contender}{over}{where}"
