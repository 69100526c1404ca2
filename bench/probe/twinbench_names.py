"""Name tests so that a name holds in every process and fits on a command line; used by the other plugins.

A list of names may be given as JSON, or as @ and the path of a file that holds it. An id that is too long is
written as its first characters, #, and the beginning of its SHA-256. Standard library only.
"""

import hashlib
import json

ABBREVIATED = 24


def read(text):
    """Read JSON, or the file that is named after an @."""
    if not text.startswith("@"):
        return json.loads(text)
    with open(text[1:], encoding="utf-8") as file:
        return json.load(file)


def abbreviated(nodeid):
    """Give the short name of a test."""
    return "%s#%s" % (nodeid[:ABBREVIATED], hashlib.sha256(nodeid.encode()).hexdigest()[:ABBREVIATED])


def by_name(items):
    """Find each test by its id and by its short name."""
    return {name: item for item in items for name in (abbreviated(item.nodeid), item.nodeid)}


def number(items, functions):
    """Replace the parameters in the ids of these functions by numbers, in the order of collection."""
    counts = dict.fromkeys(functions, 0)
    for item in items:
        function = item.nodeid.partition("[")[0]
        if function in counts:
            rename(item, "%s[%d]" % (function, counts[function]))
            counts[function] += 1


def rename(item, nodeid):
    """Give a test another id: a string up to pytest 9.1, from 9.2 on an object that is made from one."""
    kept = getattr(item, "_id", None)
    if kept is None:
        item._nodeid = nodeid
    else:
        item._id = type(kept).parse(nodeid)


class Spared:
    """The tests that a condition leaves alone, named in TWINBENCH_SPARED: {condition: [names]}."""

    def __init__(self, text, *conditions):
        chosen = read(text or "{}")
        self.names = {name for condition in conditions for name in chosen.get(condition, ())}

    def __contains__(self, nodeid):
        return bool(self.names) and (nodeid in self.names or abbreviated(nodeid) in self.names)
