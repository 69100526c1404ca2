"""Five ways to reach one application: a real server, TestClient entered and not, AsyncClient of httpx and of httpx2.

Each way opens an application and yields a caller. Every caller has the same three methods, so that an observation
is written once. What a test could look at directly after the client returned is copied at that moment
(`Answer.notes`): a later look would show what happened in between.
"""

import asyncio
import contextvars
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from packages import CannotObserveError, needed

Application = Callable[..., Awaitable[None]]
Notes = dict[str, Any]
Found = TypeVar("Found")

LEFT_BEHIND: contextvars.ContextVar[str] = contextvars.ContextVar("left_behind", default="")
START_SECONDS = 5.0
UPLOAD_GAP_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `options` go to the HTTP client as they are, `parts` are a body with a gap after each part."""

    path: str = "/"
    method: str = "GET"
    options: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[bytes, ...] = ()

    def sync_options(self) -> dict[str, Any]:
        """Return the keywords for a synchronous client."""
        return {**self.options, **({"content": self._sent()} if self.parts else {})}

    def async_options(self) -> dict[str, Any]:
        """Return the keywords for an asynchronous client."""
        return {**self.options, **({"content": self._sent_async()} if self.parts else {})}

    def _sent(self) -> Iterator[bytes]:
        for part in self.parts:
            yield part
            time.sleep(UPLOAD_GAP_SECONDS)

    async def _sent_async(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
            await asyncio.sleep(UPLOAD_GAP_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the client had when it returned, and what the application had noted by then."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: tuple[bytes, ...] = ()
    error: str = ""
    notes: Notes
    left_behind: str = ""
    thread: int = 0

    @property
    def body(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks)


class Caller(Protocol):
    """A client of one running application."""

    def in_turn(self, *requests: Request) -> list[Answer]:
        """Send requests one after the other with one client."""

    def at_once(self, *requests: Request) -> list[Answer]:
        """Send requests together, as this client's users would: from threads, or from tasks of one loop."""

    def read(self, request: Request, *, on_chunk: Callable[[], None], leave: bool = False) -> Answer:
        """Read a body as it comes; with `leave`, close the response after its first part."""

    def websocket_close(self) -> str:
        """Open a WebSocket and return the code and reason with which the application closes it."""


class SyncCaller:
    """Call with a synchronous client: TestClient, or httpx over a socket."""

    def __init__(self, client: Any, notes: Notes, *, address: tuple[str, int] | None = None) -> None:
        """Take an open client; `address` is where a real server listens."""
        self.client, self.notes, self.address = client, notes, address

    def in_turn(self, *requests: Request) -> list[Answer]:
        """Send requests one after the other."""
        return [self._call(request) for request in requests]

    def at_once(self, *requests: Request) -> list[Answer]:
        """Send each request from a thread."""
        with ThreadPoolExecutor(max_workers=len(requests)) as pool:
            return list(pool.map(self._call, requests))

    def read(self, request: Request, *, on_chunk: Callable[[], None], leave: bool = False) -> Answer:
        """Read a body as it comes."""
        chunks: list[bytes] = []
        try:
            with self.client.stream(request.method, request.path, **request.sync_options()) as response:
                for chunk in response.iter_raw():
                    chunks.append(chunk)
                    on_chunk()
                    if leave:
                        break
        except Exception as error:  # noqa: BLE001 - whatever a client raises is the observation
            return self._answer(error=type(error).__name__, chunks=tuple(chunks))
        return self._answer(response, chunks=tuple(chunks))

    def websocket_close(self) -> str:
        """Connect, receive once, and return how the application closed."""
        if self.address is not None:
            return socket_close(*self.address)
        with self.client.websocket_connect("/socket") as session:
            message = session.receive()
        return f"{message.get('code')} {message.get('reason')}"

    def _call(self, request: Request) -> Answer:
        try:
            response = self.client.request(request.method, request.path, **request.sync_options())
        except Exception as error:  # noqa: BLE001 - whatever a client raises is the observation
            return self._answer(error=type(error).__name__)
        return self._answer(response, chunks=(response.content,))

    def _answer(self, response: Any = None, *, chunks: tuple[bytes, ...] = (), error: str = "") -> Answer:
        return _answer(self.notes, response, chunks=chunks, error=error)


