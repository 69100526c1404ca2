"""How many processes run the micro-benchmarks, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.experiments.contract import Request
from bench.model import Contender, Size

NAME = "micro"
PROCESSES: Mapping[Size, int] = {"smoke": 1, "quick": 0, "standard": 1, "full": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """`processes` run the row of micro-benchmarks on each backend."""

    contender: Contender
    backends: tuple[str, ...]
    processes: int


def plan(request: Request) -> Study | None:
    """Time small operations where the configuration has a row for them; in smoke on the first backend alone."""
    row, processes = request.config.micro, PROCESSES[request.size]
    if row is None or not processes or request.alone or request.frame.dependency_sets:
        return None
    backends = tuple(backend for backend in request.frame.backends if backend in row.backends)
    return Study(contender=row, backends=backends[:1] if request.size == "smoke" else backends, processes=processes)
