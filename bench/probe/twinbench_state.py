"""Note what each test leaves changed; loaded with `-p twinbench_state`, in trials that are not timed.

Between the tests everything that twinbench_looks can see is looked at again, and what differs is a line in the
probe's file: ["note", "left", [test id, [what, ...]]]. Looking reads and never calls the suite's code. Standard
library and pytest only.
"""

import json
import os
import time

import pytest
import twinbench_looks

MOST_NAMED = 12
LONGEST = 120
ALLOWANCE_S = 60.0
PASSING = ("a pending task", "thread ", "an open ", "child process", "temporary file")  # their end changes nothing


class Watch:
    """Look at the state before and after each test, for at most a minute in all."""

    def __init__(self, out, root):
        self.out = out
        self.looks = twinbench_looks.Looks(root)
        self.process = os.getpid()
        self.os_write, self.os_open, self.os_close = os.write, os.open, os.close
        self.clock = time.perf_counter
        self.spent = 0.0
        self.before = None

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        """Compare what is seen before a test with what is seen after its teardown."""
        if self.before is None:
            self.before = self.look()
        yield
        after = self.look()
        left = differences(self.before, after)
        if left and os.getpid() == self.process:
            self.write(item.nodeid, left[:MOST_NAMED])
        self.before = after

    def look(self):
        """Take everything in; nothing once the allowance is spent."""
        if self.spent > ALLOWANCE_S:
            return {}
        started = self.clock()
        try:
            return self.looks.take()
        finally:
            self.spent += self.clock() - started

    def write(self, nodeid, left):
        """Write one note; ASCII JSON, so that no name can break a line."""
        out = self.os_open(self.out, os.O_WRONLY | os.O_APPEND)
        self.os_write(out, json.dumps(["note", "left", [nodeid, left]]).encode("ascii") + b"\n")
        self.os_close(out)


def differences(before, after):
    """Name what differs, what is most telling first; parts of something new or gone are not named again."""
    if not before or not after:
        return []
    found = {}
    for place in sorted(before.keys() | after.keys()):
        if before.get(place) == after.get(place):
            continue
        rank, owner, name = place
        if any(name.startswith(other + mark) for other in found for mark in (".", "[")):
            continue
        if owner and not ((0, "", owner) in before and (0, "", owner) in after):
            continue  # the module itself is new: what it holds was not there to be changed
        found[name] = rank, words(name, before.get(place), after.get(place))
    return [text for _, text in sorted(found.values()) if text]


def words(name, before, after):
    """Write one difference."""
    if name.startswith("module "):
        return ""
    if before is None:
        value = after[1]
        return cut("%s = %s" % (name, value) if value else name)
    if after is None:
        return "" if name.startswith(PASSING) else cut("no %s" % name)
    if before[1] and after[1] and before[1] != after[1]:
        return cut("%s = %s (was %s)" % (name, after[1], before[1]))
    return cut("%s changed" % name)


def cut(text):
    """Shorten a text in its middle."""
    return text if len(text) <= LONGEST else text[: LONGEST - 40] + "..." + text[-37:]


def pytest_configure(config):
    """Watch the main process only."""
    path = os.environ.get("TWINBENCH_OUT")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Watch(path, str(config.rootpath)), "twinbench-state")
