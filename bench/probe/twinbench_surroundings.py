"""Note what a suite runs under and what its time goes to beside the tests; only where work is counted, never timed.

The fact `surroundings` holds: the interpreter's modes, what traces it, the garbage collector, plugins, variables,
logging, event loops in debug mode, sleeps, password hashing, processes, engines, and fixtures by name and scope with
their calls and time. Values of variables are not kept, but for those of Python's and pytest's own: of others only four
digits of a digest, which tell whether two are equal and not what they are. Standard library only, Python >= 3.9.
"""

import asyncio
import functools
import gc
import hashlib
import logging
import os
import subprocess
import sys
import threading
import time
import warnings

import pytest

SHOWN = ("PYTHON", "PYTEST", "COV_", "COVERAGE")
OURS = ("TWINBENCH_", "PYTEST_CURRENT_TEST", "PYTHONHASHSEED", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_")
MOST_FIXTURES = 40
MOST_MODULES = 5
HASHERS = {
    "argon2.low_level": ("hash_secret", "hash_secret_raw", "verify_secret"),
    "bcrypt": ("hashpw", "checkpw"),
    "hashlib": ("pbkdf2_hmac", "scrypt"),
}


class Spent:
    """Count calls of a kind and the nanoseconds they took, on any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.calls = 0
        self.ns = 0

    def add(self, ns):
        """Add one call."""
        with self.lock:
            self.calls += 1
            self.ns += ns

    def pair(self):
        """Give calls and nanoseconds."""
        return [self.calls, self.ns]


class Surroundings:
    """What is noted in one process; registered as a plugin for fixtures and the state at the end."""

    def __init__(self, config, counters):
        self.config = config
        self.now_ns = time.monotonic_ns  # kept: suites replace the clock while their tests run
        self.loops = {"run": 0, "debug": 0}
        self.kinds = {}
        self.spent = {"sleep": Spent(), "hashing": Spent(), "process": Spent()}
        self.engines = {}
        self.fixtures = {}
        self.traced_by = {}
        self.counters = counters

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        """Time a fixture's own set-up; those it asks for have been set up before."""
        began = self.now_ns()
        yield
        key = "%s (%s)" % (fixturedef.argname, fixturedef.scope)
        kept = self.fixtures.setdefault(key, [0, 0])
        kept[0] += 1
        kept[1] += self.now_ns() - began

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        """Note what traces the interpreter while a test runs."""
        for name in tracers():
            self.traced_by[name] = self.traced_by.get(name, 0) + 1
        yield

    def facts(self):
        """Give what was noted, for the trial's facts; what cannot be read is left out."""
        found = {}
        for read in (self.interpreter, self.pytest, self.logging, self.variables, self.time, self.elsewhere):
            try:
                found.update(read())
            except Exception as error:
                found.setdefault("not_read", []).append("%s: %s" % (read.__name__, type(error).__name__))
        return found

    def interpreter(self):
        """Give the interpreter's modes and its collector's settings."""
        return {
            "implementation": sys.implementation.name,
            "dev_mode": bool(sys.flags.dev_mode),
            "optimize": sys.flags.optimize,
            "gc_enabled": gc.isenabled(),
            "gc_threshold": list(gc.get_threshold()),
            "traced_by": sorted(self.traced_by),
            "warning_filters": len(warnings.filters),
            "warnings_as_errors": any(each[0] == "error" and each[2] is Warning for each in warnings.filters),
        }

    def pytest(self):
        """Give plugins with their versions."""
        listed = self.config.pluginmanager.list_plugin_distinfo()
        return {"plugins": {dist.project_name: dist.version for _, dist in listed}}

    def logging(self):
        """Give the level of the root logger, and whether statements are logged."""
        return {
            "log_level": logging.getLevelName(logging.getLogger().getEffectiveLevel()),
            "sql_logged": logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO),
        }

    def variables(self):
        """Give the environment at the end, by name."""
        return {
            "variables": {
                name: text if name.startswith(SHOWN) else "digest " + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:4]
                for name, text in os.environ.items()
                if not name.startswith(OURS[:1]) and name not in OURS
            }
        }

    def time(self):
        """Give what time went to, and where loops and engines came from."""
        longest = sorted(self.fixtures.items(), key=lambda kept: -kept[1][1])[:MOST_FIXTURES]
        return {
            "loops": self.loops,
            "loop_kinds": self.kinds,
            "spent": {name: spent.pair() for name, spent in self.spent.items()},
            "engines": self.engines,
            "fixtures": dict(longest),
            "fixture_setups": sum(kept[0] for kept in self.fixtures.values()),
        }

    def elsewhere(self):
        """Name modules that came from a folder which this suite must not import from."""
        forbidden = os.environ.get("TWINBENCH_NOT_FROM")
        if not forbidden:
            return {}
        paths = {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())}
        inside = os.path.join(forbidden, "")
        environment = os.path.join(sys.prefix, "")
        wrong = [name for name, path in paths.items() if path.startswith(inside) and not path.startswith(environment)]
        return {"imported_elsewhere": sorted(wrong)[:MOST_MODULES]}


