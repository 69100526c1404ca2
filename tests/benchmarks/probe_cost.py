"""The CPU time that the probe adds to a suite: paired, interleaved, the same suite with and without it.

The probe does the same for every test, whatever is in it, so its cost is measured twice: on the real suite, where
noise hides so little, and on a suite of as many empty tests, where it stands out; the second is then set in
relation to the first one's CPU time.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.campaign import planning
from bench.configuration import config
from bench.running.preparation import prepared
from bench.statistics import Comparison, block_log_ratios, draw_block, judge

ARMS = ("without", "with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the probe adds to a suite: the comparison of the arms, and the suite's CPU time without it in seconds."""

    comparison: Comparison
    seconds: float

    def words(self) -> str:
        """Say the change and its interval in percent."""
        estimate = self.comparison.estimate
        return (
            f"{_percent(estimate.ratio)} % of {self.seconds:.2f} s of CPU time "
            f"(95 % interval {_percent(estimate.low)} to {_percent(estimate.high)} %)"
        )

    def share_of(self, seconds: float) -> str:
        """Say the added CPU time and its interval as a share of a longer suite's `seconds`, in percent."""
        estimate, scale = self.comparison.estimate, self.seconds / seconds
        added = (estimate.ratio - 1) * self.seconds * 1e3
        bounds = [_percent(1 + ((bound or 1.0) - 1) * scale) for bound in (estimate.low, estimate.high)]
        return f"{added:.1f} ms, {_percent(1 + (estimate.ratio - 1) * scale)} % of it ({' to '.join(bounds)} %)"


def words(root: Path, *, blocks: int) -> str:
    """Measure the sync suite on SQLite and as many empty tests, and say what the probe adds to both."""
    found = config.read(root / "pyproject.toml")
    planned = planning.make(found, profile="smoke", seed=1, backends=["sqlite"], contenders=["sync"])
    with prepared(planned, found, database_url=None, notify=print) as ready:
        python = str(ready.subjects["sync"].python)
    arguments = planned.frame.contenders[0].pytest_args
    tests = _collected(python, root, arguments)
    real = _cost(lambda arm: _cpu_ns(python, arguments, root, probed=arm == "with"), blocks=blocks)
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder) / "test_empty.py"
        suite.write_text("\n".join(f"def test_{number}(): pass" for number in range(tests)), encoding="utf-8")
        empty = _cost(
            lambda arm: _cpu_ns(python, ["-q", "--rootdir", folder, str(suite)], root, probed=arm == "with"),
            blocks=4 * blocks,
        )
    return (
        f"probe, the sync suite of {tests} tests: {real.words()}, {blocks} blocks\n"
        f"probe, {tests} empty tests: {empty.words()}, {4 * blocks} blocks; "
        f"in the sync suite that is {empty.share_of(real.seconds)}; the aim is at most 1 %"
    )


def _cost(cpu_ns: Callable[[str], int], *, blocks: int) -> Cost:
    runs: dict[str, list[list[int]]] = {arm: [] for arm in ARMS}
    for index in range(blocks + 1):
        measured: dict[str, list[int]] = {arm: [] for arm in ARMS}
        for arm in draw_block(ARMS, seed=1, group="probe", index=index).order:
            measured[arm].append(cpu_ns(arm))
        if index:  # the first block warms the caches
            for arm, times in measured.items():
                runs[arm].append(times)
    without = [time for times in runs["without"] for time in times]
    return Cost(
        comparison=judge(block_log_ratios(runs["without"], runs["with"]), margin=0.01),
        seconds=statistics.median(without) / 1e9,
    )


def _percent(ratio: float | None) -> str:
    return "?" if ratio is None else f"{(ratio - 1) * 100:+.2f}"


def _collected(python: str, root: Path, arguments: Sequence[str]) -> int:
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments, "--collect-only", "-q"]
    done = subprocess.run(command, cwd=root, env=_environment("."), capture_output=True, text=True, check=True)
    return sum("::" in line for line in done.stdout.splitlines())


def _environment(scratch: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "DATABASE_URL": f"sqlite:///{scratch}/trial.db",
    }


def _cpu_ns(python: str, arguments: Sequence[str], root: Path, *, probed: bool) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        environment = _environment(scratch)
        command = [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        if probed:
            environment |= {"PYTHONPATH": str(root / "bench" / "probe"), "TWINBENCH_OUT": f"{scratch}/probe.jsonl"}
            command += ["-p", "twinbench_probe"]
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"the suite failed with exit code {process.returncode}; run: nox -s suites")
        return round((usage.ru_utime + usage.ru_stime) * 1e9)
