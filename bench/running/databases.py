"""Give each trial a fresh database: a SQLite file in its scratch folder, or one on a PostgreSQL server.

The server is embedded (started by the keeper process) unless the user names one.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.errors import ConfigurationError, DatabaseError
from bench.running.keeper import SERVER_VARIABLE, database_prefix
from bench.storage.files import storage_errors

POSTGRESQL_HINT = (
    "measure SQLite alone with --backend sqlite, or use a server of your own with "
    "--database-url postgresql://user:password@host/database"
)
COMPLAINT_LIMIT = 1500


class Databases:
    """The databases of one campaign, and the keeper that cleans up after it whatever happens.

    `token` is put into every subject's environment; the keeper ends what carries it.
    """

    def __init__(self, *, backends: tuple[str, ...], database_url: str | None = None) -> None:
        """Say which backends will be asked for, and where PostgreSQL is if not embedded."""
        self.token = uuid.uuid4().hex
        self._embedded = "postgresql" in backends and database_url is None
        is_external = "postgresql" in backends and database_url is not None
        self._external_url = _checked(str(database_url)) if is_external else None
        self._keeper: subprocess.Popen[str] | None = None
        self._server_url: str | None = None

    def __enter__(self) -> Self:
        """Start the keeper and, if needed, PostgreSQL; raise DatabaseError if that fails."""
        with storage_errors(Path(tempfile.gettempdir())):
            self._complaints = tempfile.TemporaryFile()
        command = [sys.executable, "-m", "bench.running.keeper", self.token, "postgresql" if self._embedded else "none"]
        self._keeper = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the harness, which then closes the keeper in order
            cwd=Path(__file__).parents[2],
            env=self._keeper_environment(),
        )
        try:
            self._server_url = self._external_url or self._embedded_url()
            self.server_version()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """Close the keeper: it stops the server and ends what is still running."""
        self._close()

    def server_version(self) -> str | None:
        """Ask the PostgreSQL server for its version; None without one."""
        if self._server_url is None:
            return None
        with self._administration() as connection:
            row = connection.execute("SHOW server_version").fetchone()
            return str(row[0]) if row else None

    @contextmanager
    def provision(self, backend: str, *, scratch: Path) -> Iterator[str | None]:
        """Yield the plain URL of an empty database for one trial; it is dropped afterwards."""
        match backend:
            case "sqlite":
                yield f"sqlite:///{scratch / 'trial.db'}"
            case "postgresql":
                with self._fresh_database() as url:
                    yield url
            case _:
                yield None

    @contextmanager
    def _fresh_database(self) -> Iterator[str]:
        assert self._server_url is not None, "PostgreSQL is started on entry for every plan that needs it"
        name = database_prefix(self.token) + uuid.uuid4().hex[:12]
        with self._administration() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield urlsplit(self._server_url)._replace(path=f"/{name}").geturl()
        finally:
            with self._administration() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def _administration(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        try:
            with psycopg.connect(self._server_url or "", autocommit=True, connect_timeout=10) as connection:
                yield connection
        except psycopg.Error as error:
            raise DatabaseError(
                "the PostgreSQL server does not do what it is asked",
                cause=str(error).strip(),
                hint=f"the user needs the right to create databases; or {POSTGRESQL_HINT}",
            ) from error

    def _keeper_environment(self) -> dict[str, str]:
        """Give the keeper the same temporary folder, a locale that every system has, and no PostgreSQL settings."""
        own = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
        own |= {"LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}
        return own | ({SERVER_VARIABLE: self._external_url} if self._external_url else {})

    def _embedded_url(self) -> str | None:
        assert self._keeper is not None, "started on entry"
        assert self._keeper.stdout is not None, "started with a pipe"
        line = self._keeper.stdout.readline()
        answer = json.loads(line) if line else {"error": "the keeper process ended before it answered"}
        if "error" in answer:
            raise DatabaseError(
                "the embedded PostgreSQL cannot be started",
                cause="\n".join(filter(None, [answer["error"], self._last_complaints()])),
                hint=POSTGRESQL_HINT,
            )
        url = answer["postgresql"]
        return None if url is None else str(url)

    def _last_complaints(self) -> str:
        assert self._keeper is not None, "started on entry"
        self._keeper.wait()
        self._complaints.seek(0)
        return self._complaints.read().decode(errors="backslashreplace").strip()[-COMPLAINT_LIMIT:]

    def _close(self) -> None:
        if self._keeper is not None:
            self._keeper.communicate()
            self._keeper = None
            self._complaints.close()


def _checked(database_url: str) -> str:
    if urlsplit(database_url).scheme not in ("postgresql", "postgres"):
        raise ConfigurationError(
            "--database-url is not the URL of a PostgreSQL server",
            cause="it does not start with postgresql://",
            hint="write postgresql://user:password@host/database, without a driver such as +asyncpg",
        )
    return database_url
