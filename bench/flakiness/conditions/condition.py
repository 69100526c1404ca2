"""A condition: a named, seeded change of a trial's circumstances that does not touch the code under test."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from bench.flakiness.findings import FlakeClass

PLAIN = "same"
Level = Literal["all", "nested", "modules", "classes"]
"""What a seed shuffles: all tests; modules and the tests inside them; only modules; only classes and functions."""

LONGEST_NAME = 200
ABBREVIATED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which tests run, in which order; the fields are those of the plugin `twinbench_order`.

    `lead` goes first, `then` last, and `first` counts what is left between them. `of` keeps only tests below a
    file, class or function; `files` are the only test files that are collected at all.
    """

    seed: int | None = None
    level: Level = "all"
    reverse: bool = False
    lead: tuple[str, ...] = ()
    of: str = ""
    first: int | None = None
    then: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every test runs that is not left out."""
        return self.first is None and not self.of and not self.files

    def as_json(self, *, numbered: tuple[str, ...] = ()) -> str:
        """Write the order as the plugin reads it; `numbered` are functions whose ids are replaced by numbers."""
        wish: dict[str, object] = {
            "seed": self.seed,
            "level": None if self.seed is None or self.level == "all" else self.level,
            "reverse": self.reverse or None,
            "lead": [abbreviated(test) for test in self.lead] or None,
            "of": self.of or None,
            "first": self.first,
            "then": [abbreviated(test) for test in self.then] or None,
            "without": [abbreviated(test) for test in self.without] or None,
            "files": list(self.files) or None,
            "numbered": list(numbered) or None,
        }
        return json.dumps({name: chosen for name, chosen in wish.items() if chosen is not None})


NATURAL = Order()


def only(*tests: str) -> Order:
    """Run exactly these tests in this order."""
    return Order(first=0, then=tests)


def abbreviated(test: str) -> str:
    """Shorten an id that is too long for a command line to its beginning and a digest; the plugins know both."""
    if len(test) <= LONGEST_NAME:
        return test
    return f"{test[:ABBREVIATED]}#{hashlib.sha256(test.encode()).hexdigest()[:ABBREVIATED]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Conditions under their seeds: plugins and environment for the process, perhaps an order."""

    plugins: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    order: Order = NATURAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One way to provoke flakes.

    `apply` turns a seed into what the process needs. `reveals` are the classes of flakes it may show.
    `packages`: one of them must be installed in the subject environment, none means that it always fits.
    `slowdown` is how many times as long a suite may take, as far as that can be known before it was tried.
    """

    name: str
    title: str
    reveals: tuple[FlakeClass, ...]
    apply: Callable[[int], Applied]
    packages: tuple[str, ...] = ()
    slowdown: float = 1.0

    def fits(self, installed: Mapping[str, str]) -> bool:
        """Whether the condition can be applied where these packages are installed."""
        return not self.packages or any(package in installed for package in self.packages)


class Setting(NamedTuple):
    """A condition with its seed."""

    condition: str
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Everything that is chosen for one trial beside the cell.

    `settings` are the conditions that it carries together. `without` are tests to leave out, as they hang.
    `spared` are, by condition, tests that it leaves alone, because it breaks them each time. `numbered` are
    functions whose ids differ in each process and are replaced by numbers. `copied_without` runs the suite in
    a fresh copy of its folder that lacks these files; None runs it where it is.
    """

    settings: tuple[Setting, ...] = ()
    order: Order = NATURAL
    hash_seed: int = 1
    without: tuple[str, ...] = ()
    spared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    numbered: tuple[str, ...] = ()
    copied_without: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Name the conditions, the plain one where there is none."""
        return tuple(setting.condition for setting in self.settings) or (PLAIN,)

    @property
    def condition(self) -> str:
        """Name the conditions in one word."""
        return "+".join(self.names)


def under(condition: str, seed: int = 0, **changes: Any) -> Circumstances:
    """Choose one condition alone; nothing but `changes` for the plain one."""
    return Circumstances(settings=() if condition == PLAIN else (Setting(condition, seed),), **changes)
