"""Draw chance from a seed, anew for each test; loaded with `-p twinbench_chance`.

TWINBENCH_CHANCE is the seed. `random`, `secrets`, `uuid4` and `os.urandom` then give what the seed and the
test's id decide, so that an outcome that depends on chance can be had again. Many draws come from the edge of
their range, where the range is small enough (500 or fewer) that chance alone gets there sooner or later: what
a suite meets once in hundreds of runs shows in a few. Standard library and pytest only.
"""

import os
import random
import sys

import pytest
from twinbench_names import Spared
from twinbench_notes import Notes

SEED = os.environ.get("TWINBENCH_CHANCE", "0")
EDGE_SHARES = (0.1, 0.4, 0.8)
SMALL_RANGE = 500
source = random.Random(SEED)
draws = random.Random(SEED)
notes = Notes("random")
edge = [EDGE_SHARES[0]]
SPARED = Spared(os.environ.get("TWINBENCH_SPARED"), "random-values")


def seeded_bytes(count):
    """Stand in for os.urandom."""
    notes.take()
    return source.getrandbits(count * 8).to_bytes(count, "little") if count else b""


def edged_randbelow(n, plain=None):
    """Draw an integer below n; some from an end of a small range."""
    notes.take()
    if 1 < n <= SMALL_RANGE and draws.random() < edge[0]:
        return 0 if draws.random() < 0.5 else n - 1
    return plain(n)


def edged_random(plain=None):
    """Draw a float; some from the outermost 1/500 of the range."""
    notes.take()
    if draws.random() < edge[0]:
        return draws.random() / SMALL_RANGE if draws.random() < 0.5 else 1 - (1 - draws.random()) / SMALL_RANGE
    return plain()


def install():
    """Replace the sources of chance; the module's functions are bound to one hidden instance."""
    shared = random.seed.__self__
    randbelow, uniform = shared._randbelow, shared.random
    shared._randbelow = lambda n: edged_randbelow(n, randbelow)
    shared.random = random.random = lambda: edged_random(uniform)
    os.urandom = random._urandom = seeded_bytes


def seed_all(text):
    """Start every source again from `text`."""
    source.seed(text)
    draws.seed(text + "/draws")
    edge[0] = draws.choice(EDGE_SHARES)
    random.seed(text)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(int.from_bytes(text.encode()[-4:], "little"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Seed before a test's set-up."""
    notes.begin(item.nodeid)
    seed_all("%s/%s" % (SEED, item.nodeid))
    if item.nodeid in SPARED:
        edge[0] = 0.0
        random.seed()


install()
seed_all(SEED)
