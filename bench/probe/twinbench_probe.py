"""Write what happens inside a measured pytest process; loaded there with `-p twinbench_probe`.

Standard library and pytest only, Python >= 3.9 and pytest >= 7, because it lives in environments that are not
ours; only where work is counted, which is never timed, it imports the counters beside it. Each event is one JSON
line written at once to the file named by TWINBENCH_OUT, so that a process that is killed still tells how far it
came. It raises nothing, emits no warning and leaves no handle open: users' suites run with warnings turned into
errors, and their environments change. What it cannot read is a sentence in the fact `not_counted`.

Events: ["start", ns, facts] ["collected", ns, tests] ["run", id] ["error", id, text]
["failure", id, phase, crash path, crash line, crash message] ["unawaited", id]
["test", id, outcome, setup_ns, call_ns, teardown_ns] ["finish", ns, exit_status, facts].
In the file `.forks` beside it: ["fork", process id, id], once for each test that a forked child finished.
Times are of the system-wide monotonic clock, so that the harness can subtract its own.
"""

import os
import platform
import sys

if os.environ.get("TWINBENCH_INSTEAD"):
    import twinbench_instead  # before a plugin of the suite imports the application
if os.environ.get("TWINBENCH_CALLS"):
    import twinbench_calls

import pytest
import twinbench_stacks
from twinbench_events import Events, Real

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
INTERNAL_ERROR = 3  # as pytest calls the status of a session whose plugins raise


UNAWAITED = ("async def functions are not natively supported", "async def function and no async plugin installed")


class Probe:
    """Listen to one pytest session and write its events.

    It measures the phases itself, with a clock that is out of the suites' reach: pytest's own durations are those
    of a clock that freezegun freezes.
    """

    def __init__(self, events, counters):
        self.events = events
        self.write = events.write
        self.now_ns = Real.now_ns
        self.phases = {}
        self.outcomes = {}
        self.counters = counters
        self.warnings = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        """Tell how many tests were collected, and when."""
        self.write("collected", self.now_ns(), len(session.items))

    def pytest_collectreport(self, report):
        """Tell why a file could not be collected."""
        if report.failed:
            self.write("error", report.nodeid, text_of(report))

    def pytest_runtest_logstart(self, nodeid):
        """Name the test that is about to run: it is the one under way if the process dies now."""
        self.write("run", nodeid)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item):
        """Time the set-up."""
        began = self.now_ns()
        yield
        self.spend(item.nodeid, "setup", self.now_ns() - began)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item):
        """Time the test itself."""
        began = self.now_ns()
        yield
        self.spend(item.nodeid, "call", self.now_ns() - began)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item):
        """Time the tear-down."""
        began = self.now_ns()
        yield
        self.spend(item.nodeid, "teardown", self.now_ns() - began)

    def spend(self, nodeid, phase, elapsed_ns):
        """Add to a phase: plugins that run a test again do it all again."""
        phases = self.phases.setdefault(nodeid, {})
        phases[phase] = phases.get(phase, 0) + elapsed_ns

    def pytest_runtest_logreport(self, report):
        """Keep the outcome of a phase; a failure of a subtest is one of its test."""
        outcomes = self.outcomes.setdefault(report.nodeid, {})
        if outcomes.get(report.when) != "failed":
            outcomes[report.when] = outcome_of(report)
        if report.passed:
            return
        text = text_of(report)
        if any(words in text for words in UNAWAITED):
            self.write("unawaited", report.nodeid)
        if report.failed:
            self.write("error", report.nodeid, text)
            self.write("failure", report.nodeid, report.when, *crash_site(report))

    def pytest_runtest_logfinish(self, nodeid):
        """Write the finished test."""
        phases, outcomes = self.phases.pop(nodeid, {}), self.outcomes.pop(nodeid, {})
        if self.events.is_of_a_child():
            self.events.write_of_child("fork", Real.getpid(), nodeid)
            return
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

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session, exitstatus):
        """Write the end, with the facts that only this process knows.

        It comes after all other plugins, which may change the status or raise.
        """
        others = yield
        status = int(getattr(session, "exitstatus", exitstatus))
        self.write("finish", self.now_ns(), status if others.excinfo is None else INTERNAL_ERROR, self.facts())

    def facts(self):
        """Collect versions of what was really imported, peak memory and, if asked, counted work."""
        loaded = {name: sys.modules[name] for name in LIBRARIES if name in sys.modules}
        not_counted = []
        facts = {
            "libraries": {name: str(getattr(module, "__version__", "")) for name, module in loaded.items()},
            "http_library": http_library(not_counted),
            "peak_rss_bytes": peak_rss_bytes(),
        }
        if self.counters is not None:
            facts.update(self.counters.facts())
            facts["warnings"] = [
                {"category": category, "message": message, "path": path}
                for (category, message), path in self.warnings.items()
            ]
            not_counted += facts.get("not_counted", [])
        if not_counted:
            facts["not_counted"] = not_counted
        if "twinbench_calls" in sys.modules:
            facts["entered"] = sys.modules["twinbench_calls"].facts()
        return facts


def text_of(report):
    """Give the end of what pytest prints of a report; printing runs code of the suite, which may raise."""
    try:
        return str(report.longrepr)[-MESSAGE_LIMIT:]
    except Exception as error:
        return "the report cannot be printed: %s" % type(error).__name__


def outcome_of(report):
    """Name the outcome of a phase as pytest's own summary does."""
    if hasattr(report, "wasxfail"):
        return "xpassed" if report.passed else "xfailed"
    return report.outcome


def crash_site(report):
    """Give path, line and message of the place where a phase failed; ("", 0, text) where pytest tells none."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return "", 0, text_of(report)
    return str(crash.path), int(crash.lineno), str(crash.message)[:MESSAGE_LIMIT]


def http_library(not_counted):
    """Name the library under TestClient or, without it, the one imported; it confounds comparisons."""
    client = sys.modules.get("starlette.testclient")
    name = getattr(getattr(client, "httpx", None), "__name__", None)
    if name is not None:
        return name
    if client is not None:
        not_counted.append("which HTTP library is under TestClient: starlette.testclient names none")
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


def begin_counting(config):
    """Begin to count work if asked; a timing trial does not even import the counters."""
    if os.environ.get("TWINBENCH_COUNT") != "1":
        return None
    import twinbench_counters

    return twinbench_counters.start(config)


def pytest_configure(config):
    """Start listening, in the main process only (an xdist worker has its own controller)."""
    path = os.environ.get("TWINBENCH_OUT")
    if not path or hasattr(config, "workerinput"):
        return
    events = Events(path)
    probe = Probe(events, counters=begin_counting(config))
    facts = {"python": platform.python_version(), "pytest": pytest.__version__}
    if "twinbench_instead" in sys.modules and sys.modules["twinbench_instead"].TOO_LATE:
        facts["not_exchanged"] = sys.modules["twinbench_instead"].TOO_LATE
    probe.write("start", probe.now_ns(), facts)
    config.pluginmanager.register(probe, "twinbench-probe")
    if "twinbench_calls" in sys.modules:
        config.pluginmanager.register(sys.modules["twinbench_calls"].Notes(), "twinbench-calls")
    twinbench_stacks.arm(path + ".stacks")
    config.add_cleanup(events.close)
