"""Run a witness: a function that uses the real server and raises AssertionError where the damage shows.

    python twinbench_witness.py WITNESS.py::FUNCTION

This file is both the program and the library that witnesses import: processes of the server, a service outside that
it calls, requests at once, statements in its database. Standard library only, so that it runs in any subject's
interpreter. What it found is one JSON object in the file named by TWINBENCH_RESULT:
{"outcome": "passed" | "failed" | "error", "message": text}. Only a failed assertion counts as damage: a witness that
cannot do its work is an error, and proves nothing.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PATIENCE_S = 30.0
STARTING_S = 60.0
STOPPING_S = 15.0
MESSAGE_LIMIT = 2000
LOG_TAIL = 3000
LARGEST_FILE = 256 * 2**20


class WitnessError(Exception):
    """The witness could not do its work."""


class NotStartedError(WitnessError):
    """The server ended, or did not answer, before it was ready: damage only where a witness is about the start."""


def until(condition: Callable[[], Any], *, seconds: float = PATIENCE_S, damage: str | None = None) -> Any:
    """Return what the condition gives once it is true; too late is damage where `damage` names it, else an error."""
    deadline = time.monotonic() + seconds
    while not (given := condition()):
        if time.monotonic() > deadline:
            assert damage is None, damage
            raise WitnessError(f"{getattr(condition, '__name__', 'a condition')} did not hold in {seconds:.0f} s")
        time.sleep(0.02)
    return given


@dataclass(frozen=True)
class Answer:
    """An HTTP answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """Parse the body."""
        return json.loads(self.text)


@dataclass
class Process:
    """One process of the server, with a port of its own."""

    process: subprocess.Popen[bytes]
    port: int
    errors: Path

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = PATIENCE_S,
    ) -> Answer:
        """Send one request on a new connection and read the whole answer; status 0 if none came in time."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            self._send(connection, method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())
        except (OSError, HTTPException) as error:
            return Answer(0, {}, f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    @contextmanager
    def stream(
        self, path: str, *, headers: Mapping[str, str] | None = None, seconds: float = PATIENCE_S
    ) -> Iterator[Any]:
        """Send a GET and yield the answer unread; leaving hangs up."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            self._send(connection, "GET", path, None, headers)
            yield connection.getresponse()
        finally:
            connection.close()

    @staticmethod
    def _send(connection: HTTPConnection, method: str, path: str, body: Any, headers: Mapping[str, str] | None) -> None:
        sent = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, body=sent, headers={**kind, **(headers or {})})

    def log(self) -> str:
        """Return what the process has written so far."""
        return self.errors.read_text(errors="replace")

    def ask_to_stop(self) -> None:
        """Send SIGTERM, as an orchestrator does."""
        self.process.terminate()

    def has_stopped(self) -> bool:
        """Look whether it has ended."""
        return self.process.poll() is not None

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self.process.kill()
        self.process.wait()


@dataclass
class Served:
    """Every process of the server."""

    processes: list[Process] = field(default_factory=list)

    def together(self, calls: Sequence[Callable[[Process], Any]]) -> list[Any]:
        """Make calls at the same moment, by turns to each process, and return what they gave, in order."""
        return at_once([lambda call=call, number=number: call(self._at(number)) for number, call in enumerate(calls)])

    def _at(self, number: int) -> Process:
        return self.processes[number % len(self.processes)]


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run functions in a thread each, all begun together; the first exception is raised again."""
    barrier = threading.Barrier(len(calls))
    given: list[Any] = [None] * len(calls)
    raised: list[BaseException] = []

    def run(number: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            given[number] = call()
        except BaseException as error:  # noqa: BLE001  # handed to the caller's thread
            raised.append(error)

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return given


class Later:
    """A call that runs in a thread while the witness goes on."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.given: Any = None
        self._thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[], Any]) -> None:
        self.given = call()

    def is_done(self) -> bool:
        """Look whether it has returned."""
        return not self._thread.is_alive()

    def result(self, seconds: float = PATIENCE_S) -> Any:
        """Return what it gave."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise WitnessError("a call did not return")
        return self.given


@contextmanager
def uvicorn(application: str, *, environments: Sequence[Mapping[str, str]], ready: str = "/") -> Iterator[Served]:
    """Run one process of uvicorn for each environment; every answer to `ready` below 500 counts as started.

    The listening socket is bound here: no port is guessed, and no request is refused while the process starts. A
    process whose application looks at TWINBENCH_TURN can wait, after its imports, until that file is there: it is
    made when the process before is ready (schemas are best made by one process).
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="witness-")))
        served = Served()
        for number, environment in enumerate(environments):
            errors = scratch / f"process-{number}.log"
            turn = {"TWINBENCH_TURN": str(scratch / f"turn-{number}")}
            served.processes.append(stack.enter_context(_process(application, {**environment, **turn}, errors)))
        for number, process in enumerate(served.processes):
            (scratch / f"turn-{number}").touch()
            _wait_until_ready(process, ready)
        yield served


