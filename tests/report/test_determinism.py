"""The same journal gives the same bytes: on another day, in another folder, for another user."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.report import render
from bench.storage import journal
from bench.storage.run_folder import RunFolder
from tests.made_up import results_of

ROOT = Path(__file__).parents[2]
PURE = ("analysis.py", "claims", "judgement", "experiments", "paired", "report", "drawing", "statistics", "findings.py")
# What runs in a subject, and what proves faults on a real server, draws nothing.
ELSEWHERE_RUN = ("subject/*.py", "faults/verification.py", "faults/witnessing.py", "faults/reading.py")
SOURCES = sorted(
    path
    for name in PURE
    for path in [ROOT / "bench" / name, *(ROOT / "bench" / name).rglob("*.py")]
    if not any(path.match(pattern) for pattern in ELSEWHERE_RUN)
)
OUTSIDE = {"time", "os", "platform", "socket", "getpass", "locale", "tempfile"}
ASKING = {"now", "today", "cwd", "home", "resolve", "absolute", "getenv"}
ELSEWHERE = {
    "PYTHONPATH": str(ROOT),
    "PYTHONHASHSEED": "3",
    "SOURCE_DATE_EPOCH": "4102444800",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "USER": "somebody",
}
DIGESTS = """
import sys
from pathlib import Path
from tests.report.test_determinism import digests
print(digests(Path(sys.argv[1])))
"""


def digests(folder: Path) -> dict[str, str]:
    trials, _ = journal.read(folder / "trials.jsonl")
    files = render(results_of(RunFolder(folder).read_manifest(), trials))
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


@pytest.fixture
def finished(make_plan, make_manifest, make_executor, measure, tmp_path):
    """Give the folder of a finished run."""
    plan = make_plan()
    measure(plan, make_executor(seconds={"async": 1.3}), run="here")
    RunFolder(tmp_path / "here").write_manifest(make_manifest(plan))
    return tmp_path / "here"


def test_a_journal_gives_the_same_bytes_on_another_day_and_in_another_folder(finished, tmp_path):
    elsewhere = tmp_path / "far" / "away"
    shutil.copytree(finished, elsewhere / "copied")
    there = subprocess.run(
        [sys.executable, "-c", DIGESTS, str(elsewhere / "copied")],
        cwd=elsewhere,
        env=os.environ | ELSEWHERE | {"HOME": str(elsewhere)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert there.stdout == f"{digests(finished)}\n"


def test_no_file_of_a_report_names_the_folder_it_lies_in(finished, tmp_path):
    trials, _ = journal.read(finished / "trials.jsonl")
    files = render(results_of(RunFolder(finished).read_manifest(), trials))
    assert [name for name, content in files.items() if str(tmp_path).encode() in content] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.is_file()], ids=lambda path: path.stem)
def test_what_draws_a_report_asks_neither_clock_nor_machine(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {name.partition(".")[0] for name in imported} & OUTSIDE
    assert not called & ASKING
