"""Connections, pools and loops, both styles."""

import asyncio
import contextlib
import socket
import threading
import time


def test_server_listens_at_once():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = listener.getsockname()

    def serve():
        listener.listen()
        connection, _ = listener.accept()
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        time.sleep(0.003)
        socket.create_connection(address, timeout=2).close()
    finally:
        thread.join(0.3)
        with contextlib.suppress(OSError):
            socket.create_connection(address, timeout=2).close()
        thread.join()
        listener.close()


async def engine_with(url, **options):
    from sqlalchemy.ext.asyncio import create_async_engine

    return create_async_engine(url, **options)


async def test_temporary_table_is_still_there(tmp_path):
    from sqlalchemy import text

    engine = await engine_with(f"sqlite+aiosqlite:///{tmp_path / 'pool.db'}")
    try:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TEMPORARY TABLE basket (n INTEGER)"))
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO basket VALUES (1)"))
    finally:
        await engine.dispose()


async def test_two_connections_are_to_be_had(tmp_path):
    from sqlalchemy import text

    engine = await engine_with(f"sqlite+aiosqlite:///{tmp_path / 'pool.db'}")
    try:
        async with engine.connect() as first, engine.connect() as second:
            await first.execute(text("SELECT 1"))
            await second.execute(text("SELECT 1"))
    finally:
        await engine.dispose()


def test_sync_temporary_table_is_still_there(tmp_path):
    from sqlalchemy import create_engine, text

    engine = create_engine(f"sqlite:///{tmp_path / 'pool.db'}")
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE basket (n INTEGER)"))
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO basket VALUES (1)"))
    finally:
        engine.dispose()


async def test_timer_of_another_thread():
    loop = asyncio.get_running_loop()
    errors = []

    def schedule():
        try:
            loop.call_soon(lambda: None)
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=schedule)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


async def test_writers_never_meet(tmp_path):
    from sqlalchemy import text

    engine = await engine_with(f"sqlite+aiosqlite:///{tmp_path / 'locked.db'}", connect_args={"timeout": 0})
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE entry (n INTEGER)"))

    async def write(delay):
        await asyncio.sleep(delay)
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO entry VALUES (1)"))
            await connection.execute(text("SELECT count(*) FROM entry"))

    try:
        await asyncio.gather(write(0), write(0.05))
    finally:
        await engine.dispose()


async def test_stream_is_there_after_a_moment():
    reader, writer = None, None
    ready = asyncio.Event()

    async def serve():
        await asyncio.to_thread(lambda: None)
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", port)
        ready.set()
        return server

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    task = asyncio.create_task(serve())
    await asyncio.sleep(0.01)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.read()
        writer.close()
        await writer.wait_closed()
    finally:
        server = await task
        server.close()
        await server.wait_closed()
