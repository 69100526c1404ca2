"""Look after each test for what async code leaves behind; loaded with `-p twinbench_oracles`, in any suite.

    PYTHONPATH=bench/probe python -m pytest -p twinbench_oracles

What each oracle finds, and by what it is known in TWINBENCH_ORACLES_OFF, a list with commas:

    never-awaited   a coroutine was made and never awaited
    pending-task    a task that the test began is not done when the test has ended
    connection      a connection that the test took out of a SQLAlchemy pool is not back
    transaction     a transaction that the test began is still open
    blocked-loop    one step kept an event loop busy longer than TWINBENCH_BLOCKED_MS (500) of processor time, or five
                    times as long by the clock: on a busy machine a step waits for its processor too
    statements      one request sent more statements to the database than TWINBENCH_STATEMENTS (60)

A finding fails the test, unless TWINBENCH_ORACLES is `note`; where TWINBENCH_OUT names a file, it is also a line there:
["note", "oracle", [test id, oracle, text]]. What fixtures of a wider scope begin may outlive a test and is left alone.
Standard library and pytest only; SQLAlchemy and Starlette are watched if the suite imports them.
"""

import asyncio
import contextvars
import functools
import importlib.abc
import importlib.util
import json
import os
import sys
import threading
import time
import warnings
import weakref

import pytest

NEVER_AWAITED, PENDING_TASK, CONNECTION = "never-awaited", "pending-task", "connection"
TRANSACTION, BLOCKED_LOOP, STATEMENTS = "transaction", "blocked-loop", "statements"
OFF = frozenset(filter(None, os.environ.get("TWINBENCH_ORACLES_OFF", "").split(",")))
IS_NOTE = os.environ.get("TWINBENCH_ORACLES", "fail") == "note"
BLOCKED_S = float(os.environ.get("TWINBENCH_BLOCKED_MS", "500")) / 1000
BLOCKED_WAITING = 5
MOST_STATEMENTS = int(os.environ.get("TWINBENCH_STATEMENTS", "60"))
# What is about to end when the test does, in a thread or a loop of the application's, may take this long.
GRACE_S = 0.5
MESSAGE_LIMIT = 500


