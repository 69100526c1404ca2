"""The CPU time that the probe adds to a suite: paired, interleaved, the same suite with and without it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import config, plan
from bench.preparation import prepared
from bench.statistics import block_log_ratios, draw_block, judge


def words(root: Path, *, blocks: int) -> str:
    """Measure on the sync suite and SQLite, and say the ratio with its interval."""
    found = config.read(root / "pyproject.toml")
    planned = plan.make(found, profile="smoke", seed=1, backends=["sqlite"], contenders=["sync"])
    with prepared(planned, found, database_url=None, notify=print) as ready:
        python = ready.subjects["sync"].python
    arguments = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *planned.contenders[0].pytest_args]
    runs: dict[str, list[list[int]]] = {"without": [], "with": []}
    for index in range(blocks + 1):
        measured: dict[str, list[int]] = {"without": [], "with": []}
        for arm in draw_block(("without", "with"), seed=1, group="probe", index=index).order:
            measured[arm].append(_cpu_ns(arguments, root, probed=arm == "with"))
        if index:  # the first block warms the caches
            for arm, times in measured.items():
                runs[arm].append(times)
    comparison = judge(block_log_ratios(runs["without"], runs["with"]), margin=0.01)
    estimate = comparison.estimate
    low, high = ((estimate.low or 0) - 1) * 100, ((estimate.high or 0) - 1) * 100
    return (
        f"probe: {(estimate.ratio - 1) * 100:+.2f} % CPU time (95 % interval {low:+.2f} to {high:+.2f} %), "
        f"{comparison.verdict.value} at a margin of 1 %, {blocks} blocks; the aim is at most 1 %"
    )


def _cpu_ns(arguments: list[str], root: Path, *, probed: bool) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "DATABASE_URL": f"sqlite:///{scratch}/trial.db",
        }
        command = arguments
        if probed:
            environment |= {"PYTHONPATH": str(root / "bench" / "probe"), "TWINBENCH_OUT": f"{scratch}/probe.jsonl"}
            command = [*arguments, "-p", "twinbench_probe"]
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"the suite failed with exit code {process.returncode}; run: nox -s suites")
        return round((usage.ru_utime + usage.ru_stime) * 1e9)
