"""Print how much of the application each suite alone exercises on each database: lines and branches.

Exits with 1 if one lies below the least coverage.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.configuration import config
from bench.model import BACKEND_TITLES, Outcome, TrialSpec, contender_cell
from bench.running.databases import Databases
from bench.running.environments import foreign
from bench.running.trial import Runner

LEAST_PERCENT = 95
ROOT = Path(__file__).parents[2]
SETTINGS = Path(__file__).parent / "coverage.ini"
SUITES = ("sync", "async-session")


def percent_of(runner: Runner, spec: TrialSpec, report: Path) -> float:
    """Run a suite under coverage.py and return the covered share of statements and branches in percent."""
    trial = runner(spec)
    if trial.outcome is not Outcome.PASSED:
        sys.exit(f"{spec.cell.id} {trial.outcome.value}: {trial.message}")
    percent: float = json.loads(report.read_text(encoding="utf-8"))["totals"]["percent_covered"]
    return percent


def main() -> None:
    """Run the suites on both databases, the scenarios of concurrency among them."""
    parser = argparse.ArgumentParser(prog="nox -s coverage --", description=__doc__)
    parser.add_argument("contender", nargs="*", default=SUITES, help=f"default: {' '.join(SUITES)}")
    names = parser.parse_args().contender
    found = config.read(ROOT / "pyproject.toml")
    contenders = {row.id: row for row in found.contenders if row.id in names}
    own = foreign(sys.executable, directory=ROOT)
    least = 100.0
    with tempfile.TemporaryDirectory() as folder, Databases(backends=("sqlite", "postgresql")) as databases:
        runner = Runner(
            root=ROOT,
            contenders=contenders,
            environments=dict.fromkeys(contenders, own),
            databases=databases,
            timeout_seconds=found.timeout_seconds,
        )
        for row in contenders.values():
            for backend in row.backends:
                report = Path(folder) / f"{row.id}-{backend}.json"
                spec = TrialSpec(
                    experiment="coverage",
                    cell=contender_cell(row, backend),
                    block=0,
                    position=0,
                    warmup=True,
                    hash_seed=1,
                    padding_bytes=0,
                    arguments=(
                        *row.beside,
                        *("-p", "pytest_cov.plugin", "--cov", f"--cov-config={SETTINGS}"),
                        f"--cov-report=json:{report}",
                    ),
                    environment={"COVERAGE_FILE": str(report.with_suffix(".data"))},
                )
                percent = percent_of(runner, spec, report)
                least = min(least, percent)
                print(f"{row.id:16} {BACKEND_TITLES[backend]:12} {percent:.1f} % of the application", flush=True)
    if least < LEAST_PERCENT:
        sys.exit(f"less than {LEAST_PERCENT} % is covered")


main()
