"""The rows of the mirror table: an application, what a client does with it, and a few words for what happened."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import watched
from clients import Answer, Application, Caller, Notes, Request

UPLOAD = (b"x" * 50_000, b"y" * 50_000)
SETTLE_SECONDS = 2.0
# Below a server's patience, above the time of a plain request by far.
CLIENT_TIMEOUT_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable:
    """One row."""

    id: str
    title: str
    app: Callable[[Notes], Application]
    look: Callable[[Caller, Notes], str]
    backend: str = "asyncio"


def _one(caller: Caller, request: Request | None = None) -> Answer:
    return caller.in_turn(request or Request())[0]


def _settled(notes: Notes, key: str) -> str:
    """Wait for what the application notes after the client has left."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while key not in notes and time.monotonic() < deadline:
        time.sleep(0.005)
    return str(notes.get(key, "unknown"))


def _parts(caller: Caller, _notes: Notes) -> str:
    count = len(caller.read(Request(), on_chunk=lambda: None).chunks)
    return f"{count} part{'' if count == 1 else 's'}"


def _first_byte(caller: Caller, notes: Notes) -> str:
    answer = caller.read(Request(), on_chunk=lambda: notes.setdefault("reader", True))
    return "before the last is made" if answer.notes.get("early") else "with the last"


def _left(caller: Caller, notes: Notes) -> str:
    caller.read(Request(), on_chunk=lambda: None, leave=True)
    return _settled(notes, "end")


def _failure(caller: Caller, _notes: Notes) -> str:
    return _status(_one(caller))


def _failure_midway(caller: Caller, _notes: Notes) -> str:
    answer = caller.read(Request(), on_chunk=lambda: None)
    return _status(answer) if answer.error in ("", "ValueError") else "broken body"


def _status(answer: Answer) -> str:
    return f"raises {answer.error}" if answer.error else f"status {answer.status}"


def _lifespan(caller: Caller, _notes: Notes) -> str:
    return "runs" if _one(caller).notes.get("lifespan") else "does not run"


def _state(caller: Caller, _notes: Notes) -> str:
    return str(_one(caller).notes.get("state", "nothing"))


def _tasks(caller: Caller, notes: Notes) -> str:
    caller.in_turn(Request(), Request())
    first, second = notes["tasks"]
    return "one for both" if first is second else "one for each"


def _loops(caller: Caller, notes: Notes) -> str:
    caller.in_turn(Request(), Request())
    first, second = notes["loops"]
    return "one for both" if first is second else "one for each"


def _context(caller: Caller, _notes: Notes) -> str:
    return _one(caller).left_behind or "nothing"


def _thread(caller: Caller, notes: Notes) -> str:
    answer = _one(caller)
    return "the test's" if notes["threads"] == [answer.thread] else "another one"


def _background(caller: Caller, _notes: Notes) -> str:
    return "done" if _one(caller).notes.get("worked") else "running"


def _header(name: str) -> Callable[[Caller, Notes], str]:
    def look(caller: Caller, _notes: Notes) -> str:
        return "present" if name in _one(caller).headers else "absent"

    return look


def _head(caller: Caller, _notes: Notes) -> str:
    answer = _one(caller, Request(method="HEAD"))
    return f"{len(answer.body)} bytes, Content-Length {answer.headers.get('content-length', 'absent')}"


def _address(caller: Caller, notes: Notes) -> str:
    _one(caller)
    client = notes["scope"]["client"]
    return str(client[0]) if client else "none"


def _raw_path(caller: Caller, notes: Notes) -> str:
    _one(caller, Request(path="/a%2Fb%20c?page=2"))
    raw = notes["scope"]["raw_path"]
    return raw.decode("ascii") if raw is not None else "none"


def _upload(caller: Caller, notes: Notes) -> str:
    _one(caller, Request(method="POST", parts=UPLOAD))
    if notes["received"] != sum(map(len, UPLOAD)):
        return f"{notes['received']} bytes"
    return "one message" if notes["messages"] == 1 else "several messages"


def _overlap(caller: Caller, notes: Notes) -> str:
    caller.at_once(Request(), Request())
    return "both inside at once" if notes["met"] else "one after the other"


def _timeout(caller: Caller, _notes: Notes) -> str:
    return _status(_one(caller, Request(options={"timeout": CLIENT_TIMEOUT_SECONDS})))


def _cookies(caller: Caller, notes: Notes) -> str:
    caller.in_turn(Request(), Request())
    return "sent back" if notes["cookie"] == "one" else "forgotten"


def _redirect(caller: Caller, _notes: Notes) -> str:
    return _status(_one(caller))


def _socket(caller: Caller, _notes: Notes) -> str:
    return caller.websocket_close()


def _library(caller: Caller, notes: Notes) -> str:
    answer = _one(caller)
    return str(notes.get("library", _status(answer)))


OBSERVABLES = (
    Observable(id="parts", title="Body sent in 3 parts arrives as", app=watched.in_parts, look=_parts),
    Observable(id="first-byte", title="First byte arrives", app=watched.waits_for_reader, look=_first_byte),
    Observable(
        id="disconnect", title="Next message when the client leaves", app=watched.listens_for_disconnect, look=_left
    ),
    Observable(id="cancellation", title="Streaming when the client leaves", app=watched.endless, look=_left),
    Observable(id="exception", title="Unhandled exception", app=watched.raises, look=_failure),
    Observable(
        id="exception-midway", title="Exception after the first part", app=watched.raises_midway, look=_failure_midway
    ),
    Observable(id="lifespan", title="Lifespan", app=watched.with_lifespan, look=_lifespan),
    Observable(id="lifespan-state", title="State in a request", app=watched.with_lifespan, look=_state),
    Observable(id="tasks", title="Tasks of two requests", app=watched.looks_around, look=_tasks),
    Observable(id="loops", title="Event loops of two requests", app=watched.looks_around, look=_loops),
    Observable(id="context", title="Context variable left in the test", app=watched.looks_around, look=_context),
    Observable(id="thread", title="Thread of the application", app=watched.looks_around, look=_thread),
    Observable(id="background", title="Background task at return", app=watched.with_background, look=_background),
    Observable(id="date", title="Date header", app=watched.plain, look=_header("date")),
    Observable(id="server", title="Server header", app=watched.plain, look=_header("server")),
    Observable(id="content-length", title="Content-Length header", app=watched.plain, look=_header("content-length")),
    Observable(
        id="transfer-encoding",
        title="Transfer-Encoding header of a body in parts",
        app=watched.in_parts,
        look=_header("transfer-encoding"),
    ),
    Observable(id="head", title="HEAD", app=watched.plain, look=_head),
    Observable(id="address", title="Address of the client", app=watched.looks_around, look=_address),
    Observable(id="raw-path", title="Raw path of /a%2Fb%20c?page=2", app=watched.looks_around, look=_raw_path),
    Observable(id="upload", title="100 kB uploaded in 2 parts arrive in", app=watched.counts_upload, look=_upload),
    Observable(id="overlap", title="Two requests at once", app=watched.meets, look=_overlap),
    Observable(id="timeout", title="Client's timeout of 0.1 s", app=watched.slow, look=_timeout),
    Observable(id="cookies", title="Cookie", app=watched.remembers, look=_cookies),
    Observable(id="redirect", title="Redirect to a page that is missing", app=watched.redirects, look=_redirect),
    Observable(id="websocket", title="Close of a WebSocket", app=watched.closes_socket, look=_socket),
    Observable(
        id="library",
        title="Application under trio",
        app=watched.names_library,
        look=_library,
        backend="trio",
    ),
)
