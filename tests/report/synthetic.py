"""A synthetic but realistic analysis: what a run would find, drawn with a fixed seed."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.experiments.micro.finding import MicroCost
from bench.experiments.reliability.finding import FailureFinding
from bench.experiments.simplicity.counting import SuiteCount
from bench.experiments.speed.finding import CellFinding, LayerFinding, TwinFinding
from bench.findings import RunFinding, TrialPoint
from bench.flakiness.findings import FlakinessFinding
from bench.model import Style
from bench.paired.finding import ComparisonFinding, Metric
from bench.results import Results
from bench.statistics import ComparisonVerdict, judge, upper_bound
from tests import flaking
from tests.made_up import a_frame, results_with
from tests.report.synthetic_judgement import claims_of_the_record, decision_of_the_record, goal_lines

CONTENDERS: Sequence[tuple[str, Style, float]] = (
    ("sync", "sync", 1.0),
    ("async-function", "async", 1.42),
    ("async-session", "async", 0.76),
)
_NOISE: Sequence[tuple[Metric, float]] = (("wall", 0.05), ("cpu", 0.025), ("setup", 0.04))
LAYERS = (("unit", 0.4e6), ("integration", 4.0e6), ("api", 12.0e6))
VERBS = ("creates", "rejects", "lists", "rotates", "encrypts", "filters", "paginates", "logs_out")
NOUNS = ("account", "refresh_token", "transaction", "provider_connection", "user", "expired_login")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How large the synthetic run is."""

    blocks: int = 16
    tests: int = 130
    backends: tuple[str, ...] = ("sqlite", "postgresql")
    seed: int = 7


def synthetic_analysis(shape: Shape | None = None) -> Results:
    """Draw an analysis of the given size; the same shape gives the same analysis."""
    shape = shape or Shape()
    draw = random.Random(shape.seed)
    trials = _trials(shape, draw)
    comparisons = _comparisons(shape, draw)
    return results_with(
        frame=a_frame(backends=shape.backends),
        run=_run(shape, len(trials)),
        judged={
            "decision": decision_of_the_record(),
            "goals": goal_lines(comparisons),
            "claims": claims_of_the_record(),
            "left_out": ("async-anyio: not a contender of this run", "micro-costs of PostgreSQL: not asked for"),
            "warnings": (
                "The machine was busy before the run: load 1.9 on 2 cores",
                "The CPU frequency governor is not known inside this container",
            ),
        },
        cells=_cells(shape, trials),
        comparisons=comparisons,
        trials=trials,
        twins=_twins(shape, draw),
        layers=_layers(shape),
        failures=_failures(shape, trials),
        suites=_suites(shape),
        micro_costs=_micro_costs(draw),
        flakiness=flakiness(shape),
    )


CALM = {"same": (0, 48), "random-order": (0, 3), "schedule": (0, 9), "pressure": (0, 4), "clock": (0, 8)}


def flakiness(shape: Shape) -> FlakinessFinding:
    """Tell of a hunt in which only async-function flaked on the first backend, where another date provokes it."""
    cells = [flaking.a_cell(name, backend) for backend in shape.backends for name, _, _ in CONTENDERS]
    flaky = {**CALM, "clock": (5, 8), "schedule": (2, 9), "loop-debug": (0, 1)}
    return flaking.a_hunt({cell: flaky if place == 1 else CALM for place, cell in enumerate(cells)})


def cell_id(contender: str, backend: str, *, copy: int = 0) -> str:
    """Name a cell as the model does."""
    return f"{contender}@{backend}/current{'#copy' * copy}"


def _arms(shape: Shape) -> list[tuple[str, Style, float, str, int]]:
    return [
        (name, style, factor, backend, copy)
        for backend in shape.backends
        for name, style, factor, copy in (*((*c, 0) for c in CONTENDERS), (*CONTENDERS[0], 1))
    ]


def _base_ns(backend: str) -> float:
    return 2.1e9 if backend == "sqlite" else 3.4e9


def _trials(shape: Shape, draw: random.Random) -> tuple[TrialPoint, ...]:
    points: list[TrialPoint] = []
    clock = 1_763_800_000_000_000_000
    load = 0.8
    for block in range(shape.blocks + 1):
        arms = _arms(shape)
        draw.shuffle(arms)
        for name, style, factor, backend, copy in (*arms, *reversed(arms)):
            load = max(0.1, load + draw.gauss(0, 0.12) + 0.05 * (1.0 - load))
            wall = int(_base_ns(backend) * factor * math.exp(draw.gauss(0, 0.07) + 0.02 * load))
            failed = len(points) in {57, 58}
            points.append(
                TrialPoint(
                    as_ever=not failed,
                    order=len(points),
                    started_unix_ns=clock,
                    experiment="speed",
                    cell=cell_id(name, backend, copy=copy),
                    contender=name,
                    style=style,
                    backend=backend,
                    block=block,
                    warmup=block == 0,
                    timed=True,
                    may_fail=False,
                    outcome="failed" if failed else "passed",
                    wall_ns=wall,
                    cpu_ns=int(0.8 * wall),
                    load_1min=load,
                    stolen_share=0.0,
                    message="E   AssertionError: 503 != 201\n1 failed, 129 passed" if failed else "",
                )
            )
            clock += wall + 50_000_000
    return tuple(points)


