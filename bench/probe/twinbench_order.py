"""Choose and order the tests of a session; loaded with `-p twinbench_order`.

TWINBENCH_ORDER is a JSON object, or @ and the path of a file that holds one. Each key is optional:
  "numbered": [..] functions whose ids differ in each process: path::name[0], path::name[1] ... replace them
  "files": [paths] collect no other test files than these
  "seed": N        shuffle with this seed (sorted by id first, so that only the seed decides)
  "level": "..."   what is shuffled: "all" tests (the default); "nested": modules, and tests inside them; "modules" or
                   "classes": only these, the tests inside stay as they were collected
  "reverse": true  turn the order round, after a shuffle
  "of": "..."      keep only tests below this file, class or function
  "first": N       keep only the first N tests of that order
  "lead": [ids]    put these tests, in this order, at the start
  "then": [ids]    put these tests, in this order, at the end; neither of both is counted among the N above
  "without": [ids] leave these tests out

{"first": 0, "then": [ids]} runs exactly these tests. Standard library and pytest only.
"""

import os
import random

import pytest
import twinbench_names


def wished():
    """Read the order that is asked for."""
    return twinbench_names.read(os.environ.get("TWINBENCH_ORDER", "{}"))


def pytest_ignore_collect(collection_path, config):
    """Leave test files out that are not among those asked for; folders are always looked into."""
    files = wished().get("files")
    if not files or collection_path.is_dir():
        return None
    wanted = {(config.rootpath / path).resolve() for path in files}
    return None if collection_path.resolve() in wanted else True


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Have the last word on the order, after every other plugin."""
    outcome = yield
    wish = wished()
    twinbench_names.number(items, wish.get("numbered", ()))
    try:
        chosen = ordered(items, wish)
    except pytest.UsageError as error:
        outcome.force_exception(error)  # raised here, it would be a warning first: an error where those are errors
        return
    kept = {id(item) for item in chosen}
    dropped = [item for item in items if id(item) not in kept]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = chosen


def ordered(items, wish):
    """Return the items that `wish` asks for, in its order."""
    by_name = twinbench_names.by_name(items)
    lead, last = wish.get("lead", []), wish.get("then", [])
    missing = [name for name in (*lead, *last) if name not in by_name]
    if missing:
        raise pytest.UsageError("twinbench_order: not collected: %s" % ", ".join(missing[:20]))
    apart = {id(by_name[name]) for name in (*lead, *last, *wish.get("without", [])) if name in by_name}
    rest = list(items)
    if "seed" in wish:
        rest = shuffled(rest, random.Random(wish["seed"]), wish.get("level", "all"))
    if wish.get("reverse"):
        rest.reverse()
    rest = [item for item in rest if id(item) not in apart and is_below(item, wish.get("of", ""))]
    rest = rest[: wish.get("first", len(rest))]
    return [by_name[name] for name in lead] + rest + [by_name[name] for name in last]


def is_below(item, prefix):
    """Tell whether a test is this file, class or function, or below it."""
    return not prefix or item.nodeid == prefix or item.nodeid.startswith((prefix + "::", prefix + "[", prefix + "/"))


def shuffled(items, rng, level):
    """Shuffle at a level; blocks keep their tests together."""
    if level == "all":
        return drawn(items, rng)
    blocks = {}
    for item in items:
        blocks.setdefault(block(item, level), []).append(item)
    names = sorted(blocks)
    rng.shuffle(names)
    if level == "nested":
        return [item for name in names for item in drawn(blocks[name], rng)]
    return [item for name in names for item in blocks[name]]


def drawn(items, rng):
    """Shuffle what was sorted by id: the order of collection decides nothing."""
    rest = sorted(items, key=lambda item: item.nodeid)
    rng.shuffle(rest)
    return rest


def block(item, level):
    """Name what a test is kept together with: its module, or its class or else its function."""
    if level != "classes":
        return item.nodeid.partition("::")[0]
    parts = item.nodeid.partition("[")[0].split("::")
    return "::".join(parts[:2])
