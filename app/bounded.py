"""Ask for many things at a time, but not for too many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from itertools import islice
from typing import Any, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


async def as_found(
    items: Iterable[Item], find: Callable[[Item], Coroutine[Any, Any, Found]], *, limit: int
) -> AsyncGenerator[Found, None]:
    """Yield what is found for each item, whatever comes first, with at most so many under way.

    Only the asking is concurrent: the caller does one thing at a time with what it gets. The first error ends it.
    Close the generator (`contextlib.aclosing`), so that what is under way then is cancelled.
    """
    waiting = iter(items)
    tasks: set[asyncio.Task[Found]] = set()
    try:
        while True:
            tasks |= {asyncio.create_task(find(item)) for item in islice(waiting, limit - len(tasks))}
            if not tasks:
                return
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                found = await task
                tasks.remove(task)
                yield found
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
