"""Build the environments of several dependency sets at the same time."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.dependency_sets.locked import LockedSet
from bench.errors import DependencySetError, RegistryError
from bench.running import environments
from bench.running.environments import SubjectEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The environments that could be built, by the name of their set, and why the others could not."""

    environments: Mapping[str, SubjectEnvironment]
    failures: Mapping[str, str]


def install(sets: Sequence[LockedSet], *, cache: Path, notify: Callable[[str], None]) -> Installed:
    """Build all sets; one that does not install is an answer, but raise RegistryError if nobody could be asked."""
    found: dict[str, SubjectEnvironment] = {}
    failures: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=max(len(sets), 1)) as pool:
        builds = {
            each.name: pool.submit(environments.install, each.name, each.text, cache=cache, notify=notify)
            for each in sets
        }
    for name, build in builds.items():
        try:
            found[name] = build.result()
        except RegistryError:
            raise
        except DependencySetError as error:
            failures[name] = f"{error}: {error.cause}"
    return Installed(environments=found, failures=failures)
