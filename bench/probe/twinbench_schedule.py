"""Delay what may be late in reality, by a seed; loaded with `-p twinbench_schedule`.

TWINBENCH_SCHEDULE is the seed, TWINBENCH_LONGEST_MS the range of the longest delay (2-150). Delays are
log-uniform, drawn anew for each test from seed and test id, so a test alone meets the same delays as in its
suite, where some are spared if there are many. Delayed are: answers of the database (SQLAlchemy) and of HTTP
applications and clients, what threads hand to an event loop, executors, the start of threads, queues,
sleeps; and now and then a loop stalls as a whole. The ready queue and the timers of one loop are never
reordered, because no load on a machine does that: a failure under this condition could happen anywhere.

The seam is asyncio.BaseEventLoop itself, so it holds for every loop of either style, whoever makes it
(TestClient's portal, pytest-asyncio, anyio's plugin, asyncio.run) and in every version; uvloop has none of
these methods and keeps only the delays outside of the loop. Standard library and pytest only.
"""

import asyncio
import functools
import importlib.abc
import importlib.util
import math
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import twinbench_database
from twinbench_delays import delays, notes

plain_sleep = time.sleep


def pause(seconds):
    """Block without being delayed once more."""
    if seconds > 0:
        plain_sleep(seconds)


def delay_handovers():
    """Deliver later what other threads hand to a loop; each thread's own order is kept."""
    plain = asyncio.BaseEventLoop.call_soon_threadsafe
    last = threading.local()

    def deliver(handle):
        if not handle.cancelled():
            handle._run()

    def call_soon_threadsafe(self, callback, *args, context=None):
        delay = delays.seconds()
        earlier = getattr(last, "due", 0.0)
        now = self.time()
        if delay == 0 and earlier <= now:
            return plain(self, callback, *args, context=context)
        last.due = max(now + delay, math.nextafter(earlier, math.inf))
        handle = asyncio.Handle(callback, args, self, context)
        plain(self, self.call_at, last.due, deliver, handle)
        return handle

    asyncio.BaseEventLoop.call_soon_threadsafe = call_soon_threadsafe


def delay_executors():
    """Let jobs of thread pools begin later."""
    plain = ThreadPoolExecutor.submit

    def submit(self, fn, /, *args, **kwargs):
        @functools.wraps(fn)
        def late(*args, **kwargs):
            delays.known.pop(threading.current_thread(), None)  # each job is somebody new
            pause(delays.seconds())
            return fn(*args, **kwargs)

        return plain(self, late, *args, **kwargs)

    ThreadPoolExecutor.submit = submit


def stall_loops():
    """Let a loop stand still now and then, as a process does that gets no processor."""
    plain = getattr(asyncio.BaseEventLoop, "_run_once", None)
    if plain is None:
        return

    def run_once(self):
        pause(delays.stall())
        plain(self)

    asyncio.BaseEventLoop._run_once = run_once


def delay_threads():
    """Let a new thread begin later, or the one that started it go on later."""
    plain = threading.Thread.start

    def start(self):
        run = self.run

        def late_run():
            pause(delays.seconds())
            run()

        self.run = late_run
        plain(self)
        pause(delays.seconds())

    threading.Thread.start = start
    sys.setswitchinterval(0.00005)


def delay_queues_and_sleeps():
    """Let queues take longer and sleeps last longer; neither is ever shorter."""
    plain_put = queue.Queue.put

    def put(self, item, block=True, timeout=None):
        pause(delays.seconds())
        plain_put(self, item, block, timeout)

    queue.Queue.put = put
    time.sleep = lambda seconds: plain_sleep(seconds + delays.seconds())


def delay_applications(applications):
    """Let a Starlette application answer later, before and after it works."""
    plain = applications.Starlette.__call__

    async def call(self, scope, receive, send):
        if scope["type"] != "http" or "twinbench_schedule" in scope:
            return await plain(self, scope, receive, send)
        scope["twinbench_schedule"] = True
        await asyncio_sleep(delays.seconds())
        await plain(self, scope, receive, send)
        await asyncio_sleep(delays.seconds())

    applications.Starlette.__call__ = call


async def asyncio_sleep(seconds):
    """Wait at an await point, where the running loop is asyncio's."""
    if seconds > 0:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        await asyncio.sleep(seconds)


def delay_clients(library):
    """Let HTTP clients send later and hear the answer later."""
    plain, plain_async = library.Client.send, library.AsyncClient.send

    def send(self, *args, **kwargs):
        pause(delays.seconds())
        answer = plain(self, *args, **kwargs)
        pause(delays.seconds())
        return answer

    async def send_async(self, *args, **kwargs):
        await asyncio_sleep(delays.seconds())
        answer = await plain_async(self, *args, **kwargs)
        await asyncio_sleep(delays.seconds())
        return answer

    library.Client.send, library.AsyncClient.send = send, send_async


LIBRARIES = {
    "starlette.applications": delay_applications,
    "httpx": delay_clients,
    "httpx2": delay_clients,
    "sqlalchemy.engine": lambda _: twinbench_database.install(delays.seconds),
}


class AfterImport(importlib.abc.MetaPathFinder):
    """Install the delays of a library once it is imported; none is imported for its own sake."""

    def find_spec(self, name, path, target=None):
        """Find the library as it would be found anyway, and see to it after its code has run."""
        if name not in LIBRARIES:
            return None
        install = LIBRARIES.pop(name)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            install(module)

        spec.loader.exec_module = exec_module
        return spec


def pytest_collection_finish(session):
    """Tell how many tests there are to delay."""
    delays.tests = len(session.items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Draw anew for each test."""
    delays.begin(item.nodeid)
    notes.begin(item.nodeid)


for library in [each for each in LIBRARIES if each in sys.modules]:
    LIBRARIES.pop(library)(sys.modules[library])
sys.meta_path.insert(0, AfterImport())
delay_handovers()
delay_executors()
stall_loops()
delay_threads()
delay_queues_and_sleeps()
