"""Limits that hold on an idle machine only, asynchronous."""

import asyncio
import time


def work(milliseconds):
    end = time.process_time() + milliseconds / 1000
    while time.process_time() < end:
        pass


async def test_answer_within_a_timeout():
    async def answer():
        for _ in range(10):
            work(3)
            await asyncio.sleep(0)
        return "answer"

    assert await asyncio.wait_for(answer(), timeout=0.075) == "answer"


async def test_handler_is_fast():
    started = time.perf_counter()
    for _ in range(5):
        work(5)
        await asyncio.sleep(0)
    assert time.perf_counter() - started < 0.06


async def test_executor_answers_within_a_timeout():
    loop = asyncio.get_running_loop()
    job = loop.run_in_executor(None, work, 20)
    try:
        await asyncio.wait_for(asyncio.shield(job), timeout=0.06)
    finally:
        await job


async def test_ticks_are_regular():
    late = 0.0
    for _ in range(4):
        started = time.monotonic()
        await asyncio.sleep(0.002)
        work(5)
        late = max(late, time.monotonic() - started)
    assert late < 0.025
