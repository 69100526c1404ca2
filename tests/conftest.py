"""Factories for the values of the pipeline: a test names what matters to it and leaves the rest alone."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bench.campaign import loop as campaign
from bench.campaign.frame import Frame
from bench.campaign.plan import Plan
from bench.claims import file as claims
from bench.experiments import attempts as tried
from bench.experiments import counting, flakiness, reliability, speed
from bench.experiments import factors as varied
from bench.experiments import micro as micro_costs
from bench.experiments.registry import EXPERIMENTS
from bench.model import (
    Cell,
    Contender,
    ExecutedTest,
    MachineReading,
    Outcome,
    Phases,
    Trial,
    TrialSpec,
    Variant,
)
from bench.storage.journal import Journal
from bench.storage.noise_floor import NoiseFloorHistory
from bench.storage.run_folder import Manifest

SECOND = 10**9
IDLE = MachineReading(load_1min=0.5, steal_ticks=0)
TESTS = (
    ExecutedTest("unit/test_sums.py::test_sum", "passed", 1_000, 2_000, 3_000),
    ExecutedTest("api/test_users.py::test_login", "passed", 4_000, 50_000, 6_000),
)


def a_contender(name: str = "sync", **changes: Any) -> Contender:
    """Make a contender that runs on SQLite and belongs to the family `suites`."""
    plain = Contender(
        id=name,
        title=f"title of {name}",
        style="other",
        record="",
        directory=".",
        pytest_args=(),
        environment={},
        plugins=(),
        python="python",
        dependency_set=None,
        backends=("sqlite",),
        twins="suites",
    )
    return replace(plain, **changes)


def a_plan(*contenders: Contender, **changes: Any) -> Plan:
    """Make a plan that compares the contenders with the first of them, judged at 6 blocks, with A/A copies.

    `changes` are fields of the frame or of the studies: `looks`, `comparisons` and `copied` (backends) of the timing,
    `micro` and `micro_processes`, `attempts`, `factors`, `flakiness_seconds`. Factors, or a search for flakes with
    the whole budget, take the place of the timing.
    """
    chosen = contenders or (a_contender("sync"), a_contender("async"))
    of_studies = {name: changes.pop(name) for name in STUDIED if name in changes}
    plain = Frame(
        seed=1,
        profile="smoke",
        baseline=chosen[0].id,
        backends=("sqlite",),
        contenders=chosen,
        budget_seconds=1e9,
        margin=0.05,
        alpha=0.05,
        timeout_seconds=60,
        load_limit=None,
    )
    frame = replace(plain, **changes)
    studies = _studies(frame, **of_studies)
    reserved = studies["flakiness"].seconds if "flakiness" in studies else 0.0
    ordered = {name: studies[name] for name in EXPERIMENTS if name in studies}
    return Plan(frame=replace(frame, reserved_seconds=reserved), studies=ordered)


STUDIED = (
    "looks",
    "comparisons",
    "copied",
    "micro",
    "micro_processes",
    "attempts",
    "factors",
    "flakiness_seconds",
)


def _studies(
    frame: Frame,
    *,
    looks: tuple[int, ...] = (6,),
    comparisons: int = 1,
    copied: tuple[str, ...] | None = None,
    micro: Contender | None = None,
    micro_processes: int = 1,
    attempts: tuple[Variant, ...] = (),
    factors: tuple[Variant, ...] = (),
    flakiness_seconds: float = 0.0,
) -> dict[str, Any]:
    studies: dict[str, Any] = {}
    alone = flakiness_seconds >= frame.budget_seconds
    if micro is not None:
        studies["micro"] = micro_costs.Study(contender=micro, backends=frame.backends, processes=micro_processes)
    if attempts:
        studies["attempts"] = tried.Study(variants=attempts, backends=frame.backends)
    if factors:
        studies["factors"] = varied.Study(variants=factors, blocks=looks[0])
    elif not alone:
        first = frame.views[0]
        places = frame.backends if copied is None else copied
        copies = tuple(replace(cell, copy=1) for backend in places for cell in first.suites(backend)[:1])
        studies["speed"] = speed.Study(looks=looks, comparisons=comparisons, copies=copies)
        studies |= {"counting": counting.Study(), "reliability": reliability.Study()}
    if flakiness_seconds:
        studies["flakiness"] = flakiness.Study(seconds=flakiness_seconds, alone=alone)
    return studies


def a_spec(contender: str = "sync", **changes: Any) -> TrialSpec:
    """Make the specification of a timed trial on SQLite."""
    plain = TrialSpec(
        experiment="speed",
        cell=Cell(contender=contender, dependency_set="own", backend="sqlite"),
        block=1,
        position=0,
        warmup=False,
        hash_seed=1,
        padding_bytes=0,
    )
    return replace(plain, **changes)


def a_trial(spec: TrialSpec | None = None, **changes: Any) -> Trial:
    """Make a trial that passed in a second; with `outcome` another than passed it gives a reason.

    `changes` may name fields of its specification, too.
    """
    of_spec = {name: changes.pop(name) for name in tuple(changes) if name in TrialSpec.__dataclass_fields__}
    spec = replace(spec or a_spec(), **of_spec)
    plain = Trial(
        spec=spec,
        outcome=Outcome.PASSED,
        exit_code=0,
        signal=None,
        started_unix_ns=1_700_000_000 * SECOND,
        wall_ns=SECOND,
        cpu_user_ns=SECOND // 2,
        cpu_system_ns=SECOND // 10,
        peak_rss_bytes=10**8,
        overhead_ns=10**6,
        phases=Phases(startup_ns=1, collection_ns=2, setup_ns=3, call_ns=4, teardown_ns=5, exit_ns=6),
        tests=TESTS,
        before=IDLE,
        after=IDLE,
        message="" if changes.get("outcome", Outcome.PASSED) is Outcome.PASSED else "it broke\nfor a reason",
        facts={"requests": {"GET /users 200": 2}} if spec.counting else {},
        benchmarks=(),
    )
    return replace(plain, **changes)


def a_manifest(plan: Plan | None = None, *, claims_text: str = "", **changes: Any) -> Manifest:
    """Make the manifest of a complete run."""
    plan = plan or a_plan()
    plain = Manifest(
        run_id="20260101-000000-smoke",
        started="2026-01-01T00:00:00+00:00",
        status="complete",
        plan=plan,
        plan_hash=plan.hash,
        claims_file="claims.toml",
        claims_text=claims_text,
        claims_hash=claims.hash_of(claims_text),
        dependency_sets={},
        noise_floor=NoiseFloorHistory(checks=0, alarms=0),
        machine={"cores": "2"},
        harness_version="0",
        revision="unknown",
    )
    return replace(plain, **changes)


@dataclass
class FakeExecutor:
    """Stands in for the runner: gives each contender its time at once and remembers what was asked.

    `seconds` maps a contender to its wall time, `changes` to what else is special about its trials. Every
    block is a little slower than the one before, in the same proportion for all.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stop_after: int | None = None
    asked: list[TrialSpec] = field(default_factory=list)

    def __call__(self, spec: TrialSpec) -> Trial:
        if len(self.asked) == self.stop_after:
            raise KeyboardInterrupt
        self.asked.append(spec)
        wall_ns = round(self.seconds.get(spec.cell.contender, 1.0) * SECOND * (1 + 0.01 * spec.block))
        return a_trial(spec, wall_ns=wall_ns, **self.changes.get(spec.cell.contender, {}))


