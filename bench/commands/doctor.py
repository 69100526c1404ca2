"""`python -m bench doctor`: is this machine fit to measure on, and does everything start?"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from packaging.utils import canonicalize_name

from bench.configuration import config
from bench.configuration.config import Config
from bench.dependency_sets import LockedSet, group
from bench.errors import BenchError, ConfigurationError, DependencySetError, ExitCode
from bench.running import databases, environments, machine
from bench.terminal import Terminal

Check = tuple[str, bool, str]
FREE_BYTES = 2**30


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Print one line per check; return UNFIT if one fails."""
    # Without a configuration the machine is looked at all the same: `compare` and `flakes` need none.
    found = config.read(options.config) if options.config.exists() else None
    checks = list(_checks(found, options.database_url, terminal))
    for name, passed, words in checks:
        terminal.result(f"{'ok ' if passed else 'BAD'}  {name}: {words}")
    fit = all(passed for _, passed, _ in checks)
    code = ExitCode.JUDGED if fit else ExitCode.UNFIT
    terminal.result("this machine is fit to measure on" if fit else "mend what is marked BAD, then run doctor again")
    terminal.document(
        {
            "schema": "doctor/1",
            "fit": fit,
            "checks": [{"name": name, "passed": passed, "words": words} for name, passed, words in checks],
        }
    )
    return code


def _checks(found: Config | None, database_url: str | None, terminal: Terminal) -> Iterator[Check]:
    load, cores = machine.read().load_1min, psutil.cpu_count() or 1
    idle = load is None or load < 0.5 * cores
    yield "load", idle, f"{load} on {cores} cores" + ("" if idle else "; wait until the machine is idle")
    governor = machine.fingerprint()["frequency governor"]
    yield "frequency governor", governor not in ("powersave", "ondemand"), governor
    available = psutil.virtual_memory().available
    yield "memory", available > FREE_BYTES, f"{available / 2**30:.1f} GiB available"
    free = psutil.disk_usage(str(found.root if found else Path.cwd())).free
    yield "disk", free > FREE_BYTES, f"{free / 2**30:.1f} GiB free"
    if found is None:
        yield _attempt("PostgreSQL", lambda: _server_words(database_url))
        return
    sets = {contender.dependency_set for contender in found.contenders} - {None}
    for name in sorted(filter(None, sets)):
        yield _attempt(f"dependency set {name}", lambda name=name: _set_words(found, name, terminal))  # type: ignore[misc]
        yield _attempt(f"lock of {name}", lambda name=name: _lock_words(found, name))  # type: ignore[misc]
    if any("postgresql" in contender.backends for contender in found.contenders):
        yield _attempt("PostgreSQL", lambda: _server_words(database_url))


def _attempt(name: str, check: Callable[[], str]) -> Check:
    try:
        return name, True, check()
    except BenchError as error:
        return name, False, f"{error} ({error.cause}); {error.hint}"


def _set_words(found: Config, name: str, terminal: Terminal) -> str:
    built = environments.build(found.locks, name, cache=found.cache, notify=terminal.notice)
    library = next((package for package in ("httpx2", "httpx") if package in built.packages), "no HTTP library")
    return f"{len(built.packages)} packages installed; both styles use {library} {built.packages.get(library, '')}"


def _lock_words(found: Config, name: str) -> str:
    """Say that the lock pins all that its dependency group asks for; raise DependencySetError where it does not."""
    try:
        asked = [group.parsed(words) for words in group.requirements(found.root, found.revalidate.group)]
    except ConfigurationError:
        return "nothing to compare it with: no dependency group says what the suites need"
    pinned = LockedSet(name=name, text=environments.lock_text(found.locks, name)).versions_here
    unmet = [
        str(requirement)
        for requirement in asked
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"), prereleases=True)
        or canonicalize_name(requirement.name) not in pinned
    ]
    if unmet:
        raise DependencySetError(
            f"the lock is not current: it does not pin {', '.join(unmet)}",
            cause=f"pyproject.toml asks for it in the dependency group {found.revalidate.group!r}",
            hint="nox -s lock",
        )
    return f"pins all {len(asked)} packages that pyproject.toml asks for, {len(pinned)} in all"


def _server_words(database_url: str | None) -> str:
    with databases.Databases(backends=("postgresql",), database_url=database_url) as served:
        return f"version {served.server_version()} starts and answers"
