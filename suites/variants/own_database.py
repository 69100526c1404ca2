"""Give each worker of pytest-xdist a database of its own; loaded with `-p suites.variants.own_database`.

A file beside the named one on SQLite, a database that is dropped at the end on PostgreSQL.
"""

import os

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
GIVEN = make_url(os.environ["DATABASE_URL"])
OWN = GIVEN.set(database=f"{GIVEN.database}_{WORKER}") if WORKER else GIVEN
IS_MADE = bool(WORKER) and GIVEN.get_backend_name() == "postgresql"


def _on_the_server(statement: str) -> None:
    plain: URL = GIVEN.set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(str(OWN.database))))


if IS_MADE:
    _on_the_server("CREATE DATABASE {}")
os.environ["DATABASE_URL"] = OWN.render_as_string(hide_password=False)


def pytest_unconfigure() -> None:
    """Drop what was made."""
    if IS_MADE:
        _on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")
