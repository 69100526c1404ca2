"""Count what a suite really exercises; the probe imports this only where work is counted, never in a timed trial.

Counted are answered requests by route and status, database connections by driver, event loops, threads, calls
through TestClient's portal, callbacks handed to a loop by another thread, and the time in which a request was
inside the application or SQLAlchemy waited for its driver. Libraries are wrapped when the suite imports them
and not before, so that counting makes nothing appear used. Standard library only, Python >= 3.9.
"""

import asyncio
import functools
import importlib.abc
import importlib.util
import sys
import threading
import time

DATABASE_CALLS = ("connect", "do_execute", "do_execute_no_params", "do_executemany", "do_commit", "do_rollback")


class Stopwatch:
    """Measure the time in which at least one of something is under way, on any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.depth = 0
        self.began_ns = 0
        self.total_ns = 0
        self.now_ns = time.monotonic_ns  # kept: suites replace the clock while their tests run

    def __enter__(self):
        with self.lock:
            if self.depth == 0:
                self.began_ns = self.now_ns()
            self.depth += 1

    def __exit__(self, *exception):
        with self.lock:
            self.depth -= 1
            if self.depth == 0:
                self.total_ns += self.now_ns() - self.began_ns


class Counters:
    """Hold the counts of one process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {"event_loops": 0, "portal_calls": 0, "handed_across_threads": 0}
        self.requests = {}
        self.connections = {}
        self.threads = {}
        self.application = Stopwatch()
        self.database = Stopwatch()
        self.working = Stopwatch()
        self.surroundings = None

    def add(self, counts, key):
        """Count one more; threads share the counts."""
        with self.lock:
            counts[key] = counts.get(key, 0) + 1

    def facts(self):
        """Give what was counted, for the trial's facts."""
        exercised = dict(self.counts)
        exercised.update(
            connections=self.connections,
            threads=self.threads,
            application_ns=self.application.total_ns,
            database_ns=self.database.total_ns,
            working_ns=self.working.total_ns,
        )
        facts = {"requests": self.requests, "exercised": exercised}
        if self.surroundings is not None:
            facts["surroundings"] = self.surroundings.facts()
        return facts


class WhenImported(importlib.abc.MetaPathFinder):
    """Call a function with a module as soon as it has been imported."""

    def __init__(self, actions):
        self.actions = actions

    def find_spec(self, name, path=None, target=None):
        """Find the module as everyone else does, and watch its execution."""
        action = self.actions.pop(name, None)
        spec = None if action is None else importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            action(module)

        spec.loader.exec_module = exec_module
        return spec


def start(config=None):
    """Begin to count and return the counters."""
    counters = Counters()
    count_loops(counters)
    count_threads(counters)
    count_sqlite3(counters)
    actions = {
        "anyio.from_thread": count_portal_calls,
        "asyncpg.connect_utils": count_asyncpg,
        "psycopg": count_psycopg,
        "sqlalchemy.engine.default": time_database,
        "starlette.applications": count_requests,
    }
    bound = {name: functools.partial(act, counters) for name, act in actions.items()}
    if config is not None:
        import twinbench_surroundings

        counters.surroundings = twinbench_surroundings.start(config, counters, bound)
    for name in [name for name in bound if name in sys.modules]:
        bound.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, WhenImported(bound))
    return counters


def count_loops(counters):
    """Count event loops of asyncio, and what other threads hand to them."""
    loop_class = asyncio.BaseEventLoop
    plain_init, plain_call = loop_class.__init__, loop_class.call_soon_threadsafe

    def __init__(self, *args, **kwargs):
        counters.add(counters.counts, "event_loops")
        plain_init(self, *args, **kwargs)

    def call_soon_threadsafe(self, *args, **kwargs):
        if self._thread_id not in (None, threading.get_ident()):
            counters.add(counters.counts, "handed_across_threads")
        return plain_call(self, *args, **kwargs)

    loop_class.__init__, loop_class.call_soon_threadsafe = __init__, call_soon_threadsafe


def count_threads(counters):
    """Count started threads by the module whose work they do."""
    plain = threading.Thread.start

    def start(self):
        work = type(self) if type(self) is not threading.Thread else getattr(self, "_target", None)
        counters.add(counters.threads, getattr(work, "__module__", None) or "unknown")
        plain(self)

    threading.Thread.start = start


def count_sqlite3(counters):
    """Count connections of sqlite3 that could be opened; those that aiosqlite opens through it are aiosqlite's."""
    try:
        import sqlite3
    except ImportError:
        return
    plain = sqlite3.connect

    @functools.wraps(plain)
    def connect(*args, **kwargs):
        connection = plain(*args, **kwargs)
        caller = sys._getframe(1).f_globals.get("__name__", "")
        counters.add(counters.connections, "aiosqlite" if caller.partition(".")[0] == "aiosqlite" else "sqlite3")
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = connect


def count_asyncpg(counters, module):
    """Count connections of asyncpg that could be opened."""
    plain = module._connect

    async def _connect(*args, **kwargs):
        connection = await plain(*args, **kwargs)
        counters.add(counters.connections, "asyncpg")
        return connection

    module._connect = _connect


def count_psycopg(counters, module):
    """Count connections of psycopg that could be opened, synchronous and asynchronous ones apart."""
    open_connection = module.Connection.connect.__func__
    open_async_connection = module.AsyncConnection.connect.__func__

    def connect(cls, *args, **kwargs):
        connection = open_connection(cls, *args, **kwargs)
        counters.add(counters.connections, "psycopg")
        return connection

    async def connect_async(cls, *args, **kwargs):
        connection = await open_async_connection(cls, *args, **kwargs)
        counters.add(counters.connections, "psycopg (async)")
        return connection

    module.Connection.connect = classmethod(connect)
    module.AsyncConnection.connect = classmethod(connect_async)
    module.connect = module.Connection.connect


def count_portal_calls(counters, module):
    """Count what a synchronous thread asks of a loop in another one: TestClient's way to the application."""
    for name in ("start_task_soon", "start_task"):
        plain = getattr(module.BlockingPortal, name)

        def handed(self, *args, plain=plain, **kwargs):
            counters.add(counters.counts, "portal_calls")
            return plain(self, *args, **kwargs)

        setattr(module.BlockingPortal, name, functools.wraps(plain)(handed))


def time_database(counters, module):
    """Time the calls in which SQLAlchemy waits for its driver."""
    for name in DATABASE_CALLS:
        plain = getattr(module.DefaultDialect, name)

        def timed(self, *args, plain=plain, **kwargs):
            with counters.database, counters.working:
                return plain(self, *args, **kwargs)

        setattr(module.DefaultDialect, name, functools.wraps(plain)(timed))


def count_requests(counters, module):
    """Count requests per route and status at Starlette's entry point, and time them inside the application."""
    original = module.Starlette.__call__

    async def counted(self, scope, receive, send):
        if scope["type"] != "http" or "twinbench" in scope:
            return await original(self, scope, receive, send)
        scope["twinbench"] = True

        async def noting_send(message):
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", None) or scope["path"]
                counters.add(counters.requests, "%s %s %s" % (scope["method"], route, message["status"]))
            await send(message)

        with counters.application, counters.working:
            return await original(self, scope, receive, noting_send)

    module.Starlette.__call__ = counted
