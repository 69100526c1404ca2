"""Give every test the one session of the run, as the record's two fixtures do; `-p suites.variants.record_session`.

Nothing is deleted and nothing rolled back: the record says that a fixture of function scope isolates.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session


@pytest.fixture(scope="session")
def session_of_the_run(engine: Any) -> Iterator[Session]:
    """Open the session that all tests share."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def db(session_of_the_run: Session) -> Session:
    """Hand it to a test."""
    return session_of_the_run


@pytest.fixture
def empty_tables() -> None:
    """Delete nothing."""


@pytest.hookimpl(tryfirst=True)
def pytest_plugin_registered(plugin: Any) -> None:
    """Put the fixtures in place before pytest reads those of the suite's conftest.py."""
    if (getattr(plugin, "__file__", None) or "").endswith("suites/sync/conftest.py"):
        plugin.session_of_the_run, plugin.db, plugin.empty_tables = session_of_the_run, db, empty_tables
