"""Real environments of made-up packages: every stage is a set that uv installs from local wheels, and runs a script."""

import random
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from pathlib import Path

from bench.dependency_sets.dry_resolution import DryResolver
from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.metadata import of_environment
from bench.dependency_sets.mixture import mixture
from bench.dependency_sets.resolution import Resolver
from bench.dependency_sets.store import EnvironmentStore, NotBuilt
from bench.experiments.blame.blocks import Measured, Request
from bench.experiments.blame.chain import Chain, Stage, confirmed
from bench.experiments.blame.constraints import TwoSets
from bench.experiments.blame.units import chain_of
from bench.running import environments
from tests.revalidate.wheels import wheel

Source = Mapping[str, tuple[str, str]]
"""Packages by name: the text of the module at version 1 and at version 2."""


@dataclass(slots=True, kw_only=True)
class Laboratory:
    """Two sets, the chain between them, and a store that builds what is asked for; `script` is what a trial runs."""

    chain: Chain
    old: LockedSet
    new: LockedSet
    store: EnvironmentStore
    script: str

    def times(self, request: Request) -> Measured:
        """Run a block, mirrored; the level is the mean log of the wall times of the script."""
        order = random.sample(request.stages, k=len(request.stages))
        logs: dict[Stage, list[float]] = {stage: [] for stage in order}
        seconds = 0.0
        for stage in (*order, *reversed(order)):
            elapsed = self._timed(stage)
            seconds += elapsed
            logs[stage].append(log(elapsed))
        return Measured(levels={stage: statistics.mean(found) for stage, found in logs.items()}, seconds=seconds)

    def failures(self, request: Request) -> Measured:
        """Run each stage once; the level is whether the script fails."""
        return Measured(levels={stage: float(not self._passes(stage)) for stage in request.stages}, seconds=1.0)

    def _timed(self, stage: Stage) -> float:
        self.store.environment(self._named(stage))  # building is no part of the time
        started = time.monotonic()
        assert self._passes(stage)
        return time.monotonic() - started

    def _passes(self, stage: Stage) -> bool:
        environment = self.store.environment(self._named(stage))
        assert not isinstance(environment, NotBuilt), environment
        return subprocess.run([environment.python, "-c", self.script], capture_output=True, check=False).returncode == 0

    def _named(self, stage: Stage) -> str:
        name = f"mix-{'-'.join(map(str, sorted(stage.units)))}{'-copy' * stage.copy}"
        self.store.add(mixture(self.old, self.new, moved=self.chain.packages(stage), name=name))
        return name


def laboratory(
    folder: Path, packages: Source, script: str, *, requires: Mapping[str, Sequence[str]] | None = None
) -> Laboratory:
    """Make wheels of both versions, resolve both sets, install them and derive the chain from what they declare.

    `requires` are the requirements of version 2 of a package.
    """
    for name, sources in packages.items():
        for version, text in zip(("1", "2"), sources, strict=True):
            needed = (requires or {}).get(name, ()) if version == "2" else ()
            wheel(folder / "wheels", name, version, {f"{name}.py": text}, requires=needed)
    (folder / "uv.toml").write_text('no-index = true\nfind-links = ["wheels"]\n', encoding="utf-8")
    resolve = Resolver(root=folder, cache=folder / "resolutions", notify=lambda _: None)
    old, new = (
        LockedSet(name=name, text=resolve([f"{package}=={version}" for package in packages], name=name))
        for name, version in (("old", "1"), ("new", "2"))
    )
    install = partial(environments.install, cache=folder / "environments", notify=lambda _: None)
    store = EnvironmentStore([old, new], build=install)
    built = store.environments(["old", "new"])
    sets = TwoSets(old=of_environment(built["old"].python), new=of_environment(built["new"].python))
    dry = DryResolver(root=folder, cache=folder / "resolutions", requirements=sorted(packages))
    chain = confirmed(
        chain_of(sets), lambda stage, chain: dry(mixture(old, new, moved=chain.packages(stage), name="stage"))
    )
    return Laboratory(chain=chain, old=old, new=new, store=store, script=script)
