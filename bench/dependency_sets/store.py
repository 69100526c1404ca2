"""Environments on demand: each dependency set is built when a trial first names it, and recorded before that."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from bench.dependency_sets.locked import LockedSet
from bench.errors import ConfigurationError, DependencySetError, RegistryError
from bench.running.environments import SubjectEnvironment


class Build(Protocol):
    """How an environment is made: `bench.running.environments.install` with its cache and its notes bound."""

    def __call__(self, name: str, text: str) -> SubjectEnvironment:
        """Build, or find in the cache, the environment of a set's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBuilt:
    """Why a set has no environment: an answer about the set, not an error of the run."""

    because: str


class EnvironmentStore:
    """The dependency sets of one run, by name, and the environments built so far.

    `record` is called with a set before its first environment is asked for, so that no trial is journalled whose set
    is unknown; `chosen` are the sets known from the start, of a resumed run those it recorded. Safe to use from
    several threads: a set is built once, and different sets are built at the same time.
    """

    def __init__(
        self, chosen: Sequence[LockedSet], *, build: Build, record: Callable[[LockedSet], None] = lambda _: None
    ) -> None:
        """Know the chosen sets; build nothing yet."""
        self._build, self._record = build, record
        self._sets: dict[str, LockedSet] = {}
        self._recorded: set[str] = set()
        self._answers: dict[str, SubjectEnvironment | NotBuilt] = {}
        self._guard = threading.Lock()
        self._building: dict[str, threading.Lock] = {}
        for each in chosen:
            self.add(each)

    def add(self, locked: LockedSet) -> None:
        """Make a set known by its name; nothing is built. Raises ConfigurationError if the name means another set."""
        with self._guard:
            known = self._sets.setdefault(locked.name, locked)
        if not known.holds_the_same_as(locked):
            raise ConfigurationError(
                f"two dependency sets are called {locked.name!r}",
                cause="the run knows this name with other pins",
                hint="give the file another name, or start a new run",
            )

    @property
    def sets(self) -> Mapping[str, LockedSet]:
        """Map names to all known sets, in the order in which they became known."""
        with self._guard:
            return dict(self._sets)

    @property
    def built(self) -> Mapping[str, SubjectEnvironment]:
        """Map names to the environments that trials had so far."""
        with self._guard:
            return {name: each for name, each in self._answers.items() if isinstance(each, SubjectEnvironment)}

    def environment(self, name: str) -> SubjectEnvironment | NotBuilt:
        """Return the environment of a known set, built at the first call.

        Raises RegistryError if nobody answers (not remembered: a later call asks again), KeyError for an unknown name.
        """
        with self._guard:
            locked = self._sets[name]
            lock = self._building.setdefault(name, threading.Lock())
        with lock:
            if name not in self._answers:
                self._write_down(locked)
                answer = self._ask(locked)
                with self._guard:
                    self._answers[name] = answer
            return self._answers[name]

    def environments(self, names: Sequence[str]) -> Mapping[str, SubjectEnvironment | NotBuilt]:
        """Return several environments, those that are missing built at the same time."""
        distinct = list(dict.fromkeys(names))
        with ThreadPoolExecutor(max_workers=max(len(distinct), 1)) as pool:
            return dict(zip(distinct, pool.map(self.environment, distinct), strict=True))

    def _write_down(self, locked: LockedSet) -> None:
        with self._guard:
            is_new = locked.name not in self._recorded
            self._recorded.add(locked.name)
        if is_new:
            self._record(locked)

    def _ask(self, locked: LockedSet) -> SubjectEnvironment | NotBuilt:
        try:
            return self._build(locked.name, locked.text)
        except RegistryError:
            raise
        except DependencySetError as error:
            return NotBuilt(because=f"{error}: {error.cause}")
