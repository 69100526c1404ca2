"""Arms: ways of testing whose sight is compared, each a style with a wiring."""

from dataclasses import dataclass
from typing import Final

from bench.model import Style

SERVER: Final = "server"
"""The arm of the witnesses: what a client of the real server can see, and so the ceiling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A contender, or a variant of one; `wiring` is all that it chooses beyond its style."""

    id: str
    title: str
    style: Style
    wiring: str = ""


def by_style(arms: tuple[Arm, ...], style: Style) -> tuple[Arm, ...]:
    """Return the arms written in one style."""
    return tuple(arm for arm in arms if arm.style == style)
