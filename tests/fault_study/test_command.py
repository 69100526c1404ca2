"""The whole study of an application that is not ours: real witnesses, a real suite, and the report."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# It knows what ten pieces cost less than, and not how much less.
SUITE = """import shop


def test_nine_pieces_cost_the_full_price():
    assert shop.price(9, 20) == 180


def test_ten_pieces_are_cheaper():
    assert shop.price(10, 20) < 200
"""
CONFIGURATION = """baseline = "own"

[contenders.own]
title = "the shop's own tests"
pytest_args = ["-p", "no:cacheprovider", "suites"]
environment = { PYTHONPATH = "{project}/shop:{project}/plugins" }
python = "{python}"
plugins = ["early"]

[faults]
folder = "shop"
arms = ["own"]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = tmp_path_factory.mktemp("shop")
    shutil.copytree(HERE / "shop", home / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    (home / "suites").mkdir()
    (home / "suites" / "test_prices.py").write_text(SUITE, "utf-8")
    (home / "plugins").mkdir()
    (home / "plugins" / "early.py").write_text("import shop  # before any test, as a suite's plugin may\n", "utf-8")
    (home / "bench.toml").write_text(CONFIGURATION.replace("{python}", sys.executable), "utf-8")
    command = [sys.executable, "-m", "bench", "faults", "--config", str(home / "bench.toml")]
    done = subprocess.run(
        [*command, "--reports", str(home / "reports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return home, done.stdout + done.stderr


def test_a_suite_sees_one_fault_misses_another_and_takes_a_correct_change_for_one(run):
    home, printed = run
    (analysis,) = home.glob("reports/*-faults/analysis.json")
    found = json.loads(analysis.read_text("utf-8"))["findings"]["by_experiment"]["faults"]
    assert {(kill["fault"], kill["test"]) for kill in found["kills"]} == {
        ("discount-comes-late", "suites/test_prices.py::test_ten_pieces_are_cheaper")
    }
    assert [proof["is_valid"] for proof in found["proofs"]] == [True, True, True]
    assert "Of 2 proved faults the suites see: own 1." in printed


def test_the_users_files_are_not_touched(run):
    home, _ = run
    assert (home / "shop" / "shop.py").read_text("utf-8") == (HERE / "shop" / "shop.py").read_text("utf-8")


def test_a_fault_is_explained_with_its_change_its_witness_and_who_saw_it(run):
    home, _ = run
    command = [sys.executable, "-m", "bench", "explain", "discount-comes-late", "--config", str(home / "bench.toml")]
    done = subprocess.run(
        [*command, "--reports", str(home / "reports")], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "-    return total - total // 10 if quantity >= 10 else total" in done.stdout
    assert "own: seen, first by its twins (predicted: twins)" in done.stdout
    assert "suites/test_prices.py::test_ten_pieces_are_cheaper" in done.stdout


def test_the_kill_matrix_is_exported_as_a_mutation_report(run):
    home, _ = run
    command = [sys.executable, "-m", "bench", "export", "--to", "stryker", "--config", str(home / "bench.toml")]
    subprocess.run(
        [*command, "--reports", str(home / "reports"), "--into", str(home / "stryker")],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=True,
    )
    report = json.loads((home / "stryker" / "own-none.json").read_text("utf-8"))
    statuses = {mutant["id"]: mutant["status"] for mutant in report["files"]["shop.py"]["mutants"]}
    assert statuses == {
        "control-product-turned-round": "Survived",
        "discount-comes-late": "Killed",
        "discount-is-doubled": "Survived",
    }


def test_the_page_has_the_section(run):
    home, _ = run
    (page,) = home.glob("reports/*-faults/report.html")
    assert "What the tests see" in page.read_text("utf-8")
