"""Refuse, before anything is measured, looks that could never give an interval."""

from collections.abc import Sequence

from bench.errors import ConfigurationError
from bench.statistics.looks import Looks


def check(blocks: Sequence[int], *, alpha: float, profile: str) -> None:
    """Raise ConfigurationError where the first look has too few blocks for its share of `alpha`."""
    try:
        Looks(blocks=tuple(blocks), alpha=alpha)
    except ValueError as error:
        raise ConfigurationError(
            f"alpha {alpha:g} is too small for the profile {profile!r}",
            cause=str(error),
            hint="set a larger alpha, or use a profile with more blocks",
        ) from error
