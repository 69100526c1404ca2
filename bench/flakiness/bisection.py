"""Find the smallest cause of an order-dependent outcome among the tests that ran before it.

A binary search over prefixes of the failing order: `shows(prefix, then)` runs the prefix, then the causes
already found, then the test, and tells whether the outcome shows. Each search keeps "the empty prefix
does not show it, this one does", so it ends at a step where one more test makes the difference, even where
other tests clean up in between; the search is repeated with that test kept until it is enough by itself.
One polluter among n costs log2(n) runs and one to confirm it; delta debugging (A. Zeller, R. Hildebrandt 2002,
"Simplifying and isolating failure-inducing input", IEEE TSE 28(2)) would ask both halves each time.
"""

from collections.abc import Callable, Generator, Sequence

from bench.flakiness.conditions import Circumstances
from bench.model import Trial

Runs = Generator[Circumstances, Trial, bool]
LARGEST_CAUSE = 3


def minimal_cause(
    candidates: Sequence[str],
    shows: Callable[[int, tuple[str, ...]], Runs],
    *,
    suspected: Sequence[str] = (),
) -> Generator[Circumstances, Trial, tuple[str, ...]]:
    """Return the tests that together make the outcome show, in running order; () if it cannot be pinned down.

    `candidates` ran, in this order, before the test, and the outcome shows after all of them;
    `shows(n, then)` asks for the first n of them and `then`. `suspected` are tried first, one run each.
    """
    for test in suspected:
        if test in candidates and (yield from shows(0, (test,))):
            return (test,)
    found: tuple[str, ...] = ()
    end = len(candidates)
    while end and len(found) < LARGEST_CAUSE:
        end = yield from _shortest(end, found, shows)
        found = (candidates[end], *found)
        if (yield from shows(0, found)):
            return found
    return ()


def _shortest(
    end: int, found: tuple[str, ...], shows: Callable[[int, tuple[str, ...]], Runs]
) -> Generator[Circumstances, Trial, int]:
    """Return the index of the last test of the shortest prefix that shows the outcome."""
    absent, present = 0, end
    while present - absent > 1:
        middle = (absent + present) // 2
        if (yield from shows(middle, found)):
            present = middle
        else:
            absent = middle
    return present - 1
