"""Laws of reaching the two databases."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from app.columns import UtcDateTime
from app.database import Database, SqliteConnection, async_url
from app.settings import Settings


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:////data/accounts.db", "sqlite+aiosqlite"),
        ("sqlite+pysqlite:///accounts.db", "sqlite+aiosqlite"),
        ("postgresql://user@host/db", "postgresql+asyncpg"),
        ("postgresql+psycopg://user@host/db", "postgresql+asyncpg"),
    ],
)
def test_async_url_chooses_the_asynchronous_driver(given: str, driver: str) -> None:
    assert async_url(given).drivername == driver


def test_async_url_keeps_the_password_and_the_socket() -> None:
    url = async_url("postgresql://user:p%40ss@/db?host=/run/postgresql")
    assert (url.password, url.database, url.query["host"]) == ("p@ss", "db", "/run/postgresql")


def test_async_url_refuses_another_backend() -> None:
    with pytest.raises(ValueError, match="'mysql'; supported are sqlite, postgresql"):
        async_url("mysql://host/db")


def test_database_pool_follows_the_settings() -> None:
    pooled = Database.open(Settings(database_url="sqlite:///a.db", database_pool="pooled"))
    unpooled = Database.open(Settings(database_url="sqlite:///a.db", database_pool="null"))
    assert not isinstance(pooled.engine.pool, NullPool)
    assert isinstance(unpooled.engine.pool, NullPool)


def test_sqlite_connection_gives_its_lock_up_when_it_is_closed(tmp_path: Path) -> None:
    first = sqlite3.connect(tmp_path / "a.db", factory=SqliteConnection, isolation_level=None)
    first.execute("BEGIN IMMEDIATE")
    unfinished = first.execute("SELECT 1 UNION SELECT 2")
    first.close()
    first.close()
    second = sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)
    second.execute("BEGIN IMMEDIATE")
    assert (second.in_transaction, unfinished.connection) == (True, first)
    second.close()


def test_constraint_names_do_not_depend_on_the_backend() -> None:
    constraints = {constraint.name for table in SQLModel.metadata.tables.values() for constraint in table.constraints}
    assert None not in constraints
    assert {"uq_users_email", "fk_accounts_user_id_users", "pk_transactions"} <= constraints


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_utc_datetime_converts_on_the_way_in(dialect: sqlite.dialect) -> None:
    moscow = datetime(2025, 10, 18, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    stored = UtcDateTime().process_bind_param(moscow, dialect)
    assert stored == moscow
    assert stored is not None
    assert stored.tzinfo is UTC


def test_utc_datetime_refuses_naive_values() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        UtcDateTime().process_bind_param(datetime(2025, 10, 18), sqlite.dialect())


def test_utc_datetime_marks_what_sqlite_returns() -> None:
    read = UtcDateTime().process_result_value(datetime(2025, 10, 18, 12), sqlite.dialect())
    assert read == datetime(2025, 10, 18, 12, tzinfo=UTC)


def test_utc_datetime_lets_null_pass_both_ways() -> None:
    column = UtcDateTime()
    assert column.process_bind_param(None, sqlite.dialect()) is None
    assert column.process_result_value(None, sqlite.dialect()) is None