class Oracles:
    """What is open, each with the test that opened it, and what was found since the test began.

    `owner` is the running test, None while a fixture of a wider scope is set up and between tests.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.owner = None
        self.found = []
        self.tasks = weakref.WeakKeyDictionary()
        self.connections = {}
        self.transactions = {}
        self.out = os.environ.get("TWINBENCH_OUT", "")
        self.os_write, self.os_open, self.os_close = os.write, os.open, os.close
        self.now, self.sleep = time.monotonic, time.sleep

    def find(self, oracle, message):
        """Keep a finding for the test that is running."""
        if oracle not in OFF and self.owner is not None:
            with self.lock:
                self.found.append((oracle, str(message)[:MESSAGE_LIMIT]))

    def opened(self, things, key, text):
        """Remember what the running test has opened."""
        if self.owner is not None:
            with self.lock:
                things[key] = (self.owner, text)

    def closed(self, things, key):
        """Forget what is closed."""
        with self.lock:
            things.pop(key, None)

    def still_open(self, nodeid):
        """Return what the test has left: pairs of oracle and text."""
        with self.lock:
            tasks = [task for task, owner in list(self.tasks.items()) if owner == nodeid and not is_done(task)]
            left = [(PENDING_TASK, describe(task)) for task in tasks]
            for oracle, things in ((CONNECTION, self.connections), (TRANSACTION, self.transactions)):
                left += [(oracle, text) for owner, text in things.values() if owner == nodeid]
        return [(oracle, text) for oracle, text in left if oracle not in OFF]

    def settle(self, nodeid):
        """Return what the test has left after a moment in which loops may finish: others' go on, idle ones are run."""
        deadline = self.now() + GRACE_S
        left = self.still_open(nodeid)
        while left and self.now() < deadline:
            self.run_idle_loops(nodeid)
            self.sleep(0.005)
            left = self.still_open(nodeid)
        return left

    def run_idle_loops(self, nodeid):
        """Run loops that stand still between two tests until what the test left in them is done, or for a moment."""
        with self.lock:
            left = [task for task, owner in list(self.tasks.items()) if owner == nodeid and not is_done(task)]
        for loop in {task.get_loop() for task in left}:
            if not loop.is_running():
                pending = [task for task in left if task.get_loop() is loop]
                loop.run_until_complete(asyncio.wait(pending, timeout=GRACE_S))

    def forget(self, nodeid):
        """Blame what a test has left on that test only."""
        with self.lock:
            for things in (self.tasks, self.connections, self.transactions):
                for key in [key for key, owned in list(things.items()) if nodeid in (owned, owned[0])]:
                    things.pop(key, None)

    def note(self, nodeid, oracle, message):
        """Write a finding where the harness reads it."""
        if self.out:
            line = json.dumps(["note", "oracle", [nodeid, oracle, message]]).encode("ascii") + b"\n"
            out = self.os_open(self.out, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            self.os_write(out, line)
            self.os_close(out)


oracles = Oracles()
statements = contextvars.ContextVar("twinbench_statements", default=None)


def is_done(task):
    """Tell whether a task is done, or can never be because its loop is closed: another oracle's business."""
    return task.done() or task.get_loop().is_closed()


def describe(task):
    """Name a task by what it runs."""
    coroutine = task.get_coro()
    return "%s is pending" % getattr(coroutine, "__qualname__", type(coroutine).__name__)


def watch_coroutines():
    """Hear of each coroutine that dies without having been awaited, before anybody filters the warning."""
    plain = getattr(warnings, "_warn_unawaited_coroutine", None)
    if plain is None:
        return

    def _warn_unawaited_coroutine(coroutine):
        oracles.find(NEVER_AWAITED, "%s was never awaited" % getattr(coroutine, "__qualname__", coroutine))
        plain(coroutine)

    warnings._warn_unawaited_coroutine = _warn_unawaited_coroutine


def watch_loops():
    """Remember the tasks that loops begin, and time their steps."""
    loop_class = asyncio.BaseEventLoop
    plain_create, plain_run = loop_class.create_task, asyncio.Handle._run
    thread_time = time.thread_time

    @functools.wraps(plain_create)
    def create_task(self, *args, **kwargs):
        task = plain_create(self, *args, **kwargs)
        if oracles.owner is not None:
            with oracles.lock:
                oracles.tasks[task] = oracles.owner
        return task

    def _run(self):
        began, began_cpu = oracles.now(), thread_time()
        plain_run(self)
        elapsed, busy = oracles.now() - began, thread_time() - began_cpu
        if busy > BLOCKED_S or elapsed > BLOCKED_WAITING * BLOCKED_S:
            oracles.find(BLOCKED_LOOP, "a step of %.0f ms: %s" % (elapsed * 1000, step_name(self)))

    loop_class.create_task, asyncio.Handle._run = create_task, _run


def step_name(handle):
    """Name what a handle has run."""
    callback = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        return describe(task).partition(" is ")[0]
    return getattr(callback, "__qualname__", None) or "a callback"


def watch_sqlalchemy(module):
    """Follow connections and transactions, and count statements."""
    watch_pools(module.event.listen, module.pool.Pool)
    watch_engines(module.event.listen, module.engine.Engine)


def watch_pools(listen, pool_class):
    """Follow connections out of pools and back."""

    def gone(dbapi_connection, record, *_):
        oracles.closed(oracles.connections, id(record))
        oracles.closed(oracles.transactions, id(record))

    def checked_out(dbapi_connection, record, proxy):
        pool = getattr(record, "_ConnectionRecord__pool", None)
        oracles.opened(oracles.connections, id(record), "a connection of a %s is not given back" % type(pool).__name__)

    listen(pool_class, "checkout", checked_out)
    for event in ("checkin", "invalidate", "soft_invalidate", "detach", "close"):
        listen(pool_class, event, gone)


def watch_engines(listen, engine_class):
    """Follow transactions, and count the statements of each request."""

    def begin(connection):
        oracles.opened(oracles.transactions, record_of(connection), "a transaction is neither committed nor rolled back")

    def end(connection, *_):
        if not connection.invalidated:  # it is gone from the pool, and asking it for its record would reconnect
            oracles.closed(oracles.transactions, record_of(connection))

    def count(connection, cursor, statement, *_):
        counted = statements.get()
        if counted is not None:
            counted[0] += 1
            if counted[0] == MOST_STATEMENTS + 1:
                oracles.find(STATEMENTS, "%s sent more than %d statements" % (counted[1], MOST_STATEMENTS))

    listen(engine_class, "begin", begin)
    for event in ("commit", "rollback"):
        listen(engine_class, event, end)
    listen(engine_class, "before_cursor_execute", count)


def record_of(connection):
    """Name the pool's record of a connection: a connection that is thrown away takes its transaction along."""
    return id(connection.connection._connection_record)


def watch_requests(module):
    """Let each request count statements of its own."""
    plain = module.Starlette.__call__

    async def call(self, scope, receive, send):
        if scope["type"] != "http" or statements.get() is not None:
            return await plain(self, scope, receive, send)
        token = statements.set([0, "%s %s" % (scope["method"], scope["path"])])
        try:
            await plain(self, scope, receive, send)
        finally:
            statements.reset(token)

    module.Starlette.__call__ = call


WATCHED = {
    "sqlalchemy": watch_sqlalchemy,
    "starlette.applications": watch_requests,
}


class WhenImported(importlib.abc.MetaPathFinder):
    """Watch a library once it is imported; none is imported for its own sake."""

    def find_spec(self, name, path=None, target=None):
        """Find the module as everyone else does, and watch it after its code has run."""
        watch = WATCHED.pop(name, None)
        spec = None if watch is None else importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            watch(module)

        spec.loader.exec_module = exec_module
        return spec


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef):
    """Let nobody own what a fixture of a wider scope begins."""
    owner = oracles.owner
    if fixturedef.scope != "function":
        oracles.owner = None
    yield
    oracles.owner = owner


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Begin a test."""
    oracles.found, oracles.owner = [], item.nodeid
    yield
    oracles.owner = None
    oracles.forget(item.nodeid)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """Look when the test and its fixtures are over."""
    outcome = yield
    found = list(dict.fromkeys([*oracles.found, *oracles.settle(item.nodeid)]))
    for oracle, message in found:
        oracles.note(item.nodeid, oracle, message)
    if found and not IS_NOTE and outcome.excinfo is None:
        outcome.force_exception(OracleError("\n".join("%s: %s" % finding for finding in found)))


class OracleError(AssertionError):
    """A test has left something behind."""

    __module__ = "builtins"


watch_coroutines()
watch_loops()
for library in [name for name in WATCHED if name in sys.modules]:
    WATCHED.pop(library)(sys.modules[library])
sys.meta_path.insert(0, WhenImported())
