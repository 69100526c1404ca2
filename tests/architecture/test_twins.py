"""Twins: the two trees hold the same test ids, or there is nothing to compare."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.configuration import config
from bench.model import Contender
from bench.paired.equal_work import are_twins, twin_id

ROOT = Path(__file__).parents[2]
ROWS = config.read(ROOT / "pyproject.toml").contenders
BASELINE, *RIVALS = [row for row in ROWS if are_twins(row, ROWS[0])]


def collected(row: Contender) -> set[str]:
    """Collect the twins, timed or not, as the harness would run them, in this environment."""
    url = "sqlite:///never-opened.db"
    plugins = [part for plugin in row.plugins or () for part in ("-p", plugin)]
    twins = (*row.pytest_args, *(folder for folder in row.beside if folder.endswith("/flows")))
    settings = {name: text.replace("{database_url}", url) for name, text in row.environment.items()}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", *twins, "--collect-only", "-q"],
        cwd=ROOT / row.directory,
        env={**os.environ, **settings, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Flows are no layer, and so the harness leaves the suite's folder in their names.
    return {twin_id(line[max(line.find("flows/"), 0) :]) for line in done.stdout.splitlines() if "::" in line}


@pytest.fixture(scope="module")
def ids_by_contender() -> dict[str, set[str]]:
    """Give the test ids of every twin, collected two at a time."""
    rows = (BASELINE, *RIVALS)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip([row.id for row in rows], pool.map(collected, rows), strict=True))


@pytest.mark.slow
def test_the_baseline_holds_at_least_120_twins(ids_by_contender):
    assert len(ids_by_contender[BASELINE.id]) >= 120


@pytest.mark.slow
@pytest.mark.parametrize("rival", [row.id for row in RIVALS])
def test_a_rival_holds_the_test_ids_of_the_baseline(rival, ids_by_contender):
    assert ids_by_contender[rival] ^ ids_by_contender[BASELINE.id] == set()
