"""Slow SQLAlchemy's statements down; loaded with `-p twinbench_database`, or used by twinbench_schedule.

TWINBENCH_STATEMENT_MS is what each statement and commit takes longer. An async engine waits at an await
point, so other tasks go on meanwhile; a sync engine blocks its thread. Standard library and SQLAlchemy 2.
"""

import asyncio
import os
import time


def install(draw_seconds):
    """Delay every statement and commit of every engine by what `draw_seconds` gives."""
    try:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
    except ImportError:
        return

    def delay(connection, *_):
        wait(connection, draw_seconds())

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, delay)


def wait(connection, seconds):
    """Wait as the connection's driver would: at an await point or by blocking."""
    if seconds <= 0:
        return
    if connection.dialect.is_async:
        from sqlalchemy.util import await_only

        await_only(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


def pytest_configure():
    """Install the constant delay; only called where this module is the plugin."""
    seconds = float(os.environ.get("TWINBENCH_STATEMENT_MS", "10")) / 1000
    install(lambda: seconds / 3)  # three places a statement passes
