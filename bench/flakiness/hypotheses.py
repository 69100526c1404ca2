"""From runs under conditions to possible explanations, the most specific first; each is put to the test later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.flakiness.conditions import REGISTRY, Circumstances, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.fingerprint import is_about_limits, is_infrastructure
from bench.flakiness.notebook import PLAIN_LIKE, Notebook
from bench.flakiness.outcomes import Observation, failure
from bench.model import FailedPhase

CLOCKS = ("time-zone", "clock", "midnight")
SURROUNDINGS = ("loop-debug", "pool-one", "pool-null", "fresh-home", "two-workers")
DELAYS = ("schedule", "long-delays")
SCARCE = ("one-core", "slow-database", "pressure", "heavy-pressure")
PRIOR_RUNS = 10  # a seed's own runs are mixed with so many at the rate of its condition
Runs = Sequence[tuple[Observation, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """The test would fail under `circumstances` and pass under `control`; that would make it `flake_class`."""

    flake_class: FlakeClass
    circumstances: Circumstances
    control: Circumstances
    reason: str


def hypotheses(notebook: Notebook, test: str) -> list[Hypothesis]:
    """List the explanations worth a test of their own."""
    runs = notebook.independent(test)
    makers: tuple[Callable[[str, Runs], list[Hypothesis]], ...] = (_clock, _hash, _values, _conditions)
    return [hypothesis for make in makers for hypothesis in make(test, runs)]


def worst(notebook: Notebook, test: str) -> tuple[Circumstances, float]:
    """Give the circumstances under which the test fails most often when it runs alone, and the rate.

    The rate is that of the condition over all its seeds: a single seed has too few runs for one of its own. The seed
    is the one that failed most, its few runs drawn towards that rate.
    """
    runs = notebook.independent(test)
    rates = {name: _rate(runs, name) for name in dict.fromkeys(seen.condition for seen, _ in runs)}
    name = max(rates, key=lambda each: (rates[each], each in PLAIN_LIKE))
    outcomes: dict[Circumstances, list[bool]] = {}
    for seen, bad in runs:
        if seen.condition == name:
            outcomes.setdefault(_alone(seen.circumstances, test), []).append(bad)
    drawn = {
        each: (sum(bad) + PRIOR_RUNS * rates[name]) / (len(bad) + PRIOR_RUNS)
        for each, bad in outcomes.items()
        if any(bad)
    }
    return max(drawn, key=drawn.__getitem__, default=_alone(Circumstances(), test)), rates[name]


def _clock(test: str, runs: Runs) -> list[Hypothesis]:
    return [
        Hypothesis(
            flake_class=FlakeClass.TIME,
            circumstances=_alone(seen.circumstances, test),
            control=Circumstances(order=only(test), hash_seed=seen.circumstances.hash_seed),
            reason=f"fails when the wall clock is changed ({seen.condition}), passes with the clock as it is",
        )
        for name in CLOCKS
        for seen in _bad(runs, name)[:1]
        if _rate(runs, name) > _rate(runs, *PLAIN_LIKE)
    ]


def _hash(test: str, runs: Runs) -> list[Hypothesis]:
    good = [seen for seen, bad in runs if not bad and seen.condition in PLAIN_LIKE]
    return [
        Hypothesis(
            flake_class=FlakeClass.CHANCE,
            circumstances=_alone(seen.circumstances, test),
            control=_alone(good[0].circumstances, test),
            reason=f"the hash seed decides: {seen.circumstances.hash_seed} fails, "
            f"{good[0].circumstances.hash_seed} passes",
        )
        for seen in _bad(runs, *PLAIN_LIKE)[:1]
        if good
    ]


def _values(test: str, runs: Runs) -> list[Hypothesis]:
    good = [seen for seen, bad in runs if not bad and seen.condition == "random-values"]
    return [
        Hypothesis(
            flake_class=FlakeClass.CHANCE,
            circumstances=_alone(seen.circumstances, test),
            control=replace(_alone(good[0].circumstances, test), hash_seed=seen.circumstances.hash_seed),
            reason=f"random values decide: seed {seen.circumstances.seed} fails, {good[0].circumstances.seed} passes",
        )
        for seen in _bad(runs, "random-values")[:1]
        if good
    ]


def _conditions(test: str, runs: Runs) -> list[Hypothesis]:
    """Explain by what remains, the condition with the highest rate first, up to three seeds of each."""
    names = [name for name in REGISTRY if name in (*DELAYS, *SCARCE, *SURROUNDINGS) and _bad(runs, name)]
    names.sort(key=lambda name: -_rate(runs, name))
    names += ["heavy-pressure"] if "pressure" in names else []
    return [
        Hypothesis(
            flake_class=_class(runs, name, failure([seen.trial], test)),
            circumstances=replace(_alone(seen.circumstances, test), condition=name),
            control=Circumstances(order=only(test), hash_seed=seen.circumstances.hash_seed),
            reason=_reason(runs, name, failure([seen.trial], test)),
        )
        for name in names
        for seen in (_bad(runs, name) or _bad(runs, "pressure"))[:3]
    ]


def _class(runs: Runs, name: str, found: FailedPhase | None) -> FlakeClass:
    """Tell race from scarcity: a missed limit is scarcity, a wrong outcome under delays a race."""
    if is_infrastructure(found) or name in SURROUNDINGS:
        return FlakeClass.INFRASTRUCTURE
    if is_about_limits(found):
        return FlakeClass.RESOURCE
    if name in SCARCE and not _bad(runs, *DELAYS):
        return FlakeClass.RESOURCE
    return FlakeClass.SCHEDULE


def _reason(runs: Runs, name: str, found: FailedPhase | None) -> str:
    rate, plain = _rate(runs, name), _rate(runs, *PLAIN_LIKE)
    what = {
        FlakeClass.INFRASTRUCTURE: "an event loop, pool or connection gives way",
        FlakeClass.RESOURCE: "a limit is missed when the machine is busy",
        FlakeClass.SCHEDULE: "the outcome depends on who comes first",
    }.get(_class(runs, name, found), "")
    return f"{what}: fails in {rate:.0%} of runs under {name}, in {plain:.0%} without"


def _alone(circumstances: Circumstances, test: str) -> Circumstances:
    return replace(circumstances, order=only(test))


def _bad(runs: Runs, *names: str) -> list[Observation]:
    return [seen for seen, bad in runs if bad and seen.condition in names]


def _rate(runs: Runs, *names: str) -> float:
    outcomes = [bad for seen, bad in runs if seen.condition in names]
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
