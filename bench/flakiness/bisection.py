"""Find the smallest cause of an order-dependent outcome among the tests that ran before it.

A binary search over prefixes of the failing order: `shows(prefix, then)` runs the prefix, then the causes
already found, then the test, and answers whether the outcome shows. Each search keeps "the empty prefix
does not show it, this one does", so it ends at a step where one more test makes the difference, even where
other tests clean up in between; the search is repeated with that test kept until it is enough by itself.
One polluter among n costs log2(n) runs and one to confirm it; delta debugging (A. Zeller, R. Hildebrandt 2002,
"Simplifying and isolating failure-inducing input", IEEE TSE 28(2)) would ask both halves each time.
"""

import functools
from collections.abc import Callable, Sequence

from bench.flakiness.notebook import Steps

LARGEST_CAUSE = 6


def minimal_cause(
    candidates: Sequence[str],
    shows: Callable[[int, tuple[str, ...]], Steps[bool]],
    *,
    found: tuple[str, ...] = (),
    most: int = LARGEST_CAUSE,
) -> Steps[tuple[str, ...]]:
    """Return the tests that together make the outcome show, in running order.

    `candidates` ran, in this order, before the test, and the outcome shows after all of them;
    `shows(n, then)` asks for the first n of them and `then`. `found` are causes that are known to be among those
    that are needed. () if more than `most` are.
    """
    end = len(candidates)
    while end and len(found) < most:
        end = (yield from shortest(end, functools.partial(_then, shows, found))) - 1
        found = (candidates[end], *found)
        if (yield from shows(0, found)):
            return found
    return ()


def _then(shows: Callable[[int, tuple[str, ...]], Steps[bool]], then: tuple[str, ...], count: int, /) -> Steps[bool]:
    return shows(count, then)


def shortest(end: int, shows: Callable[[int], Steps[bool]]) -> Steps[int]:
    """Return the length of the shortest prefix that shows the outcome, where `end` shows it and nothing does not."""
    absent, present = 0, end
    while present - absent > 1:
        middle = (absent + present) // 2
        if (yield from shows(middle)):
            present = middle
        else:
            absent = middle
    return present
