"""Read the claims: statements of the record made testable, written down before the first measurement."""

import hashlib
import math
import re
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
    alpha: float | None = None
    minimum_blocks: int | None = None
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
    """Turn the text of a claims file into claims; raise ConfigurationError naming line, claim, key and hint."""
    file = _ClaimsFile(source=source, text=text)
    try:
        rows = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{source} is not valid TOML", cause=str(error), hint="mend that line") from error
    claims = tuple(_claim(row, file) for row in rows)
    ids = [claim.id for claim in claims]
    for name in ids:
        if ids.count(name) > 1:
            raise file.wrong(name, "id", cause=f"the id {name!r} is given twice", hint="give each claim its own id")
    return claims


def check_names(claims: Sequence[Claim], *, contenders: Sequence[str], source: str, text: str) -> None:
    """Raise ConfigurationError if a claim speaks of a contender that the configuration does not have."""
    file = _ClaimsFile(source=source, text=text)
    for claim in claims:
        for key, name in (("subject", claim.subject), ("rival", claim.rival)):
            if name is not None and name not in contenders and claim.kind not in ("opinion", "unmeasured"):
                cause = f"{key} {name!r} is not a contender"
                raise file.wrong(claim.id, key, cause=cause, hint=f"the configuration has {', '.join(contenders)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClaimsFile:
    """The text of a claims file, to find the line of a claim's key."""

    source: str
    text: str

    def wrong(self, claim: str, key: str, *, cause: str, hint: str) -> ConfigurationError:
        """Make the error for a key of a claim."""
        line = self._line(claim, key)
        place = f"{self.source}, line {line}" if line else self.source
        return ConfigurationError(f"the claim {claim!r} is wrong: {place}", cause=cause, hint=hint)

    def _line(self, claim: str, key: str) -> int | None:
        """Find the key between the claim's id and the next claim, else the claim's id."""
        lines = list(enumerate(self.text.splitlines(), 1))
        start = next(
            (number for number, line in lines if re.match(rf"""id\s*=\s*["']{re.escape(claim)}["']""", line)), None
        )
        if start is None:
            return None
        for number, line in lines[start:]:
            if line.startswith("[["):
                break
            if re.match(rf"{re.escape(key)}\s*=", line):
                return number
        return start


def _claim(row: Mapping[str, object], file: _ClaimsFile) -> Claim:
    name = str(row.get("id", ""))
    known = Claim.__dataclass_fields__.keys()
    for key in sorted(row.keys() - known):
        raise file.wrong(name, key, cause=f"unknown key {key!r}", hint=f"known keys: {', '.join(known)}")
    try:
        claim = msgspec.convert(row, Claim)
    except msgspec.ValidationError as error:
        key = next(iter(re.findall(r"`\$\.(\w+)", str(error)) + re.findall(r"`(\w+)`", str(error))), "id")
        raise file.wrong(name, key, cause=str(error), hint="the head of bench/claims.toml lists the keys") from error
    for key in NEEDED[claim.kind]:
        if getattr(claim, key) is None:
            raise file.wrong(name, "kind", cause=f"kind {claim.kind!r} needs the key {key!r}", hint=f"add {key} = ...")
    _check_ranges(claim, file)
    return claim


# The open interval that a number must lie in.
RANGES: Mapping[str, tuple[float, float]] = {
    "margin": (0, 1),
    "alpha": (0, 0.5),
    "at_most": (0, 1),
    "at_least": (0, math.inf),
    "limit_seconds": (0, math.inf),
    "minimum_blocks": (0, math.inf),
}


def _check_ranges(claim: Claim, file: _ClaimsFile) -> None:
    metrics = METRICS.get(claim.kind, (claim.metric,))
    if claim.metric not in metrics:
        cause = f"kind {claim.kind!r} has no metric {claim.metric!r}"
        raise file.wrong(claim.id, "metric", cause=cause, hint=f"one of: {', '.join(metrics)}")
    for key, (low, high) in RANGES.items():
        number = getattr(claim, key)
        if number is not None and not low < number < high:
            raise file.wrong(claim.id, key, cause=f"{key} = {number} is out of range", hint=f"between {low} and {high}")
    for backend in claim.backends:
        if backend not in BACKENDS:
            hint = f"one of: {', '.join(BACKENDS)}"
            raise file.wrong(claim.id, "backends", cause=f"unknown backend {backend!r}", hint=hint)