def _cells(shape: Shape, trials: Sequence[TrialPoint]) -> tuple[CellFinding, ...]:
    found = []
    for name, style, factor, backend, copy in _arms(shape):
        mine = [t for t in trials if t.cell == cell_id(name, backend, copy=copy) and not t.warmup]
        failed = sum(t.outcome != "passed" for t in mine)
        total = _base_ns(backend) * factor
        parts = {"sync": (0.16, 0.21, 0.17, 0.38, 0.05), "async": (0.14, 0.20, 0.24, 0.33, 0.06)}[style]
        startup, collection, setup, call, teardown = (int(total * part) for part in parts)
        found.append(
            CellFinding(
                cell=cell_id(name, backend, copy=copy),
                contender=name,
                title=f"Contender {name}",
                style=style,
                backend=backend,
                dependency_set="current",
                is_copy=bool(copy),
                trials=len(mine),
                failed_trials=failed,
                tests=shape.tests,
                median_wall_ns=int(total),
                wall_interval=None,
                median_cpu_ns=int(0.8 * total),
                median_peak_rss_bytes=118 * 2**20,
                startup_ns=startup,
                collection_ns=collection,
                setup_ns=setup,
                call_ns=call,
                teardown_ns=teardown,
                exit_ns=int(total) - startup - collection - setup - call - teardown,
                facts={"http_library": "httpx2", "http_version": "2.0.1", "loop": "asyncio"},
            )
        )
    return tuple(found)


def _comparisons(shape: Shape, draw: random.Random) -> tuple[ComparisonFinding, ...]:
    found = []
    rivals = [(*c, False) for c in CONTENDERS[1:]] + [(*CONTENDERS[0], True)]
    for backend in shape.backends:
        for name, style, factor, is_copy in rivals:
            for metric, noise in _NOISE:
                found.append(
                    _comparison(
                        shape,
                        draw,
                        arm=(name, style, factor),
                        backend=backend,
                        metric=metric,
                        noise=noise,
                        is_copy=is_copy,
                    )
                )
    return tuple(found)


def _comparison(
    shape: Shape,
    draw: random.Random,
    *,
    arm: tuple[str, Style, float],
    backend: str,
    metric: Metric,
    noise: float,
    is_copy: bool,
) -> ComparisonFinding:
    name, style, factor = arm
    logs = tuple(math.log(factor) + draw.gauss(0, noise) for _ in range(shape.blocks))
    seen = judge(logs, margin=0.05)
    judged = replace(seen, verdict=_verdict(factor), blocks_needed=None, detectable_ratio=1.0 + noise)
    materially = "materially slower" if factor > 1 else "materially faster"
    return ComparisonFinding(
        id=f"speed-{backend}-{name}-{metric}",
        backend=backend,
        baseline=cell_id("sync", backend),
        baseline_contender="sync",
        rival=cell_id(name, backend, copy=int(is_copy)),
        rival_contender=name,
        rival_title=f"Contender {name}",
        rival_style=style,
        metric=metric,
        is_noise_floor=is_copy,
        margin=0.05,
        alpha=0.05,
        comparison=judged,
        words="equivalent within ±5 %" if is_copy else materially,
        invalid_because=(),
        blocks=shape.blocks,
        block_log_ratios=logs,
        looks=1,
    )


def _verdict(factor: float) -> ComparisonVerdict:
    if factor == 1.0:
        return ComparisonVerdict.EQUIVALENT
    return ComparisonVerdict.MATERIALLY_SLOWER if factor > 1 else ComparisonVerdict.MATERIALLY_FASTER


