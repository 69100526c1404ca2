"""What `python -m bench blame` needs before its first trial: two sets, what differs between them, and the questions."""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.campaign.frame import Frame
from bench.claims.claim import Claim
from bench.configuration.config import Config
from bench.dependency_sets.dry_resolution import DryResolver
from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.metadata import of_environment
from bench.dependency_sets.mixture import mixture
from bench.dependency_sets.store import EnvironmentStore, NotBuilt
from bench.errors import ConfigurationError, DependencySetError
from bench.experiments.blame.asking import targets_of, usual_targets
from bench.experiments.blame.chain import Chain, Stage, confirmed
from bench.experiments.blame.constraints import TwoSets
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.study import Study, study_of
from bench.experiments.blame.surveying import is_timeable, loaded_packages, newly_failing
from bench.experiments.blame.target import Target
from bench.experiments.blame.units import Prior, chain_of
from bench.model import Cell, Contender, Trial, TrialSpec
from bench.running import environments
from bench.running.databases import Databases
from bench.running.environments import SubjectEnvironment
from bench.running.trial import Runner
from bench.terminal import Terminal

SUBJECT = Path(__file__).parents[1] / "experiments" / "blame" / "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where blame runs: both sets, the store that builds what lies between, and a runner for any environment."""

    before: LockedSet
    after: LockedSet
    store: EnvironmentStore
    built: Mapping[str, SubjectEnvironment]
    runner: Callable[[SubjectEnvironment], Runner]
    server_version: str | None


@contextmanager
def placed(
    before: LockedSet,
    after: LockedSet,
    *,
    found: Config,
    frame: Frame,
    record: Callable[[LockedSet], None],
    database_url: str | None,
    notify: Callable[[str], None],
) -> Iterator[Place]:
    """Build both sets and start the databases; raise DependencySetError for a set that does not install."""
    build = partial(environments.install, cache=found.cache, notify=notify)
    store = EnvironmentStore([before, after], build=build, record=record)
    built = {}
    for name, answer in store.environments([before.name, after.name]).items():
        if isinstance(answer, NotBuilt):
            raise DependencySetError(
                f"the dependency set {name!r} does not install, so nothing can be measured under it",
                cause=answer.because,
                hint="choose another with --from or --to",
            )
        built[name] = answer
    rows = {row.id: row for row in (*frame.contenders, *([found.micro] if found.micro else []))}
    with Databases(backends=frame.backends, database_url=database_url) as served:
        yield Place(
            before=before,
            after=after,
            store=store,
            built=built,
            runner=lambda environment: Runner(
                root=found.root,
                contenders=rows,
                environments=dict.fromkeys(rows, environment),
                databases=served,
                timeout_seconds=frame.timeout_seconds,
            ),
            server_version=served.server_version(),
        )


def studied(
    place: Place,
    *,
    found: Config,
    frame: Frame,
    stated: Sequence[Claim],
    options: argparse.Namespace,
    wanted: Sequence[str],
    terminal: Terminal,
) -> Study:
    """Run each suite once under both sets, derive the units, and write down what is asked.

    `wanted` are the requirements of the suites. Raises ConfigurationError where nothing differs.
    """
    asked = [
        target
        for what in options.what
        for target in targets_of(
            what,
            contenders=[row.id for row in frame.contenders],
            baseline=frame.baseline,
            backends=frame.backends,
            claims=stated,
            micro="" if found.micro is None else found.micro.id,
        )
    ]
    names = dict.fromkeys(name for target in asked for name in target.contenders)
    terminal.notice("running each suite once under both sets, to see what it loads and what newly fails")
    surveyed = list(_survey(place, frame, list(names) or [row.id for row in frame.contenders], found))
    old, new = (of_environment(place.built[each.name].python) for each in (place.before, place.after))
    sets = TwoSets(old=old, new=new, requirements=tuple(wanted))
    loaded = loaded_packages([trial for pair in surveyed for trial in pair], old=old, new=new)
    chain = _confirmed(chain_of(sets, Prior(loaded=loaded)), place, found, wanted)
    if not chain.units:
        raise ConfigurationError(
            f"{place.before.name!r} and {place.after.name!r} install the same packages",
            cause="there is nothing that could be blamed",
            hint="choose two sets that differ, with --from and --to or --upgrade",
        )
    return study_of(
        chain,
        before=place.before.name,
        after=place.after.name,
        targets=tuple(asked) or _unasked(surveyed, frame),
        rules=Rules(
            threshold=options.threshold or frame.margin, alpha=frame.alpha, budget_seconds=frame.budget_seconds
        ),
        micro=found.micro,
    )


def _survey(place: Place, frame: Frame, names: Sequence[str], found: Config) -> Iterator[tuple[Trial, Trial]]:
    rows = {row.id: row for row in (*frame.contenders, *([found.micro] if found.micro else []))}
    runners = [place.runner(place.built[each.name]) for each in (place.before, place.after)]
    for backend in frame.backends:
        for row in (rows[name] for name in names if backend in rows[name].backends):
            sets = (place.before.name, place.after.name)
            old, new = (run(_looking(row, backend, name)) for run, name in zip(runners, sets, strict=True))
            yield old, new


def _looking(row: Contender, backend: str, dependency_set: str) -> TrialSpec:
    """Specify a trial that notes what its suite loads."""
    paths = filter(None, [str(SUBJECT), row.environment.get("PYTHONPATH", "")])
    return TrialSpec(
        experiment="survey",
        cell=Cell(contender=row.id, dependency_set=dependency_set, backend=backend),
        block=0,
        position=0,
        warmup=True,
        hash_seed=1,
        padding_bytes=0,
        arguments=("-p", "twinbench_loaded"),
        environment={"PYTHONPATH": os.pathsep.join(paths)},
    )


def _confirmed(chain: Chain, place: Place, found: Config, wanted: Sequence[str]) -> Chain:
    """Merge units until a dry resolution accepts every set on the way."""
    resolver = DryResolver(root=found.root, cache=found.resolutions, requirements=wanted)

    def why_not(stage: Stage, on: Chain) -> str:
        return resolver(mixture(place.before, place.after, moved=on.packages(stage), name="a set on the way"))

    return confirmed(chain, why_not)


def _unasked(surveyed: Sequence[tuple[Trial, Trial]], frame: Frame) -> tuple[Target, ...]:
    """Ask about what newly fails, and about every time that both sets can be compared by."""
    failing = [target for before, after in surveyed for target in newly_failing(before, after)]
    timeable = {(pair[0].cell.contender, pair[0].cell.backend) for pair in surveyed if is_timeable(pair)}
    times = usual_targets(
        contenders=[row.id for row in frame.contenders], baseline=frame.baseline, backends=frame.backends
    )
    return (*failing, *(t for t in times if {(name, t.backend) for name in t.contenders} <= timeable))