def run_campaign(plan: Plan, executor: Callable[[TrialSpec], Trial], journal: Path) -> Sequence[Trial]:
    """Run a whole campaign into `journal` and give its trials."""
    with Journal(journal) as opened:
        campaign.run(plan, opened, execute=executor, watch=lambda *_: None)
        return tuple(opened.trials)


# Stands in for uv: `venv` makes an interpreter, `pip sync` notes that it was asked, or fails as told.
FAKE_UV = """\
#!/bin/sh
case "$1" in
    venv)
        for folder; do :; done
        mkdir -p "$folder/bin"
        ln -s {python} "$folder/bin/python"
        ;;
    pip)
        echo "$@" >> {log}
        if [ -e {failure} ]; then cat {failure} >&2; exit 2; fi
        ;;
esac
"""


@pytest.fixture
def make_contender() -> Callable[..., Contender]:
    return a_contender


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    return a_plan


@pytest.fixture
def make_spec() -> Callable[..., TrialSpec]:
    return a_spec


@pytest.fixture
def make_trial() -> Callable[..., Trial]:
    return a_trial


@pytest.fixture
def make_manifest() -> Callable[..., Manifest]:
    return a_manifest


@pytest.fixture
def make_executor() -> Callable[..., FakeExecutor]:
    return FakeExecutor


@pytest.fixture
def measure(tmp_path: Path) -> Callable[..., Sequence[Trial]]:
    """Run a campaign into a journal: `measure(plan, executor, run="another")`; one journal is resumed."""

    def measure(
        plan: Plan, executor: Callable[[TrialSpec], Trial] | None = None, *, run: str = "run"
    ) -> Sequence[Trial]:
        return run_campaign(plan, executor or FakeExecutor(), tmp_path / run / "trials.jsonl")

    return measure


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Path, Path]:
    """Put a fake in the place of uv; gives the file that makes it fail, and the log of what it was asked."""
    script, log, failure = (tmp_path / name for name in ("uv", "uv.log", "uv.failure"))
    script.write_text(FAKE_UV.format(python=sys.executable, log=log, failure=failure), encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr("uv.find_uv_bin", lambda: str(script))
    return failure, log
