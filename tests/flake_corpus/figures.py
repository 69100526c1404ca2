"""The figures of the search on the corpus, from what it found and what is true."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.flakiness.findings import FlakeClass
from bench.flakiness.verdict import Diagnosis
from tests.flake_corpus.truth import STATES, true_causes, true_class


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts beside what they are counted out of, and the tests that were missed."""

    flaky: int
    found: int
    missed: tuple[str, ...]
    right_class: int
    wrong_class: tuple[str, ...]
    order_dependent: int
    right_cause: int
    wrong_cause: tuple[str, ...]
    right_state: int
    wrong_state: tuple[str, ...]
    most_bisection_runs: int
    allowed_bisection_runs: int
    replays: int
    proven: int
    unproven: tuple[str, ...]
    false_alarms: tuple[str, ...]


def figures(tests: Sequence[str], diagnoses: Sequence[Diagnosis]) -> Figures:
    """Compare the diagnoses of a hunt over `tests` with the truth."""
    flaky = [test for test in tests if true_class(test) is not None]
    found = [each for each in diagnoses if true_class(each.test) is not None]
    ordered = [each for each in found if true_class(each.test) is FlakeClass.ORDER]
    allowed = math.floor(2 * math.log2(len(tests)) + 10)
    right_cause = [
        each for each in ordered if frozenset(each.causes) == true_causes(each.test) and each.bisection_runs <= allowed
    ]
    right_state = [each for each in ordered if any(what.startswith(STATES[each.test]) for what in each.left)]
    right_class = [each for each in found if each.flake_class is true_class(each.test)]
    proven = [each for each in found if each.replay is not None and each.replay.is_proven]
    return Figures(
        flaky=len(flaky),
        found=len(found),
        missed=tuple(sorted(set(flaky) - {each.test for each in found})),
        right_class=len(right_class),
        wrong_class=tuple(f"{each.test}: {each.flake_class.value}" for each in found if each not in right_class),
        order_dependent=len(ordered),
        right_cause=len(right_cause),
        wrong_cause=tuple(
            f"{each.test}: {each.causes}, {each.bisection_runs} runs" for each in ordered if each not in right_cause
        ),
        right_state=len(right_state),
        wrong_state=tuple(f"{each.test}: {', '.join(each.left)}" for each in ordered if each not in right_state),
        most_bisection_runs=max((each.bisection_runs for each in ordered), default=0),
        allowed_bisection_runs=allowed,
        replays=len(found),
        proven=len(proven),
        unproven=tuple(each.test for each in found if each not in proven),
        false_alarms=tuple(each.test for each in diagnoses if true_class(each.test) is None),
    )
