"""Choose and order the tests of a session at test level; loaded with `-p twinbench_order`.

TWINBENCH_ORDER is a JSON object, each key optional:
  "seed": N        shuffle all tests with this seed (sorted by id first, so that only the seed decides)
  "reverse": true  turn the order round, after a shuffle
  "first": N       keep only the first N tests of that order
  "then": [ids]    put these tests, in this order, at the end; the N above are counted without them
  "without": [ids] leave these tests out

{"first": 0, "then": [ids]} runs exactly these tests. Standard library and pytest only.
"""

import json
import os
import random

import pytest


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Have the last word on the order, after every other plugin."""
    yield
    wish = json.loads(os.environ.get("TWINBENCH_ORDER", "{}"))
    chosen = ordered(items, wish)
    kept = {id(item) for item in chosen}
    dropped = [item for item in items if id(item) not in kept]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = chosen


def ordered(items, wish):
    """Return the items that `wish` asks for, in its order."""
    last = wish.get("then", [])
    by_id = {item.nodeid: item for item in items}
    missing = [name for name in last if name not in by_id]
    if missing:
        raise pytest.UsageError("twinbench_order: not collected: %s" % ", ".join(missing))
    apart = {*last, *wish.get("without", [])}
    rest = list(items)
    if "seed" in wish:
        rest.sort(key=lambda item: item.nodeid)
        random.Random(wish["seed"]).shuffle(rest)
    if wish.get("reverse"):
        rest.reverse()
    rest = [item for item in rest if item.nodeid not in apart]  # after the shuffle: the others keep their order
    return rest[: wish.get("first", len(rest))] + [by_id[name] for name in last]
