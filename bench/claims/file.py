"""Read the claims: statements of the record made testable, written down before the first measurement."""

import hashlib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, get_args

import msgspec

from bench.claims import unmeasured
from bench.claims.claim import Claim, Weight
from bench.claims.kind import Kind
from bench.claims.lines import ClaimsFile
from bench.errors import ConfigurationError
from bench.experiments.registry import EXPERIMENTS
from bench.model import BACKENDS, NO_BACKEND

LAYERS: Final = ("unit", "integration", "api")


def kinds() -> dict[str, Kind]:
    """Return every kind of claim by its name: those of the experiments, and those that nothing measures."""
    contributed = (kind for experiment in EXPERIMENTS.values() for kind in experiment.kinds)
    return {kind.name: kind for kind in (*contributed, *unmeasured.KINDS)}


def largest_family(claims: Sequence[Claim]) -> int:
    """Count the deciding claims that rest on a test, on the backend that has most: Holm corrects them together."""
    tested = [claim for claim in claims if claim.weight == "decides" and kinds()[claim.kind].is_tested]
    places = [backend for claim in tested for backend in claim.backends or (NO_BACKEND,)]
    return max((places.count(place) for place in places), default=1)


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
        in_pairs = [("pairs", name) for pair in claim.pairs for name in pair]
        for key, name in (("subject", claim.subject), ("rival", claim.rival), *in_pairs):
            if name is not None and name not in contenders and kinds()[claim.kind].about_contenders:
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
    known = Claim.__dataclass_fields__.keys() - {"terms"}
    kind = kinds().get(str(row.get("kind", "")))
    terms = {key: row[key] for key in sorted(row.keys() - known)}
    for key in terms:
        if kind is None or key not in (*kind.needs, *kind.uses):
            hint = f"known keys: {', '.join(sorted(known))}"
            raise file.wrong(position, name, key, cause=f"unknown key {key!r}", hint=hint)
    try:
        claim = msgspec.convert({**{key: row[key] for key in row if key in known}, "terms": terms}, Claim)
    except msgspec.ValidationError as error:
        key = next(iter(re.findall(r"`\$\.(\w+)", str(error)) + re.findall(r"`(\w+)`", str(error))), "id")
        raise file.wrong(position, name, key, cause=str(error), hint=_HINTS.get(key, _HINT)) from error
    for fault in _faults(claim):
        raise file.wrong(position, name, fault.key, cause=fault.cause, hint=fault.hint)
    return claim


_HINT = "the head of bench/claims.toml lists the keys"
_HINTS = {
    "weight": f"one of: {', '.join(get_args(Weight))}",
    "under": 'under = "conditions", or leave it out for timing trials alone',
    "pairs": 'pairs = [["sync-best", "async-session"]]: the subject, then the rival, of each further pair',
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
    for key, first, second in (("rival", claim.subject, claim.rival), *(("pairs", *pair) for pair in claim.pairs)):
        if first == second:
            yield _Fault(key, f"{first!r} is compared with itself", "name another contender")
    if claim.layer not in (None, *LAYERS):
        yield _Fault("layer", f"unknown layer {claim.layer!r}", f"one of: {', '.join(LAYERS)}")
    for backend in claim.backends:
        if backend not in BACKENDS:
            yield _Fault("backends", f"unknown backend {backend!r}", f"one of: {', '.join(BACKENDS)}")
        if claim.backends.count(backend) > 1:
            yield _Fault("backends", f"the backend {backend!r} is given twice", "name each backend once")


def _faults_of_kind(claim: Claim) -> Iterator[_Fault]:
    """Yield keys that the kind needs and does not have, has and would pass over, or does not know the metric of."""
    kind = kinds().get(claim.kind)
    if kind is None:
        yield _Fault("kind", f"unknown kind {claim.kind!r}", f"one of: {', '.join(kinds())}")
        return
    for key in kind.needs:
        if _given(claim, key) in (None, ()):
            yield _Fault("kind", f"kind {claim.kind!r} needs the key {key!r}", f"add {key} = ...")
    for key in ("layer", "under", "pairs", *RANGES):
        if getattr(claim, key) not in (None, ()) and key not in (*kind.needs, *kind.uses):
            yield _Fault(key, f"kind {claim.kind!r} does not use the key {key!r}", f"remove {key}")
    metrics = kind.metrics or (claim.metric,)
    if claim.metric not in metrics:
        yield _Fault("metric", f"kind {claim.kind!r} has no metric {claim.metric!r}", f"one of: {', '.join(metrics)}")


def _given(claim: Claim, key: str) -> object:
    return getattr(claim, key) if key in Claim.__dataclass_fields__ else claim.terms.get(key)


def _out_of_range(claim: Claim) -> Iterator[_Fault]:
    for key, (low, high) in RANGES.items():
        number = getattr(claim, key)
        if number is not None and not low < number < high:
            hint = f"more than {low}" if high == math.inf else f"between {low} and {high}"
            yield _Fault(key, f"{key} = {number} is out of range", hint)
