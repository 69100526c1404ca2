"""Hash seeds and random values, asynchronous."""

import asyncio
import random
import uuid


async def test_retry_jitter_is_short():
    delay = random.uniform(0, 0.004)
    await asyncio.sleep(delay)
    assert delay < 0.0034


async def test_identifier_sorts_last():
    await asyncio.sleep(0)
    assert uuid.uuid4().hex > "2"


async def test_workers_answer_in_set_order():
    async def answer(name):
        await asyncio.sleep(0)
        return name

    names = {"north", "south", "east"}
    answers = await asyncio.gather(*(answer(name) for name in names))
    assert answers[0] != "east"


async def test_chosen_server_is_up():
    await asyncio.sleep(0)
    assert random.choice(["up", "up", "up", "up", "down"]) == "up"
