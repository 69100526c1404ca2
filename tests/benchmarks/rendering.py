"""Time and memory for analysing and drawing a large journal, in a process of its own."""

import multiprocessing
import os
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bench.campaign import planning
from bench.configuration import config
from bench.model import ExecutedTest, MachineReading, Outcome, Phases, Trial, TrialSpec
from bench.report import render
from bench.storage import journal
from bench.storage.noise_floor import NoiseFloorHistory
from bench.storage.run_folder import Manifest
from tests.made_up import cells_of, results_of


def words(*, trials: int, tests: int) -> str:
    """Write a synthetic journal, render it, and say seconds, peak memory and sizes."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "trials.jsonl"
        manifest = write_journal(path, trials=trials, tests=tests)
        receiver, sender = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("spawn").Process(target=_render, args=(path, manifest, sender))
        process.start()
        seconds, peak_bytes, sizes = receiver.recv()
        process.join()
        size = path.stat().st_size
    page = sizes["report.html"]
    return (
        f"rendering: {seconds:.1f} s and {peak_bytes / 2**20:.0f} MiB for {trials} trials x {tests} tests "
        f"({size / 1e6:.0f} MB of journal, {page / 1e3:.0f} kB of page); the aim is at most 20 s and 1 GiB"
    )


def write_journal(path: Path, *, trials: int, tests: int) -> Manifest:
    """Write a journal as a campaign of that size would, with durations drawn from a fixed seed."""
    planned = planning.make(config.read(Path("pyproject.toml")), profile="full", seed=1, looks=[8, 10_000])
    rng = np.random.default_rng(1)
    with open(path, "wb") as file:
        written = 0
        for index in range(10_000):
            for backend in planned.frame.backends:
                cells = cells_of(planned, backend)
                order = cells if index == 0 else (*cells, *reversed(cells))
                for position, cell in enumerate(order):
                    spec = TrialSpec(
                        experiment="speed",
                        cell=cell,
                        block=index,
                        position=position,
                        warmup=index == 0,
                        counting=index == 0,
                        hash_seed=1,
                        padding_bytes=0,
                    )
                    file.write(journal.encode(_trial(spec, rng, tests)))
                    written += 1
            if written >= trials:
                break
    return Manifest(
        run_id="synthetic",
        started="2026-01-01T00:00:00+00:00",
        status="complete",
        plan=planned,
        plan_hash=planned.hash,
        claims_file="claims.toml",
        claims_text=Path("bench/claims.toml").read_text(encoding="utf-8"),
        claims_hash="",
        dependency_sets={},
        noise_floor=NoiseFloorHistory(checks=0, alarms=0),
        machine={"cores": "2"},
        harness_version="",
        revision="",
    )


def _trial(spec: TrialSpec, rng: np.random.Generator, tests: int) -> Trial:
    phases = np.rint(rng.lognormal(15, 0.4, size=(tests, 3))).astype(int).tolist()
    layers = ("unit", "integration", "api")
    ran = tuple(
        ExecutedTest(f"{layers[number % 3]}/test_file_{number // 30}.py::test_number_{number}", "passed", *row)
        for number, row in enumerate(phases)
    )
    total = sum(test.total_ns for test in ran)
    reading = MachineReading(load_1min=1.0, steal_ticks=0)
    return Trial(
        spec=spec,
        outcome=Outcome.PASSED,
        exit_code=0,
        signal=None,
        started_unix_ns=1_767_225_600_000_000_000 + spec.block * 40_000_000_000 + spec.position * 4_000_000_000,
        wall_ns=total + int(rng.integers(10**9, 2 * 10**9)),
        cpu_user_ns=total,
        cpu_system_ns=10**8,
        peak_rss_bytes=10**8,
        overhead_ns=10**7,
        phases=Phases(
            startup_ns=10**9,
            collection_ns=10**8,
            setup_ns=sum(test.setup_ns for test in ran),
            call_ns=sum(test.call_ns for test in ran),
            teardown_ns=sum(test.teardown_ns for test in ran),
            exit_ns=10**8,
        ),
        tests=ran,
        before=reading,
        after=reading,
        message="",
        facts={"requests": {"GET / 200": 1}} if spec.counting else {},
        benchmarks=(),
    )


def _render(path: Path, manifest: Manifest, sender: Connection) -> None:
    began = time.perf_counter()
    trials, _ = journal.read(path)
    files = render(results_of(manifest, trials))
    seconds = time.perf_counter() - began
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    sender.send((seconds, peak_bytes, {name: len(content) for name, content in files.items()}))