class AsyncCaller:
    """Call with AsyncClient and ASGITransport; each method is one coroutine in one loop, as a test is."""

    def __init__(self, library: Any, app: Application, notes: Notes, *, backend: str) -> None:
        """Take the HTTP library, the application and the async library of the loop."""
        self.library, self.app, self.notes, self.backend = library, app, notes, backend

    def in_turn(self, *requests: Request) -> list[Answer]:
        """Send requests one after the other."""

        async def in_turn() -> list[Answer]:
            async with self._client() as client:
                return [await self._call(client, request) for request in requests]

        return self._run(in_turn)

    def at_once(self, *requests: Request) -> list[Answer]:
        """Send each request from a task."""

        async def at_once() -> list[Answer]:
            async with self._client() as client:
                return await asyncio.gather(*(self._call(client, request) for request in requests))

        return self._run(at_once)

    def read(self, request: Request, *, on_chunk: Callable[[], None], leave: bool = False) -> Answer:
        """Read a body as it comes."""
        chunks: list[bytes] = []

        async def read() -> Answer:
            async with self._client() as client:
                try:
                    async with client.stream(request.method, request.path, **request.async_options()) as response:
                        async for chunk in response.aiter_raw():
                            chunks.append(chunk)
                            on_chunk()
                            if leave:
                                break
                except Exception as error:  # noqa: BLE001 - whatever a client raises is the observation
                    return _answer(self.notes, chunks=tuple(chunks), error=type(error).__name__)
                return _answer(self.notes, response, chunks=tuple(chunks))

        return self._run(read)

    def websocket_close(self) -> str:
        """Say that this client cannot."""
        return "no WebSocket"

    def _run(self, coroutine: Callable[[], Awaitable[Found]]) -> Found:
        found: Found = needed("anyio", "run")(coroutine, backend=self.backend)
        return found

    def _client(self) -> Any:
        return self.library.AsyncClient(
            transport=self.library.ASGITransport(app=self.app), base_url="http://testserver"
        )

    async def _call(self, client: Any, request: Request) -> Answer:
        try:
            response = await client.request(request.method, request.path, **request.async_options())
        except Exception as error:  # noqa: BLE001 - whatever a client raises is the observation
            return _answer(self.notes, error=type(error).__name__)
        return _answer(self.notes, response, chunks=(response.content,))


def _answer(notes: Notes, response: Any = None, *, chunks: tuple[bytes, ...] = (), error: str = "") -> Answer:
    return Answer(
        status=None if response is None else response.status_code,
        headers={} if response is None else dict(response.headers),
        chunks=chunks,
        error=error,
        notes=dict(notes),
        left_behind=LEFT_BEHIND.get(),
        thread=threading.get_ident(),
    )


def http_library() -> Any:
    """Return the library that Starlette's TestClient uses: httpx2 where there is one."""
    try:
        return needed("httpx2")
    except CannotObserveError:
        return needed("httpx")


@contextmanager
def served(app: Application, notes: Notes, *, backend: str) -> Iterator[Caller]:
    """Run uvicorn in a thread, on a loopback socket, and call it over that socket."""
    if backend != "asyncio":
        raise CannotObserveError("uvicorn runs applications on asyncio alone")
    uvicorn, library = needed("uvicorn"), http_library()
    # A server that does not end after a failed observation must not hold the script.
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            host, port = listening.getsockname()
            with library.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=START_SECONDS) as client:
                yield SyncCaller(client, notes, address=(host, port))
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)


def _wait_until_started(server: Any, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise CannotObserveError("uvicorn does not start")
        time.sleep(0.005)


@contextmanager
def entered(app: Application, notes: Notes, *, backend: str) -> Iterator[Caller]:
    """Use TestClient as a context manager: one loop in one thread, and the lifespan."""
    test_client = needed("starlette.testclient", "TestClient")
    with test_client(app, backend=_installed(backend)) as client:
        yield SyncCaller(client, notes)


@contextmanager
def not_entered(app: Application, notes: Notes, *, backend: str) -> Iterator[Caller]:
    """Use TestClient without `with`: a loop and a thread per request."""
    test_client = needed("starlette.testclient", "TestClient")
    yield SyncCaller(test_client(app, backend=_installed(backend)), notes)


def async_client(library: str) -> Callable[..., AbstractContextManager[Caller]]:
    """Return the way that uses AsyncClient and ASGITransport of one HTTP library."""

    @contextmanager
    def opened(app: Application, notes: Notes, *, backend: str) -> Iterator[Caller]:
        yield AsyncCaller(needed(library), app, notes, backend=_installed(backend))

    return opened


def _installed(backend: str) -> str:
    needed(backend)
    return backend


def socket_close(host: str, port: int) -> str:
    """Open a WebSocket by hand and return the code and reason of the server's close frame.

    The frame is RFC 6455, section 5.5.1: two bytes of code, then the reason. A server's frames are not masked.
    """
    if not any(_can_import(name) for name in ("websockets", "wsproto")):
        raise CannotObserveError("uvicorn serves WebSockets with websockets or wsproto, and neither is installed")
    lines = (
        "GET /socket HTTP/1.1",
        f"Host: {host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    )
    with socket.create_connection((host, port), timeout=START_SECONDS) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        stream = connection.makefile("rb")
        while stream.readline().strip():
            pass
        length = stream.read(2)[1]
        payload = stream.read(length)
    return f"{int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}"


def _can_import(name: str) -> bool:
    try:
        needed(name)
    except CannotObserveError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One column of the table."""

    id: str
    title: str
    open: Callable[..., AbstractContextManager[Caller]]


SERVER = Way(id="server", title="uvicorn, over a socket", open=served)
WAYS = (
    SERVER,
    Way(id="testclient-entered", title="TestClient, entered", open=entered),
    Way(id="testclient", title="TestClient, not entered", open=not_entered),
    Way(id="asyncclient-httpx", title="AsyncClient of httpx", open=async_client("httpx")),
    Way(id="asyncclient-httpx2", title="AsyncClient of httpx2", open=async_client("httpx2")),
)
