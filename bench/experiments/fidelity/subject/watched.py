"""The applications of the mirror table: small, and each notes what happened inside it."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from clients import LEFT_BEHIND, Application, Notes
from packages import needed

# How long an application waits for what may never come. A multiple of any delay of a loopback socket.
PATIENCE_SECONDS = 1.0
GAP_SECONDS = 0.03

Handler = Callable[[Any], Awaitable[Any]]


def routed(handler: Handler, **options: Any) -> Application:
    """Return a Starlette application with one route, `/`."""
    starlette, route = needed("starlette.applications", "Starlette"), needed("starlette.routing", "Route")
    app: Application = starlette(routes=[route("/", handler)], **options)
    return app


def mounted(inner: Application) -> Application:
    """Return a raw ASGI application inside Starlette, which answers the server's lifespan messages for it."""
    starlette, mount = needed("starlette.applications", "Starlette"), needed("starlette.routing", "Mount")
    app: Application = starlette(routes=[mount("/", app=inner)])
    return app


def text(content: str = "hello", **options: Any) -> Any:
    """Return a plain response."""
    return needed("starlette.responses", "PlainTextResponse")(content, **options)


def in_parts(_notes: Notes) -> Application:
    """Answer in three parts with a gap after each."""

    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one", b"two", b"three"):
            yield part
            await asyncio.sleep(GAP_SECONDS)

    return _streaming(parts)


def waits_for_reader(notes: Notes) -> Application:
    """Send a first part, then wait until the client has noted that it holds it."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"first"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "reader" not in notes and time.monotonic() < deadline:  # noqa: ASYNC110 - noted by another thread
            await asyncio.sleep(0.005)
        notes["early"] = "reader" in notes
        yield b"last"

    return _streaming(parts)


def endless(notes: Notes) -> Application:
    """Send a first part, then go on until cancelled, or until nobody can be waiting any more."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"first"
        try:
            await asyncio.sleep(PATIENCE_SECONDS)
            notes["end"] = "runs to its end"
        except asyncio.CancelledError:
            notes["end"] = "cancelled"
            raise

    return _streaming(parts)


def _streaming(parts: Callable[[], AsyncIterator[bytes]]) -> Application:
    streaming = needed("starlette.responses", "StreamingResponse")

    async def handler(_: Any) -> Any:
        return streaming(parts())

    return routed(handler)


def listens_for_disconnect(notes: Notes) -> Application:
    """Send a first part, then ask the server for its next message; raw ASGI, so that nothing else receives it."""

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        try:
            notes["end"] = await _disconnect(receive)
        except asyncio.CancelledError:
            notes["end"] = "cancelled"
            raise
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"last", "more_body": False})

    return mounted(app)


async def _disconnect(receive: Any) -> str:
    """Return the type of the message that says that the client left, or that none came."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return "none"
    return "http.disconnect"


def raises(_notes: Notes) -> Application:
    """Raise what nobody handles."""

    async def handler(_: Any) -> Any:
        raise ValueError("on purpose")

    return routed(handler)


def raises_midway(_notes: Notes) -> Application:
    """Raise after the first part of the body."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"first"
        raise ValueError("on purpose")

    return _streaming(parts)


def with_lifespan(notes: Notes) -> Application:
    """Note that the lifespan ran, and what of its state a request has."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[dict[str, str]]:
        notes["lifespan"] = True
        yield {"opened": "by the lifespan"}

    async def handler(request: Any) -> Any:
        notes["state"] = getattr(request.state, "opened", "nothing")
        return text()

    return routed(handler, lifespan=lifespan)


def looks_around(notes: Notes) -> Application:
    """Note task, loop and thread of each request, and set a context variable."""
    notes.update(tasks=[], loops=[], threads=[])

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        # The objects themselves: an id may be given again to the next task.
        notes["tasks"].append(asyncio.current_task())
        notes["loops"].append(asyncio.get_running_loop())
        notes["threads"].append(threading.get_ident())
        notes["scope"] = {"client": scope.get("client"), "raw_path": scope.get("raw_path")}
        LEFT_BEHIND.set("the application's")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    return mounted(app)


def with_background(notes: Notes) -> Application:
    """Answer, then work."""
    background = needed("starlette.background", "BackgroundTask")

    async def work() -> None:
        await asyncio.sleep(PATIENCE_SECONDS / 5)
        notes["worked"] = True

    async def handler(_: Any) -> Any:
        return text(background=background(work))

    return routed(handler)


def plain(_notes: Notes) -> Application:
    """Answer five bytes."""

    async def handler(_: Any) -> Any:
        return text()

    return routed(handler)


def counts_upload(notes: Notes) -> Application:
    """Note in how many messages the body of a request comes."""

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        notes.update(messages=0, received=0)
        more = True
        while more:
            message = await receive()
            notes["messages"] += bool(message.get("body"))
            notes["received"] += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    return mounted(app)


def meets(notes: Notes) -> Application:
    """Wait until two requests are inside, or until that will not happen."""
    notes.update(inside=0, met=False)

    async def handler(_: Any) -> Any:
        notes["inside"] += 1
        deadline = time.monotonic() + PATIENCE_SECONDS
        while notes["inside"] < 2 and time.monotonic() < deadline:  # noqa: ASYNC110 - each request may have a loop
            await asyncio.sleep(0.005)
        notes["met"] = notes["met"] or notes["inside"] == 2
        await asyncio.sleep(0.05)
        notes["inside"] -= 1
        return text()

    return routed(handler)


def slow(_notes: Notes) -> Application:
    """Answer late."""

    async def handler(_: Any) -> Any:
        await asyncio.sleep(PATIENCE_SECONDS)
        return text()

    return routed(handler)


def remembers(notes: Notes) -> Application:
    """Set a cookie and note which one comes back."""

    async def handler(request: Any) -> Any:
        notes["cookie"] = request.cookies.get("crumb", "none")
        response = text()
        response.set_cookie("crumb", "one", httponly=True, samesite="lax")
        return response

    return routed(handler)


def redirects(_notes: Notes) -> Application:
    """Send the client elsewhere, where it gets a 404."""
    redirect = needed("starlette.responses", "RedirectResponse")

    async def handler(_: Any) -> Any:
        return redirect("/elsewhere")

    return routed(handler)


def closes_socket(_notes: Notes) -> Application:
    """Accept a WebSocket and close it with a code of the application's."""
    starlette = needed("starlette.applications", "Starlette")
    route = needed("starlette.routing", "WebSocketRoute")

    async def endpoint(session: Any) -> None:
        await session.accept()
        await session.close(code=4001, reason="gone")

    app: Application = starlette(routes=[route("/socket", endpoint)])
    return app


def names_library(notes: Notes) -> Application:
    """Note which async library runs the request."""

    async def handler(_: Any) -> Any:
        try:
            asyncio.get_running_loop()
            notes["library"] = "asyncio"
        except RuntimeError:
            notes["library"] = "trio"
        return text()

    return routed(handler)