def tracers():
    """Name what traces or profiles this thread now."""
    found = []
    for kind, function in (("trace", sys.gettrace()), ("profile", sys.getprofile())):
        if function is not None:
            found.append("%s of %s" % (kind, (type(function).__module__ or "").partition(".")[0]))
    monitoring = getattr(sys, "monitoring", None)
    names = (monitoring.get_tool(tool) for tool in range(6)) if monitoring is not None else ()
    return found + ["monitoring of %s" % name for name in names if name]


def start(config, counters, when_imported):
    """Begin to note; `when_imported` maps a module's name to what is done with it, and is added to."""
    noted = Surroundings(config, counters)
    watch_loops(noted)
    watch_sleep(noted)
    watch_processes(noted)
    for module, names in HASHERS.items():
        when_imported[module] = functools.partial(watch_hashing, noted, names)
    when_imported["sqlalchemy.engine.base"] = functools.partial(watch_engines, noted)
    config.pluginmanager.register(noted, "twinbench-surroundings")
    return noted


def watch_loops(noted):
    """Count the loops that run, and those that do in asyncio's debug mode."""
    plain = asyncio.BaseEventLoop.run_forever

    @functools.wraps(plain)
    def run_forever(self):
        if not getattr(self, "_twinbench_noted", False):
            self._twinbench_noted = True
            noted.loops["run"] += 1
            noted.loops["debug"] += bool(self.get_debug())
            kind = type(self).__module__.partition(".")[0]
            noted.kinds[kind] = noted.kinds.get(kind, 0) + 1
        return plain(self)

    asyncio.BaseEventLoop.run_forever = run_forever


def watch_sleep(noted):
    """Count sleeping, of threads and of tasks; a sleep of nothing only gives way."""
    plain, plain_async = time.sleep, asyncio.sleep
    spent = noted.spent["sleep"]

    @functools.wraps(plain)
    def sleep(seconds):
        began = noted.now_ns()
        try:
            return plain(seconds)
        finally:
            if seconds:
                spent.add(noted.now_ns() - began)

    @functools.wraps(plain_async)
    async def sleep_async(delay, result=None):
        began = noted.now_ns()
        try:
            return await plain_async(delay, result)
        finally:
            if delay and delay > 0:
                spent.add(noted.now_ns() - began)

    time.sleep = sleep
    asyncio.sleep = asyncio.tasks.sleep = sleep_async


def watch_processes(noted):
    """Count started processes and the time it took to start them."""
    plain = subprocess.Popen.__init__

    @functools.wraps(plain)
    def __init__(self, *args, **kwargs):
        began = noted.now_ns()
        try:
            plain(self, *args, **kwargs)
        finally:
            noted.spent["process"].add(noted.now_ns() - began)

    subprocess.Popen.__init__ = __init__


def watch_hashing(noted, names, module):
    """Time the functions of a module that hash passwords."""
    for name in names:
        plain = getattr(module, name, None)
        if plain is not None:
            setattr(module, name, timed(plain, noted.spent["hashing"], noted.now_ns))


def timed(plain, spent, now_ns):
    """Wrap a function so that its time is added up."""

    @functools.wraps(plain)
    def call(*args, **kwargs):
        began = now_ns()
        try:
            return plain(*args, **kwargs)
        finally:
            spent.add(now_ns() - began)

    return call


def watch_engines(noted, module):
    """Count engines by driver and pool."""
    plain = module.Engine.__init__

    @functools.wraps(plain)
    def __init__(self, pool, dialect, *args, **kwargs):
        plain(self, pool, dialect, *args, **kwargs)
        key = "%s+%s, %s" % (dialect.name, dialect.driver, type(pool).__name__)
        noted.engines[key] = noted.engines.get(key, 0) + 1

    module.Engine.__init__ = __init__
