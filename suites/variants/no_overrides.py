"""Give the application the test's sessions without FastAPI's overrides; `-p suites.variants.no_overrides`.

While `dependency_overrides` holds anything, FastAPI reads the signature of every dependency anew in each request
(`solve_dependencies`). Here the factories are exchanged where the application keeps them, and nothing is overridden.
"""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def exchanged_factories(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the application find the test's session factory in its own place for the length of a test."""
    if "sessions" not in request.fixturenames:
        yield
        return
    sessions = request.getfixturevalue("sessions")
    app = request.getfixturevalue("app")
    database = app.state.database
    own = database.readers, database.writers
    database.readers = database.writers = sessions
    app.dependency_overrides.clear()
    yield
    database.readers, database.writers = own
