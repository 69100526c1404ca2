"""The counts are part of the plan: they are exact, and taken of the sources as they are when the run begins."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from bench.experiments.contract import Request
from bench.experiments.simplicity.counting import SuiteCount, count
from bench.experiments.simplicity.source_text import SourceText

NAME = "simplicity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The counts by contender; contenders that name no sources are left out."""

    suites: Mapping[str, SuiteCount]


def plan(request: Request) -> Study | None:
    """Count the sources of every contender: that costs nothing, whether it is measured or not."""
    read = functools.cache(SourceText.read)
    counted = {row.id: count(row, root=request.config.root, read=read) for row in request.config.contenders}
    suites = {name: found for name, found in counted.items() if found is not None}
    return Study(suites=suites) if suites else None
