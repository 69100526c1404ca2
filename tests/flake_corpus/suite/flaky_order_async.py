"""Order-dependent tests, asynchronous."""

import asyncio
import contextvars

CACHE = {}
SUBSCRIBERS = []
TENANT = contextvars.ContextVar("tenant", default="public")
READY = {"schema": False}
LIMITS = {"parallel": 4}


async def fetch(key):
    if key not in CACHE:
        await asyncio.sleep(0)
        CACHE[key] = f"fresh {key}"
    return CACHE[key]


async def test_victim_of_a_cache():
    assert await fetch("price") == "fresh price"
    CACHE.pop("price")


async def test_victim_of_a_subscriber():
    seen = []
    for subscriber in SUBSCRIBERS:
        await subscriber("event", seen)
    assert seen == []


async def test_victim_of_a_changed_limit():
    running = most = 0
    gate = asyncio.Semaphore(LIMITS["parallel"])

    async def work():
        nonlocal running, most
        async with gate:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*(work() for _ in range(6)))
    assert most == 4


async def test_polluter_fills_the_cache():
    CACHE["price"] = "stale price"
    assert await fetch("price")


async def test_polluter_subscribes():
    async def subscriber(event, seen):
        seen.append(event)

    SUBSCRIBERS.append(subscriber)


async def test_polluter_changes_the_limit():
    LIMITS["parallel"] = 1


async def test_state_setter_makes_the_schema():
    await asyncio.sleep(0)
    READY["schema"] = True


async def test_brittle_needs_the_schema():
    await asyncio.sleep(0)
    assert READY["schema"]
