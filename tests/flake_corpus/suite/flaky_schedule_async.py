"""Races between tasks at await points."""

import asyncio
import threading


async def engine_of(tmp_path, **options):
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'race.db'}", connect_args={"timeout": 20}, **options)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE hit (n INTEGER)"))
        await connection.execute(text("INSERT INTO hit VALUES (0)"))
    return engine


async def test_thread_answers_in_order():
    seen = []

    async def ask(n):
        await asyncio.to_thread(lambda: None)
        seen.append(n)

    await asyncio.gather(*(ask(n) for n in range(4)))
    assert seen == [0, 1, 2, 3]


async def test_task_is_done_after_a_sleep():
    done = asyncio.Event()

    async def work():
        await asyncio.to_thread(lambda: None)
        done.set()

    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    try:
        assert done.is_set()
    finally:
        await task


async def test_first_completed_is_the_fast_one():
    loop = asyncio.get_running_loop()
    fast = asyncio.ensure_future(loop.run_in_executor(None, lambda: "fast"))

    async def wait():
        await asyncio.sleep(0.012)
        return "slow"

    slow = asyncio.ensure_future(wait())
    done, _ = await asyncio.wait({fast, slow}, return_when=asyncio.FIRST_COMPLETED)
    names = {task.result() for task in done}
    await asyncio.gather(fast, slow)
    assert names == {"fast"}


async def test_queries_finish_in_order(tmp_path):
    from sqlalchemy import text

    engine = await engine_of(tmp_path)
    seen = []

    async def read(name, statements):
        async with engine.connect() as connection:
            for _ in range(statements):
                await connection.execute(text("SELECT n FROM hit"))
        seen.append(name)

    try:
        await asyncio.gather(read("short", 1), read("long", 12))
    finally:
        await engine.dispose()
    assert seen == ["short", "long"]


async def test_counter_in_the_database_loses_nothing(tmp_path):
    from sqlalchemy import text

    engine = await engine_of(tmp_path)

    async def hit(delay):
        await asyncio.sleep(delay)
        async with engine.connect() as connection:
            n = (await connection.execute(text("SELECT n FROM hit"))).scalar_one()
            await connection.rollback()
        async with engine.begin() as connection:
            await connection.execute(text(f"UPDATE hit SET n = {n + 1}"))

    try:
        await asyncio.gather(hit(0), hit(0.035))
        async with engine.connect() as connection:
            n = (await connection.execute(text("SELECT n FROM hit"))).scalar_one()
    finally:
        await engine.dispose()
    assert n == 2


async def test_two_requests_register_one_name():
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    try:
        from httpx2 import ASGITransport, AsyncClient
    except ModuleNotFoundError:
        from httpx import ASGITransport, AsyncClient

    winners = []

    async def register(request):
        winners.append(request.query_params["who"])
        return JSONResponse({})

    transport = ASGITransport(app=Starlette(routes=[Route("/", register)]))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        await asyncio.gather(client.get("/?who=first"), client.get("/?who=second"))
    assert winners == ["first", "second"]


async def test_message_of_a_thread_has_come():
    loop = asyncio.get_running_loop()
    seen = []
    thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(seen.append, "hello"))
    thread.start()
    thread.join()
    await asyncio.sleep(0.004)
    assert seen == ["hello"]
    await asyncio.sleep(0)


async def test_cancelled_in_time():
    written = []

    async def write():
        await asyncio.to_thread(lambda: None)
        written.append("row")
        await asyncio.sleep(1)

    task = asyncio.create_task(write())
    await asyncio.sleep(0.015)
    task.cancel()
    await asyncio.wait({task})
    assert written == ["row"]
