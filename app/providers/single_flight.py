"""Do once what many ask for at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class SingleFlight(Generic[Key, Found]):
    """Let callers with one key share one running piece of work, within this process and its event loop."""

    def __init__(self) -> None:
        """Start with nothing in the air."""
        self._flights: dict[Key, asyncio.Task[Found]] = {}

    def __len__(self) -> int:
        """Return how many pieces of work are running."""
        return len(self._flights)

    async def join(self, key: Key, work: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """Return what the work that is running for this key gives; start it if there is none.

        A caller who is cancelled leaves the work running for the others. An error reaches every caller.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(work())
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key))
        return await asyncio.shield(flight)

    async def land(self) -> None:
        """Wait until nothing is running; errors belong to those who asked."""
        await asyncio.gather(*self._flights.values(), return_exceptions=True)
