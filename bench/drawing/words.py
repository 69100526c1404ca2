"""The marks and colours of verdict words: a status is always a shape, a word and a colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bench.model import BACKEND_TITLES, Outcome
from bench.paired.finding import Metric

Tone = Literal["good", "bad", "open", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The shape before a verdict word and the tone that colours both."""

    sign: str
    tone: Tone


_EQUAL: Final = Mark(sign="≈", tone="plain")
_DIFFERENT: Final = Mark(sign="≠", tone="plain")
_OPEN: Final = Mark(sign="?", tone="open")
_INVALID: Final = Mark(sign="!", tone="bad")
_FAILED: Final = Mark(sign="✕", tone="bad")
_PASSED: Final = Mark(sign="✓", tone="good")
_ABSENT: Final = Mark(sign="·", tone="plain")

_MARKS: Final = (
    ("unchanged", _EQUAL),
    ("changed", _DIFFERENT),
    ("held", _PASSED),
    ("flipped", _FAILED),
    ("newly inconclusive", _OPEN),
    ("newly broken", _INVALID),
    ("newly measured", Mark(sign="+", tone="plain")),
    ("open before", _ABSENT),
    ("new", _INVALID),
    ("gone", _PASSED),
    ("under both", _ABSENT),
    ("supported", _PASSED),
    ("refuted", _FAILED),
    ("equivalent", _EQUAL),
    ("inconclusive", _OPEN),
    ("depends", _OPEN),
    ("invalid", _INVALID),
    ("not measured", _ABSENT),
    ("materially", _DIFFERENT),
    ("faster", _DIFFERENT),
    ("slower", _DIFFERENT),
    ("too few", _OPEN),
    ("passed", _PASSED),
    *((outcome.value, _FAILED) for outcome in Outcome if outcome is not Outcome.PASSED),
    ("better", Mark(sign="+", tone="plain")),
    ("worse", Mark(sign="−", tone="plain")),  # noqa: RUF001 - a minus sign, as wide as the plus above
    ("as good", Mark(sign="=", tone="plain")),
    ("unknown", _OPEN),
)
_GRAVEST_FIRST: Final = ("refuted", "invalid", "inconclusive", "not measured", "equivalent", "supported")

_DECISIONS: Final = {"stands": _PASSED, "challenged": _FAILED, "undetermined": _OPEN, "compared": _DIFFERENT}


METRIC_TITLES: Final[Mapping[Metric, str]] = {"wall": "wall", "cpu": "CPU", "setup": "set-up", "tests": "tests alone"}


def mark_of(words: str) -> Mark:
    """Find the mark of a verdict by its first word; of several counted verdicts the gravest gives it."""
    said = words.lower()
    gravest = next((verdict for verdict in _GRAVEST_FIRST if verdict in said), "")
    starts = [mark for start, mark in _MARKS if said.startswith(start)]
    return (starts or [mark for start, mark in _MARKS if start == gravest] or [_ABSENT])[0]


def outcome_mark(outcome: str) -> Mark:
    """Find the mark of a trial's outcome: all but one of them are failures."""
    return _PASSED if outcome == "passed" else _FAILED


def decision_mark(decision: str) -> Mark:
    """Find the mark of the decision."""
    return _DECISIONS[decision]


def backend_title(backend: str) -> str:
    """Name a database as its makers do; an unknown one keeps its id."""
    return BACKEND_TITLES.get(backend, backend)
