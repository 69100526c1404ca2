"""Stable tests, asynchronous: what asyncio promises must hold under every condition."""

import asyncio
import contextvars
import threading
import time

import pytest

NAME = contextvars.ContextVar("name", default="")


@pytest.mark.parametrize("n", range(8))
async def test_gather_keeps_the_order_of_results(n):
    async def square(i):
        await asyncio.to_thread(lambda: None)
        return i * i

    assert await asyncio.gather(*(square(i) for i in range(n))) == [i * i for i in range(n)]


@pytest.mark.parametrize("n", range(6))
async def test_queue_is_first_in_first_out(n):
    items = asyncio.Queue()

    async def produce():
        for i in range(n):
            await items.put(i)
            await asyncio.sleep(0)

    task = asyncio.create_task(produce())
    assert [await items.get() for _ in range(n)] == list(range(n))
    await task


@pytest.mark.parametrize("n", range(6))
async def test_call_soon_keeps_its_order(n):
    seen = []
    loop = asyncio.get_running_loop()
    for i in range(n):
        loop.call_soon(seen.append, i)
    await asyncio.sleep(0)
    assert seen == list(range(n))


@pytest.mark.parametrize("n", range(6))
async def test_one_thread_hands_over_in_its_order(n):
    loop, seen, done = asyncio.get_running_loop(), [], asyncio.Event()

    def hand_over():
        for i in range(n):
            loop.call_soon_threadsafe(seen.append, i)
        loop.call_soon_threadsafe(done.set)

    thread = threading.Thread(target=hand_over)
    thread.start()
    await asyncio.wait_for(done.wait(), 30)
    thread.join()
    assert seen == list(range(n))


@pytest.mark.parametrize("n", range(5))
async def test_lock_guards_a_counter(n):
    lock, total = asyncio.Lock(), 0

    async def add():
        nonlocal total
        async with lock:
            before = total
            await asyncio.to_thread(lambda: None)
            total = before + 1

    await asyncio.gather(*(add() for _ in range(n)))
    assert total == n


@pytest.mark.parametrize("n", range(5))
async def test_earlier_timer_comes_first(n):
    seen = []
    loop = asyncio.get_running_loop()
    now = loop.time()  # read once: between two readings the process may stand still for longer than the difference
    loop.call_at(now + 0.004 + n / 1000, seen.append, "late")
    loop.call_at(now + 0.001, seen.append, "early")
    await asyncio.sleep(0.01 + n / 1000)
    while len(seen) < 2:
        await asyncio.sleep(0.001)
    assert seen == ["early", "late"]


@pytest.mark.parametrize("n", range(4))
async def test_sleeping_tasks_wake_in_order(n):
    seen = []

    async def sleeper(i):
        await asyncio.sleep(0.002 * (i + 1))
        seen.append(i)

    await asyncio.gather(*(sleeper(i) for i in range(n)))
    assert seen == list(range(n))


@pytest.mark.parametrize("n", range(4))
async def test_task_begins_at_the_next_turn(n):
    seen = []

    async def begin():
        seen.append(n)

    task = asyncio.create_task(begin())
    await asyncio.sleep(0)
    assert seen == [n]
    await task


@pytest.mark.parametrize("n", range(4))
async def test_event_is_waited_for(n):
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Timer(0.001 * n, loop.call_soon_threadsafe, (ready.set,)).start()
    await asyncio.wait_for(ready.wait(), 30)


@pytest.mark.parametrize("n", range(4))
async def test_timeout_that_must_come(n):
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.002 + n / 1000)


@pytest.mark.parametrize("n", range(4))
async def test_timeout_that_is_generous(n):
    started = time.monotonic()
    assert await asyncio.wait_for(asyncio.to_thread(lambda: n), 30) == n
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("name", ["a", "b", "c"])
async def test_context_is_its_own(name):
    assert NAME.get() == ""
    NAME.set(name)
    await asyncio.sleep(0)
    assert NAME.get() == name


@pytest.mark.parametrize("n", range(4))
async def test_cancelled_task_is_cancelled(n):
    task = asyncio.create_task(asyncio.sleep(30))
    await asyncio.sleep(0.001 * n)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("n", range(3))
async def test_streams_keep_their_order(n):
    async def echo(reader, writer):
        writer.write(await reader.readexactly(n + 1))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"x" * (n + 1))
        assert await reader.read() == b"x" * (n + 1)
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("n", range(3))
async def test_rows_are_committed(tmp_path, n):
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'stable.db'}")
    try:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE entry (n INTEGER)"))
            for i in range(n):
                await connection.execute(text("INSERT INTO entry VALUES (:n)"), {"n": i})
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM entry"))).scalar_one() == n
    finally:
        await engine.dispose()


@pytest.mark.parametrize("n", range(3))
async def test_requests_are_answered(n):
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    try:
        from httpx2 import ASGITransport, AsyncClient
    except ModuleNotFoundError:
        from httpx import ASGITransport, AsyncClient

    async def answer(request):
        return JSONResponse({"n": request.query_params["n"]})

    transport = ASGITransport(app=Starlette(routes=[Route("/", answer)]))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        answers = await asyncio.gather(*(client.get(f"/?n={i}") for i in range(n)))
    assert [each.json()["n"] for each in answers] == [str(i) for i in range(n)]


@pytest.mark.parametrize("n", range(3))
def test_requests_through_the_test_client(n):
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    async def answer(request):
        return JSONResponse({"n": await asyncio.to_thread(lambda: n)})

    with TestClient(Starlette(routes=[Route("/", answer)])) as client:
        assert [client.get("/").json()["n"] for _ in range(n)] == [n] * n
