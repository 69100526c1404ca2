"""Get ready what every trial needs: interpreters, databases, and the runner that joins them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bench.campaign.plan import Plan
from bench.configuration.config import Config
from bench.model import Trial, TrialSpec
from bench.running import environments
from bench.running.databases import Databases
from bench.running.environments import SubjectEnvironment
from bench.running.trial import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that is needed to run trials; `subjects` maps a contender, or a dependency set, to its environment."""

    runner: Callable[[TrialSpec], Trial]
    subjects: Mapping[str, SubjectEnvironment]
    server_version: str | None


@contextmanager
def prepared_sets(
    plan: Plan, config: Config, environments: Mapping[str, SubjectEnvironment], *, database_url: str | None
) -> Iterator[Prepared]:
    """Start the databases for trials that run each in the environment of its cell's dependency set."""
    with Databases(backends=plan.frame.backends, database_url=database_url) as served:
        names = [contender.id for contender in plan.rows]
        runners = {
            dependency_set: _runner(plan, config, dict.fromkeys(names, environment), served)
            for dependency_set, environment in environments.items()
        }
        yield Prepared(
            runner=lambda spec: runners[spec.cell.dependency_set](spec),
            subjects=environments,
            server_version=served.server_version(),
        )


def _runner(plan: Plan, config: Config, subjects: Mapping[str, SubjectEnvironment], served: Databases) -> Runner:
    return Runner(
        root=config.root,
        contenders={contender.id: contender for contender in plan.rows},
        environments=subjects,
        databases=served,
        timeout_seconds=plan.frame.timeout_seconds,
    )


@contextmanager
def prepared(
    plan: Plan, config: Config, *, database_url: str | None, notify: Callable[[str], None]
) -> Iterator[Prepared]:
    """Build the environments, start the databases, and stop them at the end whatever happens."""
    subjects = _subjects(plan, config, notify)
    with Databases(backends=plan.frame.backends, database_url=database_url) as served:
        runner = _runner(plan, config, subjects, served)
        yield Prepared(runner=runner, subjects=subjects, server_version=served.server_version())


def _subjects(plan: Plan, config: Config, notify: Callable[[str], None]) -> Mapping[str, SubjectEnvironment]:
    """Give each contender its interpreter; equal dependency sets are built, and looked into, once."""
    built: dict[str, SubjectEnvironment] = {}
    found = {}
    for contender in plan.rows:
        if contender.python is not None:
            python = contender.python.replace("{project}", str(config.root))
            found[contender.id] = environments.foreign(python, directory=config.root / contender.directory)
            continue
        name = contender.dependency_set or "current"
        if name not in built:
            built[name] = environments.build(config.locks, name, cache=config.cache, notify=notify)
        found[contender.id] = built[name]
    return found
