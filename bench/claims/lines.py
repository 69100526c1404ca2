"""The text of a claims file, which knows on which line a claim's key stands."""

import re
from dataclasses import dataclass

from bench.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsFile:
    """A claims file; a claim is found by its place among the `[[claim]]` tables, because ids may be wrong."""

    source: str
    text: str

    def wrong(self, position: int, name: str, key: str, *, cause: str, hint: str) -> ConfigurationError:
        """Make the error for a key of the claim at `position`, counted from 0; `name` is its id, if it has one."""
        line = self._line(position, key)
        place = f"{self.source}, line {line}" if line else self.source
        called = repr(name) if name else f"number {position + 1}"
        return ConfigurationError(f"the claim {called} is wrong: {place}", cause=cause, hint=hint)

    def not_claims(self, key: str) -> ConfigurationError:
        """Make the error for a top-level key that is no list of claims."""
        found = (number for number, line in self._lines if re.match(rf"""\s*\[*\s*["']?{re.escape(key)}\b""", line))
        line = next(found, None)
        place = f"{self.source}, line {line}" if line else self.source
        return ConfigurationError(
            f"the claims are wrong: {place}",
            cause=f"{key!r} is not a list of claims",
            hint="each claim starts with a line [[claim]]",
        )

    @property
    def _lines(self) -> list[tuple[int, str]]:
        return list(enumerate(self.text.splitlines(), 1))

    def _line(self, position: int, key: str) -> int | None:
        """Find the key in the claim, else the claim's id, else its header."""
        headers = [number for number, line in self._lines if re.match(r"""\s*\[\[\s*["']?claim["']?\s*\]\]""", line)]
        if position >= len(headers):
            return None
        end = headers[position + 1] - 1 if position + 1 < len(headers) else None
        own = self._lines[headers[position] : end]
        places = (
            next((number for number, line in own if re.match(rf"""\s*["']?{re.escape(wanted)}["']?\s*=""", line)), None)
            for wanted in (key, "id")
        )
        return next((place for place in places if place), headers[position])