def _twins(shape: Shape, draw: random.Random) -> tuple[TwinFinding, ...]:
    found = []
    for backend in shape.backends:
        for name, _, factor in CONTENDERS[1:]:
            for number in range(shape.tests):
                layer, typical = LAYERS[number * 3 // shape.tests]
                scale = draw.choice((1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.4, 0.4)) if number % 7 == 0 else 1.0
                baseline = typical * math.exp(draw.gauss(0, 0.6))
                ratio = factor * scale * math.exp(draw.gauss(0, 0.12))
                verb, noun = VERBS[number % len(VERBS)], NOUNS[number % len(NOUNS)]
                found.append(
                    TwinFinding(
                        test=f"{layer}/test_{noun}s.py::test_{noun}_{verb}_{number}",
                        layer=layer,
                        backend=backend,
                        rival_contender=name,
                        baseline_ns=int(baseline),
                        rival_ns=int(baseline * ratio),
                        ratio=ratio,
                        q_value=min(1.0, 0.001 + abs(draw.gauss(0, 0.05))),
                    )
                )
    return tuple(found)


def _layers(shape: Shape) -> tuple[LayerFinding, ...]:
    return tuple(
        LayerFinding(
            cell=cell_id(name, backend),
            contender=name,
            backend=backend,
            layer=layer,
            tests=shape.tests // 3,
            median_ns=int(typical * factor),
            slowest_test=f"{layer}/test_users.py::test_user_creates_{layer}",
            slowest_ns=int(9 * typical * factor),
            slowest_low_ns=int(8 * typical * factor),
            slowest_high_ns=int(11 * typical * factor),
        )
        for backend in shape.backends
        for name, _, factor in CONTENDERS
        for layer, typical in LAYERS
    )


def _failures(shape: Shape, trials: Sequence[TrialPoint]) -> tuple[FailureFinding, ...]:
    found = []
    for backend in shape.backends:
        for name, _, _ in CONTENDERS:
            mine = [trial for trial in trials if trial.contender == name and trial.backend == backend]
            bad = [trial for trial in mine if trial.outcome != "passed"]
            found.append(
                FailureFinding(
                    contender=name,
                    backend=backend,
                    trials=len(mine),
                    failed=len(bad),
                    upper_bound=upper_bound(len(bad), len(mine)),
                    loop_errors=0,
                    first_message=bad[0].message if bad else "",
                )
            )
    return tuple(found)


def _suites(shape: Shape) -> dict[str, SuiteCount]:
    return {
        name: SuiteCount(
            files=24,
            tests=shape.tests,
            logical_lines=1190 if style == "sync" else 1260,
            async_tokens=0 if style == "sync" else 611,
            fixtures=9 if style == "sync" else 11,
            configuration_keys=4 if style == "sync" else 7,
            plumbing_names=3 if style == "sync" else 14,
            cyclomatic_complexity=170,
            plumbing=("portal",) if style == "sync" else ("AsyncClient", "ASGITransport", "loop_scope"),
        )
        for name, style, _ in CONTENDERS
    }


def _micro_costs(draw: random.Random) -> tuple[MicroCost, ...]:
    rows: Sequence[tuple[str, str, Style, str, float]] = (
        ("make an event loop", "start", "async", "none", 48e3),
        ("open AsyncClient with lifespan", "start", "async", "none", 310e3),
        ("enter TestClient", "start", "sync", "none", 1.9e6),
        ("bare ASGI call", "request", "other", "none", 61e3),
        ("AsyncClient request", "request", "async", "none", 240e3),
        ("TestClient request, entered", "request", "sync", "none", 520e3),
        ("TestClient request, not entered", "request", "sync", "none", 2.3e6),
        ("session and rollback", "session", "sync", "sqlite", 95e3),
        ("session and rollback", "session", "async", "sqlite", 260e3),
        ("session and rollback", "session", "sync", "postgresql", 410e3),
        ("session and rollback", "session", "async", "postgresql", 520e3),
    )
    return tuple(
        MicroCost(
            name=name,
            group=group,
            style=style,
            backend=backend,
            median_ns=(middle := typical * math.exp(draw.gauss(0, 0.05))),
            low_ns=middle * 0.94,
            high_ns=middle * 1.12,
            processes=5,
            rounds=400,
        )
        for name, group, style, backend, typical in rows
    )


def _run(shape: Shape, trials: int) -> RunFinding:
    return RunFinding(
        run_id="2025-11-22T21-50-00-standard",
        started="2025-11-22T21:50:00+00:00",
        status="complete",
        seed=20251018,
        profile="standard",
        harness_version="0.1.0",
        revision="0f3c2d1",
        plan_hash="sha256:5d41402abc4b2a76b9719d911017c592",
        claims_hash="sha256:7d793037a0760186574b0282f2f435e7",
        amended_claims_hash=None,
        trials=trials,
        blocks=dict.fromkeys(shape.backends, shape.blocks),
        measured_seconds=692.4,
        machine={
            "CPU": "Synthetic CPU @ 2.40 GHz",
            "Cores": "2",
            "Memory": "8.0 GiB",
            "Kernel": "Linux 6.1",
            "Python": "3.11.9",
            "Governor": "unknown",
        },
        dependency_sets={"current": "sha256:9b74c9897bac770ffc029102a200c5de"},
        packages={"current": {"fastapi": "0.119.0", "pytest": "8.4.2", "sqlalchemy": "2.0.44", "httpx2": "2.0.1"}},
        commands={
            "this run": "nox -s bench -- --profile standard --seed 20251018",
            "this page": "python -m bench report 2025-11-22T21-50-00-standard",
        },
    )
