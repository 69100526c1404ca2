"""Hold the tests' SQLite in memory, with one connection for all threads; loaded with `-p suites.variants.in_memory`.

It is how the record configures its test database. DATABASE_URL is then sqlite://, which names a memory of its own for
each engine that opens it.
"""

from typing import Any

import sqlalchemy
from sqlalchemy.pool import StaticPool

_as_asked = sqlalchemy.create_engine


def _in_memory(url: Any, **options: Any) -> Any:
    connect_args = {**options.pop("connect_args", {}), "check_same_thread": False}
    return _as_asked(url, **options, poolclass=StaticPool, connect_args=connect_args)


sqlalchemy.create_engine = _in_memory
