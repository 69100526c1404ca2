"""Read the claims: statements of the record made testable, written down before the first measurement."""

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from bench.errors import ConfigurationError
from bench.model import BACKENDS

Kind = Literal[
    "faster",
    "suite-limit",
    "layer-limit",
    "fewer",
    "absent",
    "at-least-tests",
    "never-fails",
    "fails-less",
    "spared-errors",
    "cannot-do-without",
    "equal-work",
    "opinion",
    "unmeasured",
]
COUNTS = (
    "logical_lines",
    "async_tokens",
    "fixtures",
    "configuration_keys",
    "plumbing_names",
    "cyclomatic_complexity",
)
DURATIONS = ("wall", "cpu", "setup")

# Which keys a kind needs beyond those that every claim has, and which metrics it knows.
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "faster": ("rival",),
    "suite-limit": ("limit_seconds",),
    "layer-limit": ("layer", "limit_seconds"),
    "fewer": ("rival",),
    "absent": (),
    "at-least-tests": ("at_least",),
    "never-fails": ("at_most",),
    "fails-less": ("rival",),
    "spared-errors": ("rival", "at_most"),
    "cannot-do-without": (),
    "equal-work": ("rival",),
    "opinion": ("fact",),
    "unmeasured": ("fact",),
}
METRICS: Mapping[Kind, tuple[str, ...]] = {
    "faster": DURATIONS,
    "suite-limit": ("wall",),
    "layer-limit": ("test",),
    "fewer": COUNTS,
    "absent": COUNTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement, weighed once per backend; see the head of claims.toml for the keys of each kind."""

    id: str
    section: str
    statement: str
    goal: str
    kind: Kind
    subject: str
    weight: Literal["decides", "informs"]
    backends: tuple[str, ...] = ()
    metric: str = ""
    rival: str | None = None
    layer: str | None = None
    limit_seconds: float | None = None
    margin: float | None = None
    at_least: int | None = None
    at_most: float | None = None
    fact: str | None = None


def read_text(path: Path | None) -> str:
    """Read the claims file, '' without one; raise ConfigurationError if it cannot be read."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"cannot read the claims {path}", cause=str(error), hint="mend `claims` in [tool.bench], or remove it"
        ) from error


def hash_of(text: str) -> str:
    """Hash the claims as they stand, so that a later edit shows."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, *, source: str) -> tuple[Claim, ...]:
    """Turn the text of a claims file into claims; raise ConfigurationError naming claim, key and hint."""
    try:
        rows = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{source} is not valid TOML", cause=str(error), hint="mend that line") from error
    claims = tuple(_claim(row, source=source, text=text) for row in rows)
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise _wrong(source, text, claim.id, f"the id {claim.id!r} is given twice", "give each claim its own id")
        seen.add(claim.id)
    return claims


def check_names(claims: Sequence[Claim], *, contenders: Sequence[str], source: str, text: str) -> None:
    """Raise ConfigurationError if a claim speaks of a contender that the configuration does not have."""
    for claim in claims:
        for name in filter(None, (claim.subject, claim.rival)):
            if name not in contenders and claim.kind not in ("opinion", "unmeasured"):
                raise _wrong(
                    source,
                    text,
                    claim.id,
                    f"claim {claim.id!r} speaks of the unknown contender {name!r}",
                    f"the configuration has {', '.join(contenders)}",
                )


def _claim(row: Mapping[str, object], *, source: str, text: str) -> Claim:
    name = str(row.get("id", "(no id)"))
    unknown = sorted(row.keys() - Claim.__dataclass_fields__.keys())
    if unknown:
        known = ", ".join(Claim.__dataclass_fields__)
        raise _wrong(source, text, name, f"claim {name!r} has the unknown key {unknown[0]!r}", f"known keys: {known}")
    try:
        claim = msgspec.convert(row, Claim)
    except msgspec.ValidationError as error:
        raise _wrong(
            source, text, name, f"claim {name!r}: {error}", "the head of claims.toml lists the keys"
        ) from error
    for key in NEEDED[claim.kind]:
        if getattr(claim, key) is None:
            raise _wrong(source, text, name, f"claim {name!r} of kind {claim.kind!r} needs {key!r}", "add the key")
    _check_ranges(claim, source=source, text=text)
    return claim


def _check_ranges(claim: Claim, *, source: str, text: str) -> None:
    metrics = METRICS.get(claim.kind)
    if metrics is not None and claim.metric not in metrics:
        raise _wrong(
            source,
            text,
            claim.id,
            f"claim {claim.id!r} has the unknown metric {claim.metric!r}",
            f"one of: {', '.join(metrics)}",
        )
    for key, low, high in (
        ("margin", 0, 1),
        ("at_most", 0, 1),
        ("limit_seconds", 0, math.inf),
        ("at_least", 0, math.inf),
    ):
        number = getattr(claim, key)
        if number is not None and not low < number < high:
            raise _wrong(
                source,
                text,
                claim.id,
                f"claim {claim.id!r}: {key} {number} is out of range",
                f"between {low} and {high}",
            )
    for backend in claim.backends:
        if backend not in BACKENDS:
            raise _wrong(
                source,
                text,
                claim.id,
                f"claim {claim.id!r}: unknown backend {backend!r}",
                f"one of: {', '.join(BACKENDS)}",
            )


def _wrong(source: str, text: str, name: str, cause: str, hint: str) -> ConfigurationError:
    line = next((number for number, row in enumerate(text.splitlines(), 1) if f'"{name}"' in row), None)
    place = f"{source}, line {line}" if line else source
    return ConfigurationError(f"a claim is wrong: {place}", cause=cause, hint=hint)
