"""What was counted in the sources."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.experiments.simplicity.counting import SuiteCount


@dataclass(frozen=True, slots=True, kw_only=True)
class SimplicityFinding:
    """The counts by contender."""

    suites: Mapping[str, SuiteCount]
