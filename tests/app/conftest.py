"""The application as users meet it: two processes of uvicorn, one database, real sockets, a real mail gateway."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bench.running.databases import Databases

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
PASSWORD = "correct horse battery"


def until(condition: Callable[[], Any]) -> Any:
    """Return what the condition gives as soon as it gives something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (given := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return given


class Gateway(ThreadingHTTPServer):
    """Take letters."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GatewayHandler)
        self.letters: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/letters"

    def token_for(self, address: str) -> str:
        [letter] = until(lambda: [letter for letter in self.letters if letter["to"] == address])
        return letter["text"].rpartition("#")[2].strip()


class GatewayHandler(BaseHTTPRequestHandler):
    """Answer the application's HTTP client."""

    server: Gateway

    def do_POST(self) -> None:
        self.server.letters.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Process:
    """One process of uvicorn."""

    process: subprocess.Popen[bytes]
    errors: Path
    client: httpx2.Client

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.errors.read_text()
        try:
            return self.client.get("/health/ready").status_code == 204
        except httpx2.TransportError:
            return False


@dataclass
class Served:
    """Both processes, and the letters they send."""

    gateway: Gateway
    processes: list[Process] = field(default_factory=list)

    @property
    def clients(self) -> list[httpx2.Client]:
        return [process.client for process in self.processes]

    def together(self, calls: list[Callable[[httpx2.Client], httpx2.Response]]) -> list[httpx2.Response]:
        """Make calls at once, by turns to one process and the other."""
        clients = [self.clients[number % len(self.clients)] for number in range(len(calls))]
        with ThreadPoolExecutor(max_workers=len(calls)) as pool:
            return list(pool.map(lambda call, client: call(client), calls, clients))

    def person(self, address: str) -> dict[str, str]:
        """Register someone, follow the link of their letter, log them in, and return their headers."""
        client = self.clients[0]
        body = {"email": address, "password": PASSWORD, "full_name": "Somebody"}
        assert client.post("/auth/register", json=body).status_code == 201
        assert client.post("/auth/verify", json={"token": self.gateway.token_for(address)}).status_code == 204
        login = client.post("/auth/login", json={"email": address, "password": PASSWORD})
        return {"Authorization": f"Bearer {login.json()['access_token']}"}


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Run the mail gateway."""
    with Gateway() as server:
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def uvicorn(environment: dict[str, str], errors: Path) -> Iterator[Process]:
    """Run one process; it must end well when it is asked to."""
    with closing(socket.socket()) as listening, open(errors, "wb") as stderr:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        host, port = listening.getsockname()
        command = [sys.executable, "-m", "uvicorn", "app.main:app", "--fd", str(listening.fileno()), "--ws", "none"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=stderr, stderr=stderr, pass_fds=[listening.fileno()]
        )
        with httpx2.Client(base_url=f"http://{host}:{port}", timeout=PATIENCE_S) as client:
            served = Process(process, errors, client)
            try:
                until(served.is_ready)
                yield served
            finally:
                client.close()
                process.terminate()
                process.wait(PATIENCE_S)
    assert "Traceback" not in errors.read_text(), errors.read_text()
    assert "Application shutdown complete" in errors.read_text()


@pytest.fixture(scope="module")
def databases() -> Iterator[Databases]:
    with Databases(backends=("sqlite", "postgresql")) as databases:
        yield databases


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Both processes on one empty database."""
    scratch = tmp_path_factory.mktemp("served")
    with ExitStack() as stack:
        url = stack.enter_context(databases.provision(request.param, scratch=scratch))
        served = Served(stack.enter_context(gateway()))
        environment = {
            **os.environ,
            "DATABASE_URL": str(url),
            "DATABASE_CREATE_SCHEMA": "1",
            "MAIL_GATEWAY_URL": served.gateway.url,
            "OUTBOX_POLL_SECONDS": "0.05",
            "ATTEMPTS_PER_MINUTE": "0",
            "EVENTS_HEARTBEAT_SECONDS": "0.2",
            # Nobody listens there: providers are out of reach, whatever network this machine has.
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:9"),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1"),
            "PASSWORD_TIME_COST": "1",
            "PASSWORD_MEMORY_COST_KIB": "8",
            "PASSWORD_PARALLELISM": "1",
        }
        # One after the other: the first one makes the tables.
        for name in ("first", "second"):
            served.processes.append(stack.enter_context(uvicorn(environment, scratch / f"{name}.log")))
        yield served
