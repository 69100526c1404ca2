"""The two dependency sets of a re-validation: chosen, taken up again, and written down."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench.commands import measuring
from bench.configuration.config import Config
from bench.dependency_sets import LockedSet, Resolver, choose, install, upgraded
from bench.dependency_sets.names import RESOLVED
from bench.errors import ConfigurationError, DependencySetError, UnresolvableError
from bench.running import environments
from bench.running.environments import SubjectEnvironment
from bench.storage import history
from bench.storage.run_folder import DependencySet, RevalidationRecord, RunFolder, SetFailure
from bench.terminal import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """The two sets by name, their pins where they resolve, and why the others do not."""

    before: str
    after: str
    sets: Mapping[str, LockedSet]
    failures: Mapping[str, SetFailure]

    @property
    def changes_nothing(self) -> bool:
        """Tell whether both sets hold the same packages."""
        found = list(self.sets.values())
        return len(found) == 2 and found[0].holds_the_same_as(found[1])


def chosen_upgrade(options: argparse.Namespace, found: Config, terminal: Terminal) -> Upgrade:
    """Resolve both sets; one that is ours to name and has no solution is an answer, what the user wrote an error."""
    if options.upgrade and options.to:
        raise ConfigurationError(
            "--to and --upgrade cannot be given together",
            cause="--upgrade changes single packages of the earlier set",
            hint="leave one of them out",
        )
    resolve = Resolver(root=found.root, cache=found.resolutions, notify=terminal.notice)
    names = getattr(options, "from") or "current", options.to or "latest"
    failures: dict[str, SetFailure] = {}

    def chosen(name: str, base: LockedSet | None) -> LockedSet | None:
        try:
            return choose(name, config=found, resolve=resolve, base=base)
        except UnresolvableError as error:
            if name not in RESOLVED:
                raise
            failures[name] = SetFailure(stage="resolve", message=f"{error}: {error.cause}")
            return None

    before = chosen(names[0], None)
    if options.upgrade and before is not None:
        after: LockedSet | None = upgraded(before, options.upgrade, config=found, resolve=resolve)
    else:
        after = chosen(names[1], before)
    return Upgrade(
        before=before.name if before else names[0],
        after=after.name if after else names[1],
        sets={lock.name: lock for lock in (before, after) if lock is not None},
        failures=failures,
    )


def resumed_upgrade(folder: RunFolder) -> Upgrade:
    """Take both sets as they were when the run began."""
    manifest = folder.read_manifest()
    record = manifest.revalidation
    assert record is not None, "asking.resumed_plan refuses other runs"
    return Upgrade(
        before=record.before,
        after=record.after,
        sets={name: LockedSet(name=name, text=found.text) for name, found in manifest.dependency_sets.items()},
        failures=record.failures,
    )


def installed(
    upgrade: Upgrade, found: Config, terminal: Terminal, *, again: bool
) -> tuple[Upgrade, Mapping[str, SubjectEnvironment]]:
    """Build the environments of both sets; one that does not install is noted, unless it did when the run began."""
    wanted = [lock for name, lock in upgrade.sets.items() if name not in upgrade.failures]
    built = install(wanted, cache=found.cache, notify=terminal.notice)
    if again and built.failures:
        raise DependencySetError(
            "the run cannot be continued: a dependency set does not install any more",
            cause="; ".join(built.failures.values()),
            hint="mend what uv says, or start a new run without --resume",
        )
    failures = {name: SetFailure(stage="install", message=words) for name, words in built.failures.items()}
    return replace(upgrade, failures={**upgrade.failures, **failures}), built.environments


def landed(lock: LockedSet, found: SubjectEnvironment | None) -> DependencySet:
    """Write down what was locked and what importlib.metadata saw of it; nothing landed of a set that failed."""
    written = measuring.dependency_set(found or environments.absent(lock.name, lock.text))
    return replace(
        written,
        locked=lock.versions_here,
        considered_until=lock.considered_until,
        modules={} if found is None else environments.modules(found),
    )


def record(upgrade: Upgrade, found: history.History) -> RevalidationRecord:
    """Write down what is compared, and the earlier re-validations without their long lists of versions."""
    lines = tuple(
        replace(line, before=replace(line.before, versions={}), after=replace(line.after, versions={}))
        for line in found.lines
    )
    return RevalidationRecord(
        before=upgrade.before,
        after=upgrade.after,
        failures=upgrade.failures,
        history=replace(found, lines=lines),
    )
