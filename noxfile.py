"""The index of the project: one session per need, `nox -l` lists them, `nox` alone runs the quick checks."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "twins", "tests"]

LOCKS = Path("locks")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SUBJECT = "locks/current.txt"
HARNESS = "locks/harness.txt"
DEV = "locks/dev.txt"
E2E = "locks/e2e.txt"
DOCS = "locks/docs.txt"
RECORD_DAY = "2025-10-18"
LOCKED = (
    ("subject", SUBJECT),
    ("harness", HARNESS),
    ("dev", DEV),
    ("e2e", E2E),
    ("docs", DOCS),
    # What was there on 2025-10-18, when the record was last changed: any later day gives the same.
    ("subject-without-httpx2", "locks/adr.txt", "--exclude-newer", "2025-10-19"),
)


def _install(session: nox.Session, lock: str) -> None:
    """Install a committed dependency set with its hashes checked."""
    session.install("--require-hashes", "--requirement", lock, silent=True)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure, judge, write the report (--profile ...); `-- wiring`, `-- faults`, `-- flakiness` ask one question."""
    _install(session, HARNESS)
    names_a_command = session.posargs and not session.posargs[0].startswith("-")
    command = [] if names_a_command else ["run"]
    session.run("python", "-m", "bench", *command, *session.posargs)


@nox.session
def revalidate(session: nox.Session) -> None:
    """Tell whether the decision survives an upgrade (--from, --to, --upgrade): both sets, now, interleaved."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench", "revalidate", *session.posargs)


@nox.session
def blame(session: nox.Session) -> None:
    """Find which package changed a time, a ratio or a test: --from SET --to SET WHAT."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench", "blame", *session.posargs)


@nox.session
def report(session: nox.Session) -> None:
    """Write a run's report again from its journal, without measuring."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench", "report", *session.posargs)


@nox.session
def explain(session: nox.Session) -> None:
    """Print one claim's evidence down to the blocks: `-- CLAIM`, `--run RUN`."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench", "explain", *session.posargs)


@nox.session
def doctor(session: nox.Session) -> None:
    """Tell whether this machine is fit to measure on."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench", "doctor", *session.posargs)


@nox.session
def suites(session: nox.Session) -> None:
    """Run each contender's suite once on each backend and print tests, seconds and outcome."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench", "suites", *session.posargs)


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the installable command `twinbench` into dist/."""
    session.install("uv")
    session.run("uv", "build", "--wheel", "--out-dir", "dist", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the project's own tests."""
    _install(session, DEV)
    # Whole searches of suites with right answers take minutes each: `nox -s flake-corpus` runs them.
    # The tests of a file stay together, for they share what it prepares.
    usual = ["-m", "not search", "--numprocesses", "auto", "--dist", "loadfile"]
    session.run("python", "-m", "pytest", *(session.posargs or usual))


@nox.session
def e2e(session: nox.Session) -> None:
    """Open reports in a real browser: first screen, print, no script, accessibility; pictures in screenshots/."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        session.error("no browser: `apt-get install chromium`, or CHROMIUM=/path/to/chromium-or-chrome nox -s e2e")
    _install(session, E2E)
    session.run("python", "-m", "pytest", "tests/e2e", *session.posargs, env={"CHROMIUM": program})


@nox.session
def coverage(session: nox.Session) -> None:
    """Print how much of the application each suite alone exercises, on both databases."""
    _install(session, DEV)
    session.run("python", "-m", "tests.app_coverage", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format with ruff."""
    _install(session, DEV)
    session.run("ruff", "check", *(session.posargs or ["."]))
    session.run("ruff", "format", "--check", *(session.posargs or ["."]))


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy, strictly."""
    _install(session, DEV)
    session.run("mypy", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the pages of docs/ into docs/_build; a dead link or any other warning fails."""
    _install(session, DOCS)
    session.run("sphinx-build", "--fail-on-warning", "--nitpicky", "--quiet", "docs", "docs/_build", *session.posargs)


@nox.session
def twins(session: nox.Session) -> None:
    """Prove that the sync twins are those made from the async suite; `-- --write` makes them anew."""
    _install(session, DEV)
    session.run("python", "suites/make_twins.py", *([] if "--write" in session.posargs else ["--check"]))


@nox.session
def calibrate(session: nox.Session) -> None:
    """Prove the statistics by simulation: coverage, false alarms and power, beside the rules of other tools."""
    _install(session, HARNESS)
    session.run("python", "-m", "bench.calibration", *session.posargs)


@nox.session(name="flake-corpus")
def flake_corpus(session: nox.Session) -> None:
    """Prove the hunt of flakes on known ones: recall, classes, polluters, replays, false alarms."""
    _install(session, DEV)
    session.run("python", "-m", "tests.flake_corpus", *session.posargs)
    if not session.posargs:
        session.run("python", "-m", "pytest", "-m", "search")


@nox.session
def overhead(session: nox.Session) -> None:
    """Print what the probe, the harness and the rendering cost, from paired runs."""
    _install(session, HARNESS)
    session.run("python", "-m", "tests.benchmarks", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Make the committed dependency sets anew from pyproject.toml (hashes, no registry addresses)."""
    session.install("uv")
    for group, path, *options in LOCKED:
        session.run(
            *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-header", "--upgrade", "--group", group, "--output-file", path, *options),
            env={**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "nox -s lock"},
        )
        # What `nox -s revalidate` prints: the last day whose releases were considered.
        day = RECORD_DAY if options else datetime.now(UTC).date().isoformat()
        Path(path).write_text(f"# releases up to {day}\n{Path(path).read_text(encoding='utf-8')}", encoding="utf-8")
