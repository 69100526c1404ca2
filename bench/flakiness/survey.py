"""The survey: which trials look for flakes, in which sequence.

First whole-suite trials by the design, each fitted to what the ones before taught. Then, with what is left of the
runs, tests that did not flip yet are run by themselves: those that have something to delay or draw random values under
more seeds, and those that a busy machine slowed down on a busier one. A suite run's worth of executions tries them
many times.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from bench.flakiness import knowledge, unseen
from bench.flakiness.bounds import percent
from bench.flakiness.conditions import REGISTRY, Circumstances, Setting, only
from bench.flakiness.design import FIXED, rotation
from bench.flakiness.notebook import Steps
from bench.flakiness.outcomes import Observation, broken, file_of, flipping, function_of, usable, verdicts
from bench.model import Trial
from bench.statistics import upper_bound
from bench.statistics.schedule import LARGEST_HASH_SEED

FOCUSED_SHARE = 0.15
LEAST_TRIALS = 12  # by then each axis was tried at most of its levels
MOST_LED = 200
STRAINED_EVERY, MOST_STRAINED = 4, 3
SLOWED, SHORTEST_NS = 2, 10_000_000  # a test that takes less does not miss a limit that anybody sets
SHORTEST_RUN = 4  # a focused run costs a start of the interpreter: at least the price of a few tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a survey may take: runs of the whole suite, seconds, jobs at once, and a bound that is enough.

    `until` ends it once no more than this share of runs can fail (95 %, exact); None goes on to the last run.
    """

    suite_runs: int
    seconds: float
    jobs: int = 1
    until: float | None = None


def conduct(seed: int, installed: Mapping[str, str], limits: Limits) -> Steps[tuple[Observation, ...]]:
    """Ask for the survey's trials: at most as many test executions as that many runs of the suite have."""
    seen: list[Observation] = []
    places = rotation(seed, installed)
    whole = limits.suite_runs if limits.until else max(1, round(limits.suite_runs * (1 - FOCUSED_SHARE)))
    while len(seen) < whole and not is_over(seen, limits):
        count = 1 if len(seen) < len(FIXED) else min(limits.jobs, whole - len(seen))
        seen += yield from _asked([fitted(each, seen) for each in itertools.islice(places, count)])
    return (*seen, *(yield from _focus(seed, seen, limits, runs=limits.suite_runs - whole)))


def is_over(seen: Sequence[Observation], limits: Limits) -> bool:
    """Whether the time is up, the bound is reached, or more runs would show nothing new."""
    if seconds(seen) / limits.jobs > limits.seconds:
        return True
    if limits.until is not None:
        return bool(seen) and bound(seen) <= limits.until
    return len(seen) >= LEAST_TRIALS + limits.suite_runs // 2 and unseen.is_exhausted(seen)


def bound(seen: Sequence[Observation]) -> float:
    """Give the exact upper bound of the share of runs in which a test fails that does not always fail."""
    whole = [each for each in usable(seen) if each.is_whole]
    always = set(broken(whole))
    bad = [any(not good and test not in always for test, good in verdicts(each.trial).items()) for each in whole]
    return upper_bound(sum(bad), len(bad)) if bad else 1.0


def promise(first: Trial, limits: Limits) -> str:
    """Say after the first trial what the budget can find."""
    price = first.wall_ns / 1e9
    runs = min(limits.suite_runs, max(1, int(limits.seconds * limits.jobs / max(price, 0.001))))
    return (
        f"a run of the suite takes {price:.1f} s: {runs} of them fit into the budget, each in an order and with delays "
        f"of its own. With 95 % confidence they show a flake that fails in {percent(1 - 0.05 ** (1 / runs))} of such "
        f"runs or more; a victim that needs one test before it is missed with a chance of {0.5**runs:.1g}, one with a "
        f"cleaner in between with {(2 / 3) ** runs:.1g}"
    )


def fitted(base: Circumstances, seen: Sequence[Observation]) -> Circumstances:
    """Fit a place of the design to what the trials before it taught of this suite."""
    whole = [each for each in usable(seen) if each.is_whole]
    chosen = replace(
        base,
        without=knowledge.hanging(seen),
        spared=knowledge.spared(whole),
        numbered=knowledge.unstable_functions(whole),
    )
    chosen = _shuffled_wider(chosen, whole)
    lead = [setting for setting in base.settings if setting.condition == "polluters-first"]
    return _led(chosen, lead[0], whole) if lead else chosen


