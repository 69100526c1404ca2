"""Know which tables hold rows, so that a test deletes what was written and nothing else; one file for both suites.

With SUITE_DELETES=all every table is emptied, written or not: what that costs is a question of the wiring study.
"""

import os
from typing import Any

from sqlalchemy import Engine, Table, event
from sqlmodel import SQLModel

EVERYTHING = os.environ.get("SUITE_DELETES") == "all"
_names: set[str] = set()


@event.listens_for(Engine, "before_cursor_execute")
def _note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
    """Note the table of an INSERT, whoever sends it: the test, a request or background work."""
    if statement.startswith("INSERT INTO "):
        _names.add(statement.split(maxsplit=3)[2].strip('"'))


def take_written() -> list[Table]:
    """Return the tables that were written since the last call, those first that refer to others."""
    tables = list(reversed(SQLModel.metadata.sorted_tables))
    written = [table for table in tables if EVERYTHING or table.name in _names]
    _names.clear()
    return written
