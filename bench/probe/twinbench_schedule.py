"""Delay what may be late in reality, by a seed; loaded with `-p twinbench_schedule`.

TWINBENCH_SCHEDULE is the seed. Delays are log-uniform, drawn anew for each test from seed and test id, so a
test alone meets the same delays as in its suite. Delayed are: answers of the database (SQLAlchemy) and of
HTTP applications and clients, what threads hand to an event loop, executors, the start of threads, queues,
sleeps; and now and then a loop stalls as a whole. The ready queue and the timers of one loop are never
reordered, because no load on a machine does that: a failure under this condition could happen anywhere.

The seam is asyncio.BaseEventLoop itself, so it holds for every loop of either style, whoever makes it
(TestClient's portal, pytest-asyncio, anyio's plugin, asyncio.run) and in every version; uvloop has none of
these methods and keeps only the delays outside of the loop. Standard library and pytest only.
"""

import asyncio
import functools
import math
import os
import queue
import random
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
import twinbench_database

SEED = os.environ.get("TWINBENCH_SCHEDULE", "0")
SHORTEST_S = 0.0005
LONGEST_S = (0.008, float(os.environ.get("TWINBENCH_LONGEST_MS", "150")) / 1000)
# Limits that a test sets itself (timeouts) are met only if they are tighter than this many longest delays.
TOTAL_IN_LONGEST = 4
SHARES = (0.0, 0.3, 0.95)
STALL_SHARE = 0.05


class Delays:
    """Draw delays. Who is slow is drawn once for each thread and task of a test, then stays.

    Some always late and others never turns more pairs round than everybody late now and then (the idea of
    probabilistic concurrency testing: S. Burckhardt et al. 2010, "A randomized scheduler with probabilistic
    guarantees of finding bugs", ASPLOS).
    """

    def __init__(self):
        self.begin("")

    def begin(self, nodeid):
        """Start again for a test."""
        self.draw = random.Random("%s/%s" % (SEED, nodeid))
        self.shares = weakref.WeakKeyDictionary()
        self.longest = self.log_uniform(*LONGEST_S)
        self.left = TOTAL_IN_LONGEST * self.longest

    def seconds(self, share=None):
        """Draw one delay, 0 for a place that is not delayed."""
        if self.draw.random() >= (self.share_of(who()) if share is None else share):
            return 0.0
        delay = min(self.log_uniform(SHORTEST_S, self.longest), max(self.left, 0.0))
        self.left -= delay
        return delay

    def share_of(self, thread_or_task):
        """Give the share of delayed places for this thread or task."""
        if thread_or_task not in self.shares:
            self.shares[thread_or_task] = self.draw.choice(SHARES)
        return self.shares[thread_or_task]

    def log_uniform(self, low, high):
        """Draw from all orders of magnitude alike."""
        return math.exp(self.draw.uniform(math.log(low), math.log(high)))

    def block(self):
        """Block this thread for a drawn delay."""
        pause(self.seconds())


def who():
    """Give the running task, or the thread where no task runs."""
    try:
        return asyncio.current_task() or threading.current_thread()
    except RuntimeError:
        return threading.current_thread()


delays = Delays()
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
            delays.shares.pop(threading.current_thread(), None)  # each job is somebody new
            delays.block()
            return fn(*args, **kwargs)

        return plain(self, late, *args, **kwargs)

    ThreadPoolExecutor.submit = submit


def stall_loops():
    """Let a loop stand still now and then, as a process does that gets no processor."""
    plain = getattr(asyncio.BaseEventLoop, "_run_once", None)
    if plain is None:
        return

    def run_once(self):
        pause(delays.seconds(STALL_SHARE))
        plain(self)

    asyncio.BaseEventLoop._run_once = run_once


def delay_threads():
    """Let a new thread begin later, or the one that started it go on later."""
    plain = threading.Thread.start

    def start(self):
        run = self.run

        def late_run():
            delays.block()
            run()

        self.run = late_run
        plain(self)
        delays.block()

    threading.Thread.start = start
    sys.setswitchinterval(0.00005)


def delay_queues_and_sleeps():
    """Let queues take longer and sleeps last longer; neither is ever shorter."""
    plain_put = queue.Queue.put

    def put(self, item, block=True, timeout=None):
        delays.block()
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
        delays.block()
        answer = plain(self, *args, **kwargs)
        delays.block()
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


def delay_libraries():
    """Install the delays of each library once it is there; none is imported for its own sake."""
    for name in [name for name in LIBRARIES if name in sys.modules]:
        LIBRARIES.pop(name)(sys.modules[name])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Draw anew for each test."""
    delay_libraries()
    delays.begin(item.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    """Take up what the set-up imported."""
    delay_libraries()


delay_handovers()
delay_executors()
stall_loops()
delay_threads()
delay_queues_and_sleeps()
