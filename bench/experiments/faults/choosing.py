"""Which tests a fault can concern: those that enter a function whose text it changes, as the clean run tells.

Regression test selection by functions (G. Rothermel, M. J. Harrold 1997, "A safe, efficient regression test selection
technique", ACM TOSEM 6(2), 173-210). It is safe only where what is entered does not vary; so some faults are also put
before the whole suite, and what that shows is compared.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.experiments.faults.runs import FaultRun
from bench.model import Json

LARGEST_SHARE: Final = 0.7
"""More tests than this share are not worth choosing: the whole suite runs."""


def changed_functions(module: str, text: str, lines: Iterable[int]) -> frozenset[str] | None:
    """Name the functions of a module that hold these lines, as MODULE:LINE of each `def`.

    None where a line belongs to none, or to a signature or a decorator: then the change concerns every test. Blank
    lines beside an insertion say nothing.
    """
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    written = text.splitlines()
    found = set()
    for line in lines:
        if line > len(written) or not written[line - 1].strip():
            continue
        inside = [node for node in functions if node.body[0].lineno <= line <= (node.end_lineno or 0)]
        if not inside or any(_begin(node) <= line < node.body[0].lineno for node in functions):
            return None
        found.add(f"{module}:{max(node.lineno for node in inside)}")
    return frozenset(found) or None


def _begin(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def chosen(entered: Json, functions: Iterable[str]) -> tuple[str, ...] | None:
    """List the tests that enter one of the functions; None for all of them.

    `entered` is the fact of that name which twinbench_calls notes. All are meant where nothing was noted, where a
    function is entered outside of a test, where no test enters one, and where nearly every test does.
    """
    if not isinstance(entered, Mapping) or not entered.get("tests"):
        return None
    if any(function in entered["always"] for function in functions):
        return None
    mask = 0
    for function in functions:
        mask |= int(entered["calls"].get(function, "0"), 16)
    tests = tuple(test for bit, test in enumerate(entered["tests"]) if mask >> bit & 1)
    return tests if 0 < len(tests) <= LARGEST_SHARE * len(entered["tests"]) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A test that sees a fault and was not chosen for it."""

    fault: str
    arm: str
    backend: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How many tests were run of how many that there are, over all runs on faults, and how the choice was checked.

    `checked` runs were made again with the whole suite; `missed` is what that showed beside.
    """

    run: int
    tests: int
    checked: int
    missed: tuple[Missed, ...]


def choice_of(first: Sequence[FaultRun], whole: Sequence[FaultRun], clean: Sequence[FaultRun]) -> Choice:
    """Compare runs of chosen tests with those of whole suites on some of the faults, and with the clean ones."""
    sizes = {(run.arm, run.backend): len(run.tests) for run in clean}
    ran = {(run.fault, run.arm, run.backend): set(run.tests) for run in first}
    compared = [run for run in whole if (run.fault, run.arm, run.backend) in ran]
    return Choice(
        run=sum(map(len, ran.values())),
        tests=sum(sizes.get((arm, backend), 0) for _, arm, backend in ran),
        checked=len(compared),
        missed=tuple(
            Missed(fault=run.fault, arm=run.arm, backend=run.backend, test=failure.test)
            for run in compared
            for failure in run.failures
            if failure.test not in ran[run.fault, run.arm, run.backend]
        ),
    )
