"""Draw the delays of twinbench_schedule: how long, and who is slow.

TWINBENCH_SCHEDULE is the seed, TWINBENCH_LONGEST_MS the range of a test's longest delay. Standard library only.
"""

import asyncio
import math
import os
import random
import threading
import weakref
import zlib

from twinbench_names import Spared
from twinbench_notes import Notes

SEED = os.environ.get("TWINBENCH_SCHEDULE", "0")
LONGEST_S = [float(text) / 1000 for text in os.environ.get("TWINBENCH_LONGEST_MS", "2-150").split("-")]
SHORTEST_IN_LONGEST = 1 / 8
# Limits that a test sets itself (timeouts) are met only if they are tighter than this many longest delays.
TOTAL_IN_LONGEST = 8
EACH_IN_LONGEST = 3
SLOW, QUICK, MIXED = (0.9,), (0.0,), (0.0, 0.1, 0.9, 0.9)
ROLES = ((QUICK, SLOW), (MIXED, MIXED), (SLOW, QUICK), (MIXED, MIXED), (QUICK, SLOW), (MIXED, MIXED))
GOLDEN = 0.6180339887
# A suite in which almost every test has something to delay would take many times as long: then some tests are
# spared, others in the next trial. Few tests, as in a replay, never are: they meet the delays that they met before.
ALLOWANCE_S = 12
FEW_TESTS = 100
STALL_SHARE = 0.03
MOST_SKIPPED = 60
SPARED = Spared(os.environ.get("TWINBENCH_SPARED"), "schedule", "long-delays")


class Delays:
    """Draw delays. Who is slow is drawn once for each thread and task of a test, then stays.

    In a third of the tests the test's own thread and task are quick and all others slow, in a sixth the other way
    round, else each is drawn: some always late and others never turns more pairs round than everybody late now
    and then (the idea of probabilistic concurrency testing: S. Burckhardt et al. 2010, "A randomized scheduler
    with probabilistic guarantees of finding bugs", ASPLOS). Successive seeds take these roles in turn and spread
    the longest delay evenly over its range, so that a few seeds already try most of it. All delays of one of
    them, and all of a test together, are limited; some tests are spared at first, so that the middle gets its share.
    """

    def __init__(self):
        self.tests = self.begun = 0
        self.spent = 0.0
        self.begin("")

    def begin(self, nodeid):
        """Start again for a test."""
        self.draw = random.Random("%s/%s" % (SEED, nodeid))
        place = zlib.crc32(nodeid.encode())
        self.own, self.others = ROLES[(int(SEED) + place) % len(ROLES)]
        self.longest = LONGEST_S[0] * (LONGEST_S[1] / LONGEST_S[0]) ** ((int(SEED) * GOLDEN + place / 2**32) % 1)
        self.begun += 1
        spared = nodeid in SPARED or self.tests > FEW_TESTS and self.spent > ALLOWANCE_S * self.begun / self.tests
        self.left = 0.0 if spared else TOTAL_IN_LONGEST * self.longest
        self.skipped = round(self.log_uniform(1, MOST_SKIPPED)) if self.draw.random() < 0.2 else 0
        self.known = weakref.WeakKeyDictionary()
        self.own_task = None

    def seconds(self):
        """Draw one delay, 0 for a place that is not delayed."""
        notes.take()
        self.skipped -= 1
        if self.skipped >= 0:
            return 0.0
        account = self.account(who())
        if self.draw.random() >= account[0]:
            return 0.0
        delay = min(self.log_uniform(SHORTEST_IN_LONGEST * self.longest, self.longest), account[1])
        account[1] -= delay
        return self.spend(delay)

    def stall(self):
        """Draw how long a whole loop stands still."""
        return self.spend(self.log_uniform(LONGEST_S[0], self.longest) if self.draw.random() < STALL_SHARE else 0.0)

    def spend(self, delay):
        """Take a delay from what the test has left."""
        delay = max(min(delay, self.left), 0.0)
        self.left -= delay
        self.spent += delay
        return delay

    def account(self, somebody):
        """Give the share of delayed places of a thread or task, and the seconds it may still be late."""
        if somebody not in self.known:
            is_task = isinstance(somebody, asyncio.Task)
            if is_task and self.own_task is None:
                self.own_task = weakref.ref(somebody)
            own = self.own_task() is somebody if is_task else somebody is threading.main_thread()
            share = self.draw.choice(self.own if own else self.others)
            self.known[somebody] = [share, EACH_IN_LONGEST * self.longest]
        return self.known[somebody]

    def log_uniform(self, low, high):
        """Draw from all orders of magnitude alike."""
        return math.exp(self.draw.uniform(math.log(low), math.log(high)))


def who():
    """Give the running task, or the thread where no task runs."""
    try:
        return asyncio.current_task() or threading.current_thread()
    except RuntimeError:
        return threading.current_thread()


notes = Notes("delayed")
delays = Delays()
