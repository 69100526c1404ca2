"""Write what happens inside a measured pytest process; loaded there with `-p twinbench_probe`.

One file, standard library and pytest only, Python >= 3.9 and pytest >= 7, because it lives in
environments that are not ours; only where work is counted, which is never timed, it imports the counters
beside it. Each event is one JSON line written at once to the file named by TWINBENCH_OUT, so that a
process that is killed still tells how far it came. It emits no warning and leaves no handle open: users'
suites run with warnings turned into errors.

Events: ["start", ns, facts] ["collected", ns, tests] ["run", id] ["error", id, text]
["failure", id, phase, crash path, crash line, crash message]
["test", id, outcome, setup_ns, call_ns, teardown_ns] ["finish", ns, exit_status, facts].
Times are of the system-wide monotonic clock, so that the harness can subtract its own.
"""

import faulthandler
import io
import json
import os
import platform
import signal
import sys
import time

import pytest

LIBRARIES = (
    "aiosqlite",
    "anyio",
    "asyncpg",
    "fastapi",
    "httpx",
    "httpx2",
    "psycopg",
    "pytest_asyncio",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
)
MESSAGE_LIMIT = 2000
MOST_WARNINGS = 100


class Probe:
    """Listen to one pytest session and write its events.

    Clock and write are kept from the start: suites replace them (freezegun, pyfakefs) while their tests run.
    """

    def __init__(self, out, counters):
        self.out = out
        self.os_write = os.write
        self.now_ns = time.monotonic_ns
        self.running = {}
        self.counters = counters
        self.warnings = {}

    def write(self, *event):
        """Append one event; ASCII JSON, so that no test name can break a line."""
        self.os_write(self.out, json.dumps(event).encode("ascii") + b"\n")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        """Tell how many tests were collected, and when."""
        self.write("collected", self.now_ns(), len(session.items))

    def pytest_collectreport(self, report):
        """Tell why a file could not be collected."""
        if report.failed:
            self.write("error", report.nodeid, str(report.longrepr)[-MESSAGE_LIMIT:])

    def pytest_runtest_logstart(self, nodeid):
        """Name the test that is about to run: the one to blame if the process dies now."""
        self.write("run", nodeid)
        self.running[nodeid] = {}, {}

    def pytest_runtest_logreport(self, report):
        """Keep duration and outcome of a phase; pytest measures it as a difference of perf_counter.

        A subtest (it has a `context`) reports inside the phase of its test: its failure counts, its time does not.
        """
        phases, outcomes = self.running.setdefault(report.nodeid, ({}, {}))
        if not hasattr(report, "context"):
            phases[report.when] = phases.get(report.when, 0) + round(report.duration * 1e9)
        if outcomes.get(report.when) != "failed":
            outcomes[report.when] = outcome_of(report)
        if report.failed:
            self.write("error", report.nodeid, str(report.longrepr)[-MESSAGE_LIMIT:])
            self.write("failure", report.nodeid, report.when, *crash_site(report))

    def pytest_runtest_logfinish(self, nodeid):
        """Write the finished test."""
        phases, outcomes = self.running.pop(nodeid, ({}, {}))
        broken = "failed" in (outcomes.get("setup"), outcomes.get("teardown"))
        self.write(
            "test",
            nodeid,
            "error" if broken else outcomes.get("call") or outcomes.get("setup", "unknown"),
            phases.get("setup", 0),
            phases.get("call", 0),
            phases.get("teardown", 0),
        )

    def pytest_warning_recorded(self, warning_message):
        """Keep each warning that the suite lets pass, once, where work is counted: an upgrade may bring new ones."""
        if self.counters is not None and len(self.warnings) < MOST_WARNINGS:
            words = (warning_message.category.__name__, str(warning_message.message)[:MESSAGE_LIMIT])
            self.warnings.setdefault(words, str(warning_message.filename))

    def pytest_sessionfinish(self, exitstatus):
        """Write the end, with the facts that only this process knows."""
        self.write("finish", self.now_ns(), int(exitstatus), self.facts())

    def facts(self):
        """Collect versions of what was really imported, peak memory and, if asked, counted work."""
        loaded = {name: sys.modules[name] for name in LIBRARIES if name in sys.modules}
        facts = {
            "libraries": {name: str(getattr(module, "__version__", "")) for name, module in loaded.items()},
            "http_library": http_library(),
            "peak_rss_bytes": peak_rss_bytes(),
        }
        if self.counters is not None:
            facts.update(self.counters.facts())
            facts["warnings"] = [
                {"category": category, "message": message, "path": path}
                for (category, message), path in self.warnings.items()
            ]
        return facts


def outcome_of(report):
    """Name the outcome of a phase as pytest's own summary does."""
    if hasattr(report, "wasxfail"):
        return "xpassed" if report.passed else "xfailed"
    return report.outcome


def crash_site(report):
    """Give path, line and message of the place where a phase failed; ("", 0, text) where pytest tells none."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return "", 0, str(report.longrepr)[-MESSAGE_LIMIT:]
    return str(crash.path), int(crash.lineno), str(crash.message)[:MESSAGE_LIMIT]


def http_library():
    """Name the library under TestClient or, without it, the one imported; it confounds comparisons."""
    client = sys.modules.get("starlette.testclient")
    if client is not None:
        return client.httpx.__name__
    return next((name for name in ("httpx2", "httpx") if name in sys.modules), "")


def peak_rss_bytes():
    """Read the high-water mark of this program's own memory.

    Not getrusage: on Linux its ru_maxrss survives exec, so a child reports at least its parent's size.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def begin_counting():
    """Begin to count work if asked; a timing trial does not even import the counters."""
    if os.environ.get("TWINBENCH_COUNT") != "1":
        return None
    import twinbench_counters

    return twinbench_counters.start()


def dump_tasks(out, os_write):
    """Write the stack of every asyncio task: a hanging test often waits in none of the threads."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return
    import gc

    # Not isinstance: it asks an object for its __class__, and the proxies of users' code run code to answer.
    for task in [found for found in gc.get_objects() if issubclass(type(found), asyncio.Task)]:
        if not task.done():
            words = io.StringIO()
            task.print_stack(file=words)
            os_write(out, words.getvalue().encode("utf-8", "backslashreplace"))


def arm_stack_dump(path):
    """On SIGUSR1, which the harness sends before it kills a hanging trial, write all stacks to `path`.

    It stays armed to the very end, because processes also hang while they exit. A bare descriptor is not a
    file object: nothing is there to be warned about when the process ends with it.
    """
    if hasattr(signal, "SIGUSR1"):
        out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os_write = os.write
        signal.signal(signal.SIGUSR1, lambda *_: dump_tasks(out, os_write))
        faulthandler.register(signal.SIGUSR1, file=out, all_threads=True, chain=True)


def pytest_configure(config):
    """Start listening, in the main process only (an xdist worker has its own controller)."""
    path = os.environ.get("TWINBENCH_OUT")
    if not path or hasattr(config, "workerinput"):
        return
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    probe = Probe(out, counters=begin_counting())
    probe.write("start", probe.now_ns(), {"python": platform.python_version(), "pytest": pytest.__version__})
    config.pluginmanager.register(probe, "twinbench-probe")
    arm_stack_dump(path + ".stacks")
    config.add_cleanup(lambda: os.close(out))
