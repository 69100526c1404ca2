"""How many flakes has the survey not shown yet? An estimate from those that it showed only once or twice."""

from collections import Counter
from collections.abc import Sequence

from bench.flakiness.findings import UnseenFinding
from bench.flakiness.outcomes import Observation, flipping, usable, verdicts


def estimate(seen: Sequence[Observation]) -> UnseenFinding | None:
    """Estimate from whole-suite trials the flakes that were not seen; None without trials.

    Chao's estimate for incidence data is a lower bound: flakes that none of the conditions provokes are not in it. The
    rarer outcome of a test is what counts as an incidence, so a test that seldom passes counts like one that seldom
    fails.
    """
    whole = [each for each in usable(seen) if each.is_whole]
    if not whole:
        return None
    found = flipping(whole)
    counts = Counter(_incidences(whole, test) for test in found)
    once, twice, trials = counts[1], counts[2], len(whole)
    share = (trials - 1) / trials
    unseen = share * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)
    next_run = min(once / trials, 1.0)
    return UnseenFinding(
        seen=len(found),
        once=once,
        twice=twice,
        unseen=round(unseen, 2),
        next_run=next_run,
        words=_words(len(found), once, unseen, next_run),
    )


def is_exhausted(seen: Sequence[Observation]) -> bool:
    """Whether flakes were found and none of them only once or twice: more trials of this kind would not pay."""
    found = estimate(seen)
    return found is not None and found.seen > 0 and found.once == found.twice == 0


def _incidences(whole: Sequence[Observation], test: str) -> int:
    shown = [good for each in whole for name, good in verdicts(each.trial).items() if name == test]
    return min(sum(shown), len(shown) - sum(shown))


def _words(found: int, once: int, unseen: float, next_run: float) -> str:
    if not found:
        return "no flake was seen, so nothing can be estimated of those that were not"
    seen = f"{found} flaky tests were seen" if found > 1 else "1 flaky test was seen"
    if not once:
        return f"{seen}, none of them only once: more runs of this kind are not expected to show another"
    return (
        f"{seen}, {once} of them once: at least {unseen:.1f} more are to be expected, and "
        f"the next run of this kind shows a new one with a chance of about {next_run:.0%} (Chao, Good-Turing)"
    )
