"""From runs under conditions to possible explanations, the most specific first; each is put to the test later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.flakiness.conditions import PLAIN, REGISTRY, Circumstances, Setting, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.fingerprint import is_about_limits, is_infrastructure
from bench.flakiness.notebook import PLAIN_LIKE, Notebook
from bench.flakiness.outcomes import Observation, failure
from bench.model import FailedPhase

CLOCKS = ("time-zone", "clock", "midnight")
VALUES = "random-values"
SURROUNDINGS = ("loop-debug", "pool-one", "pool-null", "fresh-home", "two-workers")
DELAYS = ("schedule", "long-delays")
SCARCE = ("one-core", "slow-database", "pressure", "heavy-pressure")
PRIOR_RUNS = 10  # a seed's runs are mixed with so many at the rate of its condition
Runs = Sequence[tuple[Observation, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """The test would fail under `circumstances` and pass under `control`; that would make it `flake_class`."""

    flake_class: FlakeClass
    circumstances: Circumstances
    control: Circumstances
    reason: str
    cause: str

    @property
    def is_about_load(self) -> bool:
        """Whether another run at the same time could decide the outcome."""
        return self.flake_class in (FlakeClass.RESOURCE, FlakeClass.SCHEDULE)


def hypotheses(notebook: Notebook, test: str) -> list[Hypothesis]:
    """List the explanations worth a test of their own."""
    runs = notebook.independent(test)
    makers: tuple[Callable[[str, Runs], list[Hypothesis]], ...] = (_clock, _hash, _values, _conditions)
    return [hypothesis for make in makers for hypothesis in make(test, runs)]


def worst(notebook: Notebook, test: str) -> tuple[Circumstances, float] | None:
    """Give the circumstances under which the test fails most often when it runs alone, and the rate.

    The rate is that of the condition over all its seeds: a single seed has too few runs for one of its own. The seed
    is the one that failed most, its few runs drawn towards that rate. None where it never ran alone.
    """
    runs = notebook.independent(test)
    rates = {name: _rate(runs, name) for name in dict.fromkeys(seen.condition for seen, _ in runs)}
    if not rates:
        return None
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


def class_of(names: Sequence[str], found: FailedPhase | None, *, is_race: bool = False) -> FlakeClass:
    """Give the class from the conditions that turn the outcome and the failure.

    A missed limit is scarcity, a wrong outcome under delays a race; `is_race`: delays turn the outcome too.
    """
    if any(name in CLOCKS for name in names):
        return FlakeClass.TIME
    if not names or VALUES in names:
        return FlakeClass.CHANCE
    if is_infrastructure(found) or any(name in SURROUNDINGS for name in names):
        return FlakeClass.INFRASTRUCTURE
    if is_about_limits(found):
        return FlakeClass.RESOURCE
    if all(name in SCARCE for name in names) and not is_race:
        return FlakeClass.RESOURCE
    return FlakeClass.SCHEDULE


def explained(  # noqa: PLR0911  # one sentence for each class
    flake_class: FlakeClass, part: Circumstances, control: Circumstances, *, passes_under: bool = False
) -> str:
    """Say in a sentence what the outcome depends on."""
    verb = "passes" if passes_under else "fails"
    match flake_class:
        case FlakeClass.TIME:
            return f"the wall clock decides: {verb} when it is changed ({part.condition})"
        case FlakeClass.CHANCE if not part.settings:
            other = "fails" if passes_under else "passes"
            return f"the hash seed decides: {part.hash_seed} {verb}, {control.hash_seed} {other}"
        case FlakeClass.CHANCE:
            return f"random values decide: seed {part.settings[0].seed} {verb}"
        case FlakeClass.INFRASTRUCTURE:
            return f"an event loop, pool or connection gives way ({part.condition})"
        case FlakeClass.RESOURCE:
            return f"a limit is missed when the machine is busy ({part.condition})"
        case _ if passes_under:
            return f"it does not wait for what it reads: it passes only if something is late ({part.condition})"
        case _:
            return f"the outcome depends on who comes first ({part.condition})"


def _made(
    flake_class: FlakeClass, seen: Observation, control: Circumstances, test: str, *, condition: str = ""
) -> Hypothesis:
    circumstances = _alone(seen.circumstances, test)
    if condition:
        settings = tuple(Setting(condition, setting.seed) for setting in circumstances.settings[:1])
        circumstances = replace(circumstances, settings=settings)
    names = circumstances.condition
    return Hypothesis(
        flake_class=flake_class,
        circumstances=circumstances,
        control=control,
        reason=explained(flake_class, circumstances, control),
        cause=f"under {names}" if names != PLAIN else f"with hash seed {circumstances.hash_seed}",
    )


def _clock(test: str, runs: Runs) -> list[Hypothesis]:
    return [
        _made(FlakeClass.TIME, seen, Circumstances(order=only(test), hash_seed=seen.circumstances.hash_seed), test)
        for name in CLOCKS
        for seen in _bad(runs, name)[:1]
        if _rate(runs, name) > _rate(runs, *PLAIN_LIKE)
    ]


def _hash(test: str, runs: Runs) -> list[Hypothesis]:
    good = [seen for seen, bad in runs if not bad and seen.condition in PLAIN_LIKE]
    return [
        _made(FlakeClass.CHANCE, seen, _alone(good[0].circumstances, test), test)
        for seen in _bad(runs, *PLAIN_LIKE)[:1]
        if good
    ]


def _values(test: str, runs: Runs) -> list[Hypothesis]:
    good = [seen for seen, bad in runs if not bad and seen.condition == VALUES]
    return [
        _made(
            FlakeClass.CHANCE,
            seen,
            replace(_alone(good[0].circumstances, test), hash_seed=seen.circumstances.hash_seed),
            test,
        )
        for seen in _bad(runs, VALUES)[:1]
        if good
    ]


def _conditions(test: str, runs: Runs) -> list[Hypothesis]:
    """Explain by what remains, the condition with the highest rate first, up to three seeds of each."""
    names = [name for name in REGISTRY if name in (*DELAYS, *SCARCE, *SURROUNDINGS) and _bad(runs, name)]
    names.sort(key=lambda name: -_rate(runs, name))
    names += ["heavy-pressure"] if "pressure" in names else []
    return [
        _made(
            class_of([name], failure([seen.trial], test), is_race=bool(_bad(runs, *DELAYS))),
            seen,
            Circumstances(order=only(test), hash_seed=seen.circumstances.hash_seed),
            test,
            condition=name,
        )
        for name in names
        for seen in (_bad(runs, name) or _bad(runs, "pressure"))[:3]
    ]


def _alone(circumstances: Circumstances, test: str) -> Circumstances:
    return replace(circumstances, order=only(test), spared=(), without=(), numbered=())


def _bad(runs: Runs, *names: str) -> list[Observation]:
    return [seen for seen, bad in runs if bad and seen.condition in names]


def _rate(runs: Runs, *names: str) -> float:
    outcomes = [bad for seen, bad in runs if seen.condition in names]
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