def _shuffled_wider(chosen: Circumstances, whole: Sequence[Observation]) -> Circumstances:
    """Shuffle all tests where there are no two modules whose order could be changed."""
    if not whole or len({file_of(test.id) for test in whole[0].trial.tests}) > 1:
        return chosen
    settings = (
        Setting("random-order", setting.seed) if setting.condition in ("module-order", "nested-order") else setting
        for setting in chosen.settings
    )
    return replace(chosen, settings=tuple(settings))


def _led(chosen: Circumstances, lead: Setting, whole: Sequence[Observation]) -> Circumstances:
    """Put those first that leave something behind; where there are none, shuffle by the same seed."""
    stable = {test.id for each in whole[:1] for test in each.trial.tests}
    renamed = set(chosen.numbered)
    names = [
        test
        for test in knowledge.polluters(whole)
        if test in stable and test not in chosen.without and test.partition("[")[0] not in renamed
    ][:MOST_LED]
    others = tuple(setting for setting in chosen.settings if setting is not lead)
    if not names:
        return replace(chosen, settings=(Setting("random-order", lead.seed), *others))
    order = REGISTRY[lead.condition].apply(lead.seed).order
    return replace(chosen, order=replace(order, lead=tuple(reversed(names)) if order.reverse else tuple(names)))


def _focus(seed: int, seen: Sequence[Observation], limits: Limits, *, runs: int) -> Steps[list[Observation]]:
    """Run the tests that were delayed or drew random values by themselves, shuffled, under seed after seed."""
    found = list(seen)
    executions = runs * max((len(each.trial.tests) for each in seen), default=0)
    numbered = knowledge.unstable_functions([each for each in seen if each.is_whole])
    for number in itertools.count():
        pools = concerned(found), strained(found)
        chosen = pools[1] if pools[1] and (not pools[0] or number % STRAINED_EVERY == 0) else pools[0]
        tests = tuple(test for test in chosen if function_of(test) not in numbered)
        executions -= max(len(tests), SHORTEST_RUN)
        is_late = seconds(found) / limits.jobs > limits.seconds
        if not tests or executions < 0 or is_late or (not pools[0] and number >= MOST_STRAINED):
            break
        circumstances = _focused(seed, number, tests, is_strain=chosen is pools[1])
        found += yield from _asked([replace(circumstances, numbered=numbered)])
    return found[len(seen) :]


def concerned(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that were delayed or drew random values, without those that flipped already."""
    found = set(flipping(seen))
    ran = {test.id for each in seen for test in each.trial.tests}
    noted = dict.fromkeys(
        test for what in ("delayed", "random") for each in seen for test in each.trial.facts.get(what, ())
    )
    return tuple(test for test in noted if test in ran and test not in found)


def strained(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that a busy machine slowed down at least twofold, without those that flipped already."""
    found = set(flipping(seen))
    whole = [each for each in seen if each.is_whole]
    calm, busy = (
        [each for each in whole if is_busy is ("pressure" in each.circumstances.names)] for is_busy in (False, True)
    )
    before, after = _fastest(calm), _fastest(busy)
    slow = (test for test in after if after[test] >= max(SLOWED * before.get(test, after[test]), SHORTEST_NS))
    return tuple(test for test in slow if test not in found)


def _fastest(seen: Sequence[Observation]) -> dict[str, int]:
    """Give for each test the shortest call among its trials."""
    times: dict[str, int] = {}
    for each in seen:
        for test in each.trial.tests:
            times[test.id] = min(test.call_ns, times.get(test.id, test.call_ns))
    return times


def _focused(seed: int, number: int, tests: Sequence[str], *, is_strain: bool) -> Circumstances:
    rng = Random(f"{seed}/focused/{number}")  # noqa: S311 - recorded
    place = seed % 1000 + 100 + number
    delays = (Setting("schedule", place), Setting("random-values", place))
    return Circumstances(
        settings=(Setting("heavy-pressure", place),) if is_strain else delays,
        hash_seed=rng.randint(1, LARGEST_HASH_SEED),
        order=only(*rng.sample(list(tests), len(tests))),
    )


def _asked(chosen: Sequence[Circumstances]) -> Steps[list[Observation]]:
    trials = yield tuple(chosen)
    return [Observation(circumstances=each, trial=trial) for each, trial in zip(chosen, trials, strict=True)]


def seconds(seen: Sequence[Observation]) -> float:
    """Add up what trials took."""
    return sum(each.trial.wall_ns + each.trial.overhead_ns for each in seen) / 1e9
