"""What one run of each suite under both sets says beforehand: what it loads, and what newly fails."""

from collections.abc import Iterator, Mapping, Sequence

from bench.dependency_sets.metadata import PackageMetadata
from bench.experiments.blame.constraints import Installed
from bench.experiments.blame.reading import NOT_STARTED
from bench.experiments.blame.target import COLLECTION, Target
from bench.model import Outcome, Trial

FAILED = frozenset({"failed", "error"})
MOST_FAILURES = 3
"""More tests that newly fail with other messages are left to a second run, with the first causes gone."""


def loaded_packages(trials: Sequence[Trial], *, old: Installed, new: Installed) -> frozenset[str] | None:
    """Name the packages of which some suite loaded a module; None if a suite did not say what it loaded.

    A package without modules of its own cannot be seen, and counts as loaded.
    """
    noted = [trial.facts.get("loaded") for trial in trials]
    if not all(noted):
        return None
    modules = {str(name) for lists in noted for names in lists or () for name in names}
    packages = [*old.values(), *new.values()]
    return frozenset(package.name for package in packages if _is_loaded(package, modules))


def newly_failing(before: Trial, after: Trial) -> tuple[Target, ...]:
    """Ask about what fails under the later set alone: a suite that does not start, or tests, one for each message."""
    if before.outcome in NOT_STARTED:
        return ()
    names = [COLLECTION] if after.outcome in NOT_STARTED else [test for test, _ in _by_message(before, after)]
    return tuple(
        Target(measure="failure", contender=after.cell.contender, backend=after.cell.backend, name=name)
        for name in names[:MOST_FAILURES]
    )


def is_timeable(trials: Sequence[Trial]) -> bool:
    """Return whether a suite passed under both sets, so that its times can be compared."""
    return all(trial.outcome is Outcome.PASSED for trial in trials)


def _is_loaded(package: PackageMetadata, modules: set[str]) -> bool:
    return not package.modules or bool(package.modules & modules)


def _by_message(before: Trial, after: Trial) -> Iterator[tuple[str, str]]:
    """Yield one newly failing test for each first line of a message."""
    passed = {test.id for test in before.tests if test.outcome == "passed"}
    messages: Mapping[str, str] = {each.id: each.message.strip().partition("\n")[0] for each in after.failures}
    seen: set[str] = set()
    for test in after.tests:
        message = messages.get(test.id, "")
        if test.id in passed and test.outcome in FAILED and message not in seen:
            seen.add(message)
            yield test.id, message
