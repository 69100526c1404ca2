"""A condition: a named, seeded change of a trial's circumstances that does not touch the code under test."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench.flakiness.findings import FlakeClass

PLAIN = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which tests run, in which order; the fields are those of the plugin `twinbench_order`."""

    seed: int | None = None
    reverse: bool = False
    first: int | None = None
    then: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def is_natural(self) -> bool:
        """Tell whether this is the suite as it is collected."""
        return self == NATURAL

    def as_json(self) -> str:
        """Write the order as the plugin reads it."""
        wish: dict[str, object] = {}
        if self.seed is not None:
            wish["seed"] = self.seed
        if self.reverse:
            wish["reverse"] = True
        if self.first is not None:
            wish["first"] = self.first
        if self.then:
            wish["then"] = list(self.then)
        if self.without:
            wish["without"] = list(self.without)
        return json.dumps(wish)


NATURAL = Order()


def only(*tests: str) -> Order:
    """Run exactly these tests in this order."""
    return Order(first=0, then=tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A condition under one seed: plugins and environment for the process, perhaps an order."""

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
        """Tell whether the condition can be applied where these packages are installed."""
        return not self.packages or any(package in installed for package in self.packages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Everything that is chosen for one trial beside the cell; `without` are tests to leave out, as they hang."""

    condition: str = PLAIN
    seed: int = 0
    order: Order = NATURAL
    hash_seed: int = 1
    without: tuple[str, ...] = ()
