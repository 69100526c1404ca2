"""One statement of the decision record, made testable before the first measurement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bench.model import Json

Weight = Literal["decides", "informs"]
Under = Literal["conditions"] | None
"""Which trials a claim about failing rests on: those under conditions that provoke flakes, or timing trials alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement, weighed once per backend; the head of claims.toml lists the keys of each kind.

    `pairs` are compared beside subject and rival, each as (subject, rival). `terms` are keys that only the claim's kind
    knows.
    """

    id: str
    section: str
    statement: str
    goal: str
    kind: str
    subject: str
    weight: Weight
    backends: tuple[str, ...] = ()
    metric: str = ""
    rival: str | None = None
    layer: str | None = None
    limit_seconds: float | None = None
    margin: float | None = None
    alpha: float | None = None
    minimum_blocks: int | None = None
    at_least: int | None = None
    at_most: float | None = None
    fact: str | None = None
    under: Under = None
    pairs: tuple[tuple[str, str], ...] = ()
    terms: Mapping[str, Json] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Name everything that the claim speaks of, each once: without one of them it cannot be weighed."""
        every = (self.subject, self.rival, *(name for pair in self.pairs for name in pair))
        return tuple(dict.fromkeys(name for name in every if name is not None))
