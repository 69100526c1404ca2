"""How this program is called, so that the commands it prints work when they are pasted."""

import shlex
import sys
from pathlib import Path

INSTALLED = "twinbench"
FROM_A_CHECKOUT = "python -m bench"


def name() -> str:
    """Return the words that call the program as this process was called."""
    return INSTALLED if Path(sys.argv[0]).stem == INSTALLED else FROM_A_CHECKOUT


def session(command: str) -> str:
    """Return the words that begin a command before its options: nox in a checkout, ours where installed."""
    if name() == INSTALLED:
        return f"{INSTALLED} {command}"
    return _SESSIONS.get(command, f"{FROM_A_CHECKOUT} {command}")


_SESSIONS = {
    "run": "nox -s bench --",
    **{each: f"nox -s bench -- {each}" for each in ("factors", "wiring", "faults", "flakiness")},
    **{each: f"nox -s {each} --" for each in ("revalidate", "blame")},
}


def option(flag: str, value: object) -> str:
    """Write an option for a shell; '' where there is no value."""
    return f"{flag} {shlex.quote(str(value))}" if value not in (None, "") else ""
