"""Do many things at a time, but not too many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


async def for_each(items: Iterable[Item], work: Callable[[Item], Awaitable[None]], *, limit: int) -> None:
    """Run the work for every item, at most so many at a time; the first error cancels the rest.

    Raises an ExceptionGroup with what went wrong.
    """
    room = asyncio.Semaphore(limit)

    async def work_in_turn(item: Item) -> None:
        async with room:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(work_in_turn(item))
