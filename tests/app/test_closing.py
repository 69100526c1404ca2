"""The application comes to its end, whatever was cancelled while it ran."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.database import open_aiosqlite

if TYPE_CHECKING:
    from pathlib import Path


def test_connection_that_is_stopped_while_it_closes_still_closes(tmp_path: Path) -> None:
    """What SQLAlchemy does to the connection of a request that is cancelled twice."""

    async def close_stop_cancel() -> bool:
        connection = await open_aiosqlite(str(tmp_path / "app.db"))
        closing = asyncio.create_task(connection.close())
        await asyncio.sleep(0)
        connection.stop()
        connection._thread.join()  # now nobody is left to answer
        closing.cancel()
        _, pending = await asyncio.wait([closing], timeout=5)
        return not pending

    assert asyncio.run(close_stop_cancel())
