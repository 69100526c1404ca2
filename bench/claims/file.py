"""Read the claims: statements of the record made testable, written down before the first measurement."""

import hashlib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import msgspec

from bench.claims.lines import ClaimsFile
from bench.errors import ConfigurationError
from bench.model import BACKENDS, NO_BACKEND

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
    "works",
    "equal-work",
    "loop-per-request",
    "same-drivers",
    "factor",
    "opinion",
    "unmeasured",
]
Under = Literal["conditions"] | None
"""Which trials a claim about failing rests on: those under conditions that provoke flakes, or timing trials alone."""

COUNTS = (
    "logical_lines",
    "async_tokens",
    "fixtures",
    "configuration_keys",
    "plumbing_names",
    "cyclomatic_complexity",
)
DURATIONS = ("wall", "cpu", "setup")

LAYERS = ("unit", "integration", "api")

# Which keys a kind needs beyond those that every claim has, which others it uses, and which metrics it knows.
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
    "works": (),
    "equal-work": ("rival",),
    "loop-per-request": (),
    "same-drivers": ("rival",),
    "factor": ("rival",),
    "opinion": ("fact",),
    "unmeasured": ("fact",),
}
USED: Mapping[Kind, tuple[str, ...]] = {
    "faster": ("margin", "alpha", "minimum_blocks"),
    "factor": ("margin", "alpha", "minimum_blocks"),
    "fewer": ("margin",),
    "never-fails": ("under",),
    "fails-less": ("alpha", "at_most", "under"),
    "spared-errors": ("under",),
}
METRICS: Mapping[Kind, tuple[str, ...]] = {
    "faster": DURATIONS,
    "factor": ("wall", "cpu"),
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
    under: Under = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The claims of one backend that decide by a comparison of times: how many, and how many blocks they ask for."""

    comparisons: int
    minimum_blocks: int


def family(claims: Sequence[Claim]) -> Family:
    """Give the largest family over all backends: what a plan must be ready for."""
    deciding = [claim for claim in claims if claim.weight == "decides" and claim.kind == "faster"]
    places = [backend for claim in deciding for backend in claim.backends or (NO_BACKEND,)]
    return Family(
        comparisons=max((places.count(place) for place in places), default=1),
        minimum_blocks=max((claim.minimum_blocks or 0 for claim in deciding), default=0),
    )


def read(path: Path | None, *, contenders: Sequence[str]) -> tuple[str, tuple[Claim, ...]]:
    """Read the claims and refuse what could not be weighed, before anything is measured or drawn."""
    text = read_text(path)
    claims = parse(text, source=str(path))
    check_names(claims, contenders=contenders, source=str(path), text=text)
    return text, claims


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
    file = ClaimsFile(source=source, text=text)
    claims = tuple(_claim(row, position, file) for position, row in enumerate(_rows(file)))
    ids = [claim.id for claim in claims]
    for position, name in enumerate(ids):
        if name in ids[:position]:
            cause = f"the id {name!r} is given twice"
            raise file.wrong(position, name, "id", cause=cause, hint="give each claim its own id")
    return claims


def check_names(claims: Sequence[Claim], *, contenders: Sequence[str], source: str, text: str) -> None:
    """Raise ConfigurationError if a claim speaks of a contender that the configuration does not have."""
    file = ClaimsFile(source=source, text=text)
    for position, claim in enumerate(claims):
        for key, name in (("subject", claim.subject), ("rival", claim.rival)):
            if name is not None and name not in contenders and claim.kind not in ("opinion", "unmeasured"):
                cause = f"{key} {name!r} is not a contender"
                hint = f"the configuration has {', '.join(contenders)}"
                raise file.wrong(position, claim.id, key, cause=cause, hint=hint)


def _rows(file: ClaimsFile) -> list[Mapping[str, object]]:
    try:
        document = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file.source} is not valid TOML", cause=str(error), hint="mend that line") from error
    for key, rows in document.items():
        if key != "claim" or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise file.not_claims(key)
    return list(document.get("claim", []))


def _claim(row: Mapping[str, object], position: int, file: ClaimsFile) -> Claim:
    name = str(row.get("id", ""))
    known = Claim.__dataclass_fields__.keys()
    for key in sorted(row.keys() - known):
        hint = f"known keys: {', '.join(known)}"
        raise file.wrong(position, name, key, cause=f"unknown key {key!r}", hint=hint)
    try:
        claim = msgspec.convert(row, Claim)
    except msgspec.ValidationError as error:
        key = next(iter(re.findall(r"`\$\.(\w+)", str(error)) + re.findall(r"`(\w+)`", str(error))), "id")
        raise file.wrong(position, name, key, cause=str(error), hint=_HINTS.get(key, _HINT)) from error
    for fault in _faults(claim):
        raise file.wrong(position, name, fault.key, cause=fault.cause, hint=fault.hint)
    return claim


_HINT = "the head of bench/claims.toml lists the keys"
_HINTS = {
    "kind": f"one of: {', '.join(get_args(Kind))}",
    "weight": "one of: decides, informs",
    "under": 'under = "conditions", or leave it out for timing trials alone',
}

# The open interval that a number must lie in.
RANGES: Mapping[str, tuple[float, float]] = {
    "margin": (1e-6, 1),
    "alpha": (1e-6, 0.5),
    "at_most": (0, 1),
    "at_least": (0, math.inf),
    "limit_seconds": (0, math.inf),
    "minimum_blocks": (0, math.inf),
}


class _Fault(NamedTuple):
    """A key of a claim that cannot be weighed as it stands."""

    key: str
    cause: str
    hint: str


def _faults(claim: Claim) -> Iterator[_Fault]:
    yield from _faults_of_kind(claim)
    yield from _out_of_range(claim)
    if not re.fullmatch(r"[\w.-]+", claim.id):
        yield _Fault("id", f"the id {claim.id!r} is no plain name", "letters, digits, dots and dashes")
    if claim.rival == claim.subject:
        yield _Fault("rival", f"{claim.rival!r} is compared with itself", "name another contender")
    if claim.layer not in (None, *LAYERS):
        yield _Fault("layer", f"unknown layer {claim.layer!r}", f"one of: {', '.join(LAYERS)}")
    for backend in claim.backends:
        if backend not in BACKENDS:
            yield _Fault("backends", f"unknown backend {backend!r}", f"one of: {', '.join(BACKENDS)}")
        if claim.backends.count(backend) > 1:
            yield _Fault("backends", f"the backend {backend!r} is given twice", "name each backend once")


def _faults_of_kind(claim: Claim) -> Iterator[_Fault]:
    """Yield keys that the kind needs and does not have, has and would pass over, or does not know the metric of."""
    needed = NEEDED[claim.kind]
    for key in needed:
        if getattr(claim, key) is None:
            yield _Fault("kind", f"kind {claim.kind!r} needs the key {key!r}", f"add {key} = ...")
    for key in ("layer", "under", *RANGES):
        if getattr(claim, key) is not None and key not in (*needed, *USED.get(claim.kind, ())):
            yield _Fault(key, f"kind {claim.kind!r} does not use the key {key!r}", f"remove {key}")
    metrics = METRICS.get(claim.kind, (claim.metric,))
    if claim.metric not in metrics:
        yield _Fault("metric", f"kind {claim.kind!r} has no metric {claim.metric!r}", f"one of: {', '.join(metrics)}")


def _out_of_range(claim: Claim) -> Iterator[_Fault]:
    for key, (low, high) in RANGES.items():
        number = getattr(claim, key)
        if number is not None and not low < number < high:
            hint = f"more than {low}" if high == math.inf else f"between {low} and {high}"
            yield _Fault(key, f"{key} = {number} is out of range", hint)