@contextmanager
def _process(application: str, environment: Mapping[str, str], errors: Path) -> Iterator[Process]:
    with socket.socket() as listening, open(errors, "wb") as output:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        command = [sys.executable, "-m", "uvicorn", application, "--fd", str(listening.fileno()), "--ws", "none"]
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=output, stderr=output, pass_fds=[listening.fileno()]
        )
        try:
            yield Process(process, listening.getsockname()[1], errors)
        finally:
            process.terminate()
            try:
                process.wait(STOPPING_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: Process, path: str) -> None:
    deadline = time.monotonic() + STARTING_S
    while not 0 < process.call("GET", path, seconds=5).status < 500:
        if process.has_stopped() or time.monotonic() > deadline:
            raise NotStartedError("the server did not start:\n" + process.log()[-LOG_TAIL:])
        time.sleep(0.05)


class Outside(ThreadingHTTPServer):
    """A service that the server calls; subclasses answer."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _OutsideHandler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any]:
        """Return status and JSON for a request; it runs in a thread of its own and may take its time."""
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve in a thread."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()


class _OutsideHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Outside

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, content = self.server.answer(self, body)
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except (OSError, ConnectionAbortedError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  # names of http.server

    def log_message(self, *_: object) -> None:
        """Write nothing."""


class Database:
    """The server's database, seen from outside: each statement is committed at once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.backend = url.partition(":")[0].partition("+")[0]

    def connect(self) -> Any:
        """Open a connection without transactions of the driver's own; sqlite3, or psycopg of the subject."""
        if self.backend == "sqlite":
            import sqlite3

            path = self.url.partition("///")[2]
            return sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S, check_same_thread=False)
        import psycopg

        return psycopg.connect(self.url, autocommit=True)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows, if it has any."""
        connection = self.connect()
        try:
            cursor = connection.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def value(self, statement: str) -> Any:
        """Return the first column of the only row."""
        [(value, *_)] = self.rows(statement)
        return value


def database() -> Database:
    """Return the database of this trial."""
    return Database(os.environ["DATABASE_URL"])


def run(target: str) -> dict[str, str]:
    """Run the function of a file and return what it found."""
    path, _, name = target.partition("::")
    try:
        function = getattr(_load(Path(path)), name)
    except Exception:  # noqa: BLE001  # whatever a user's file does when it is imported
        return {"outcome": "error", "message": "the witness cannot be loaded:\n" + _tail(traceback.format_exc())}
    try:
        function()
    except AssertionError as damage:
        return {"outcome": "failed", "message": _tail(str(damage) or _line_of(damage))}
    except Exception:  # noqa: BLE001  # the witness is broken, which is a result too
        return {"outcome": "error", "message": _tail(traceback.format_exc())}
    return {"outcome": "passed", "message": ""}


def _load(path: Path) -> Any:
    sys.path.insert(0, str(path.parent.resolve()))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise WitnessError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _line_of(damage: AssertionError) -> str:
    """Return the source of the assertion that failed: without pytest nothing explains it."""
    frame = traceback.extract_tb(damage.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}: {frame.line}"


def _tail(text: str) -> str:
    return text.strip()[-MESSAGE_LIMIT:]


def main(target: str) -> None:
    """Run a witness and leave its result; no server of a faulty application may fill the disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    found = run(target)
    out = Path(os.environ["TWINBENCH_RESULT"])
    draft = out.with_suffix(".draft")
    draft.write_text(json.dumps(found))
    draft.replace(out)


if __name__ == "__main__":
    sys.modules.setdefault("twinbench_witness", sys.modules["__main__"])
    main(sys.argv[1])
    sys.stdout.flush()
    os._exit(0)  # threads of calls that never returned must not hold the process up
