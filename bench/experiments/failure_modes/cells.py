"""List the cells of the grid: what exists, what does not and why, which cells the ADR names, which must fail."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import combinations, product
from types import MappingProxyType
from typing import Final

FACTORS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "scope": ("function", "module", "session", "event-loop", "none"),
        "engine": ("import", "per-loop", "session"),
        "pool": ("pooled", "null", "static"),
        "session": ("per-request", "shared", "sync"),
        "join": ("none", "default", "savepoint"),
        "client": ("asyncclient", "testclient-entered", "testclient"),
    }
)
TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scope": "loop scope",
        "engine": "engine",
        "pool": "pool",
        "session": "session",
        "join": "outer transaction",
        "client": "client",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Wiring:
    """One combination of the six factors."""

    scope: str
    engine: str
    pool: str
    session: str
    join: str
    client: str

    @property
    def id(self) -> str:
        """Return the name that the script takes."""
        return "/".join(astuple(self))

    @classmethod
    def parse(cls, cell_id: str) -> "Wiring":
        """Read an id again."""
        return cls(**dict(zip(FACTORS, cell_id.split("/"), strict=True)))

    @property
    def why_not(self) -> str:
        """Say why this combination does not exist; empty for one that does."""
        return next((reason for reason, holds in _REASONS if holds(self)), "")


_REASONS: Final[tuple[tuple[str, Callable[[Wiring], bool]], ...]] = (
    ("a plain test function runs in no loop of pytest-asyncio", lambda w: w.session == "sync" and w.scope != "none"),
    ("an async test runs in a loop of some scope", lambda w: w.session != "sync" and w.scope == "none"),
    ("a plain test function cannot await AsyncClient", lambda w: w.session == "sync" and w.client == "asyncclient"),
    (
        "TestClient runs no lifespan unless it is entered, so nothing opens an engine in the application's loop",
        lambda w: w.engine == "per-loop" and w.client == "testclient" and w.session != "shared",
    ),
    (
        "the outer transaction belongs to the test's loop and the application's engine to TestClient's",
        lambda w: (
            w.engine == "per-loop" and w.client != "asyncclient" and w.session == "per-request" and w.join != "none"
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A cell that the ADR describes, or one that must show a message."""

    id: str
    title: str
    section: str
    wiring: Wiring


def _named(name: str, title: str, section: str, cell_id: str) -> Named:
    return Named(id=name, title=title, section=section, wiring=Wiring.parse(cell_id))


ATTEMPTS: Final = (
    _named(
        "async-as-first-written",
        "async tests, one AsyncSession for test and application",
        "Alternative 1: Approach",
        "function/import/pooled/shared/none/asyncclient",
    ),
    _named(
        "session-loop",
        "the same with one loop for the session, by the event_loop fixture of its time",
        "Problems Encountered: Pytest-asyncio complexity",
        "event-loop/import/pooled/shared/none/asyncclient",
    ),
    _named(
        "null-pool",
        "the same with NullPool",
        "Alternative 1: Cons",
        "function/import/null/shared/none/asyncclient",
    ),
    _named(
        "guide",
        "NullPool and an outer transaction joined by savepoints, as the guide has it",
        "Future Enhancements",
        "function/session/null/shared/savepoint/asyncclient",
    ),
    _named(
        "mixed",
        "TestClient called from async tests that share their session",
        "Alternative 2",
        "function/import/pooled/shared/none/testclient-entered",
    ),
    _named(
        "selected",
        "TestClient and a synchronous session, the application on an engine made at import",
        "Alternative 3",
        "none/import/pooled/sync/none/testclient-entered",
    ),
)

GREENLET: Final = "greenlet_spawn has not been called"
OTHER_LOOP: Final = "attached to a different loop"
ANOTHER_OPERATION: Final = "another operation is in progress"
MESSAGES: Final = (GREENLET, OTHER_LOOP, ANOTHER_OPERATION)

# The cell that must show each message, and the backends where it can: aiosqlite answers every call from a thread of
# its own and wakes the loop that waits, so that neither a foreign loop nor a second operation is ever refused.
CONTROLS: Final[Mapping[str, tuple[Wiring, tuple[str, ...]]]] = MappingProxyType(
    {
        GREENLET: (Wiring.parse("session/session/null/shared/none/asyncclient"), ("sqlite", "postgresql")),
        OTHER_LOOP: (Wiring.parse("function/import/pooled/per-request/none/asyncclient"), ("postgresql",)),
        ANOTHER_OPERATION: (Wiring.parse("session/import/static/per-request/none/asyncclient"), ("postgresql",)),
    }
)


def combinations_of_factors() -> Iterator[Wiring]:
    """Yield every combination, existing or not."""
    for levels in product(*FACTORS.values()):
        yield Wiring(**dict(zip(FACTORS, levels, strict=True)))


def existing() -> tuple[Wiring, ...]:
    """Return the cells that can be run."""
    return tuple(wiring for wiring in combinations_of_factors() if not wiring.why_not)


def controls(backend: str) -> Mapping[str, Wiring]:
    """Return the cell that must show each message on a backend."""
    return {message: wiring for message, (wiring, backends) in CONTROLS.items() if backend in backends}


def balanced(cells: Sequence[Wiring]) -> tuple[Wiring, ...]:
    """Choose a part in which every pair of levels that exists occurs, greedily: most new pairs, then rarest levels.

    Pairwise covering designs find faults of one or two interacting factors (Cohen, Dalal, Fredman and Patton 1997,
    "The AETG system", IEEE Transactions on Software Engineering 23).
    """
    missing = {pair for cell in cells for pair in _pairs(cell)}
    used: Counter[tuple[str, str]] = Counter()
    chosen: list[Wiring] = []
    while missing:
        best = max(cells, key=lambda cell: (len(missing & _pairs(cell)), -sum(used[level] for level in _levels(cell))))
        chosen.append(best)
        missing -= _pairs(best)
        used.update(_levels(best))
    return tuple(chosen)


def standard_part() -> tuple[Wiring, ...]:
    """Return what a standard run measures first: the cells that the ADR describes, and a balanced part."""
    cells = existing()
    attempts = [attempt.wiring for attempt in ATTEMPTS]
    return tuple(dict.fromkeys((*attempts, *balanced(cells))))


def changed(one: Wiring, other: Wiring) -> tuple[str, ...]:
    """Return the factors in which two cells differ; plain tests and their session are one choice, `session`."""
    names = tuple(field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name))
    becomes_plain = "sync" in (one.session, other.session) and {"scope", "session"} <= set(names)
    return tuple(name for name in names if name != "scope") if becomes_plain else names


def neighbours(wiring: Wiring) -> tuple[Wiring, ...]:
    """Return the cells that differ in one factor."""
    return tuple(cell for cell in existing() if len(changed(wiring, cell)) == 1)


def _levels(cell: Wiring) -> tuple[tuple[str, str], ...]:
    return tuple(zip(FACTORS, astuple(cell), strict=True))


def _pairs(cell: Wiring) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair) for pair in combinations(_levels(cell), 2)}
