"""What a failure looks like, with everything that varies from run to run taken out."""

import re
from dataclasses import dataclass

from bench.model import FailedPhase

_VARYING = (
    (re.compile(r"0x[0-9a-fA-F]+"), "ADDRESS"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?([+-]\d\d:?\d\d|Z)?\b"), "TIME"),
    (re.compile(r"(/[\w.-]+){2,}"), "PATH"),
    (re.compile(r"\b[0-9a-f]{16,}\b"), "HEX"),
    (re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?"), "N"),
)
_EXCEPTION = re.compile(r"(?:[A-Za-z_]\w*\.)*([A-Z]\w*)(?=$|:|\s*\()")
_TOOK_TOO_LONG = re.compile(
    r"assert \(?-?[\d.]+(e-?\d+)?( - [\d.]+\)?)? <=? [\d.]+|took too long|timed? ?out", re.IGNORECASE
)
_INFRASTRUCTURE = re.compile(
    r"different (event )?loop|[Ee]vent loop is closed|no running event loop|Non-thread-safe operation|"
    r"database is locked|no such table|QueuePool limit|pool.*(exhausted|timed? out)|too many (clients|connections)|"
    r"Connect(ion)?(Refused|Reset|Aborted|DoesNotExist)?Error|Connection refused|Address already in use|"
    r"connection (was |is )?(already )?closed|[Ll]oop.*closed|was never awaited|BrokenPipe|InterfaceError|"
    r"MissingGreenlet|greenlet_spawn|unclosed (connection|transport|event loop|socket)|never yielded|another operation"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Phase, exception, crash site and normalised message of a failure."""

    phase: str
    exception: str
    site: str
    message: str


def fingerprint(failure: FailedPhase | None) -> Fingerprint:
    """Take the fingerprint of a failure; of nothing, an empty one."""
    if failure is None:
        return Fingerprint(phase="", exception="", site="", message="")
    first = failure.message.strip().partition("\n")[0]
    return Fingerprint(
        phase=failure.phase,
        exception=_exception(first) if failure.phase not in ("hang", "crash") else failure.phase,
        site=f"{_short(failure.path)}:{failure.line}" if failure.path else "",
        message="" if failure.phase == "hang" else _normalised(first),
    )


def is_about_limits(failure: FailedPhase | None) -> bool:
    """Tell whether a limit of time or number was missed: a timeout, or a measured number beside a bound."""
    return failure is not None and bool(
        fingerprint(failure).exception in ("TimeoutError", "TimeoutExpired") or _TOOK_TOO_LONG.search(failure.message)
    )


def is_infrastructure(failure: FailedPhase | None) -> bool:
    """Tell whether an event loop, a pool or a connection complains, not an assertion of the test."""
    if failure is None or failure.phase == "hang":
        return False
    return bool(_INFRASTRUCTURE.search(failure.message.partition("\n")[0]))


def _exception(message: str) -> str:
    found = _EXCEPTION.match(message)
    return found[1] if found else "AssertionError"


def _short(path: str) -> str:
    """Keep the last two parts of a path: enough to find it, nothing of the machine."""
    return "/".join(path.replace("\\", "/").split("/")[-2:])


def _normalised(message: str) -> str:
    for pattern, word in _VARYING:
        message = pattern.sub(word, message)
    return message[:200]
