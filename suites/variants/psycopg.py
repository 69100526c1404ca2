"""Let the application reach PostgreSQL through psycopg instead of asyncpg; loaded with `-p suites.variants.psycopg`.

The tests' own synchronous engines use psycopg already, so that one driver is left.
"""

from typing import Any

from sqlalchemy import URL

from app import database

_as_asked = database.create_async_engine


def _through_psycopg(url: URL, **options: Any) -> Any:
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return _as_asked(url, **options)


database.create_async_engine = _through_psycopg
