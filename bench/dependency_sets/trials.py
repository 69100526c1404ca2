"""Run each trial in the environment of its cell's dependency set, which is built when a trial first names it."""

from collections.abc import Callable

from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.store import EnvironmentStore, NotBuilt
from bench.model import Outcome, Phases, Trial, TrialSpec
from bench.running import machine
from bench.running.environments import SubjectEnvironment

Execute = Callable[[TrialSpec], Trial]


class SetRunner:
    """An executor for a campaign: `set_of` tells which set a specification means, `runner` runs in an environment.

    A set that does not install ends the trial, not the campaign. Building is no part of a trial's time.
    """

    def __init__(
        self,
        store: EnvironmentStore,
        *,
        set_of: Callable[[TrialSpec], LockedSet],
        runner: Callable[[SubjectEnvironment], Execute],
    ) -> None:
        """Build nothing yet."""
        self._store, self._set_of, self._runner = store, set_of, runner
        self._runners: dict[str, Execute] = {}

    def __call__(self, spec: TrialSpec) -> Trial:
        """Run one trial; raise RegistryError if its set is not built and nobody answers."""
        locked = self._set_of(spec)
        self._store.add(locked)
        environment = self._store.environment(locked.name)
        if isinstance(environment, NotBuilt):
            return not_run(spec, environment.because)
        if locked.name not in self._runners:
            self._runners[locked.name] = self._runner(environment)
        return self._runners[locked.name](spec)


def not_run(spec: TrialSpec, because: str) -> Trial:
    """Return the trial of a process that could not be started."""
    now = machine.read()
    return Trial(
        spec=spec,
        outcome=Outcome.CRASHED,
        exit_code=None,
        signal=None,
        started_unix_ns=0,
        wall_ns=0,
        cpu_user_ns=0,
        cpu_system_ns=0,
        peak_rss_bytes=0,
        overhead_ns=0,
        phases=Phases(startup_ns=None, collection_ns=None, setup_ns=0, call_ns=0, teardown_ns=0, exit_ns=None),
        tests=(),
        before=now,
        after=now,
        message=because,
        facts={},
        benchmarks=(),
    )
