"""A plan is frozen, measured in shards by two processes, and merged: lost, doubled and foreign shards are handled."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
SIDES = ("--python", sys.executable, "pytest -q -p no:cacheprovider one", "pytest -q -p no:cacheprovider two")


def bench(folder, *words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "bench", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Freeze a plan and measure both its shards, as two machines would."""
    folder = tmp_path_factory.mktemp("shards")
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / f"test_{name}.py").write_text("def test_it():\n    assert True\n", encoding="utf-8")
    frozen = bench(
        folder, "compare", "--freeze", "plan.json", "--seed", "1", "--load-limit", "99", "--budget", "9s", *SIDES
    )
    assert "run --plan plan.json --shard 1/2" in frozen.stdout
    for shard in ("1/2", "2/2"):
        bench(folder, "run", "--plan", "plan.json", "--shard", shard)
    return folder


@pytest.fixture
def shards(measured, tmp_path):
    """Give each test its own copy of the shards' folders."""
    shutil.copytree(measured, tmp_path / "copy", symlinks=True)
    found = sorted((tmp_path / "copy" / "reports").glob("*-shard-*"))
    assert len(found) == 2
    return tmp_path / "copy", [str(path) for path in found]


def merged(folder):
    (path,) = (folder / "reports").glob("*-merged")
    return path, json.loads((path / "analysis.json").read_text(encoding="utf-8"))


def test_shards_become_one_run_with_one_report(shards):
    folder, paths = shards
    bench(folder, "merge", *paths)
    path, analysis = merged(folder)
    own = [len((Path(each) / "trials.jsonl").read_text(encoding="utf-8").splitlines()) for each in paths]
    assert analysis["findings"]["run"]["trials"] == sum(own)
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    assert [each["number"] for each in manifest["shards"]] == [1, 2]
    assert (path / "report.html").exists()


def test_merging_again_and_in_another_order_gives_the_same(shards):
    folder, paths = shards
    bench(folder, "merge", *paths)
    before = (merged(folder)[0] / "trials.jsonl").read_bytes()
    bench(folder, "merge", *reversed(paths), paths[0])
    assert (merged(folder)[0] / "trials.jsonl").read_bytes() == before


def test_a_lost_shard_is_said_and_the_others_count(shards):
    folder, paths = shards
    done = bench(folder, "merge", paths[0])
    assert "shard 2 of 2 is not there" in done.stderr
    assert merged(folder)[1]["findings"]["run"]["status"] == "interrupted"


def test_a_shard_that_is_run_again_stays_as_it_is(shards):
    folder, paths = shards
    before = (Path(paths[0]) / "trials.jsonl").read_bytes()
    bench(folder, "run", "--plan", "plan.json", "--shard", "1/2")
    assert (Path(paths[0]) / "trials.jsonl").read_bytes().startswith(before)


def test_a_shard_that_was_measured_twice_from_its_beginning_is_refused(shards):
    folder, paths = shards
    bench(folder, "run", "--plan", "plan.json", "--shard", "1/2", "--reports", "elsewhere")
    (other,) = (folder / "elsewhere").glob("*-shard-1-of-2")
    done = bench(folder, "merge", *paths, str(other), code=2)
    assert "shard 1 is there twice" in done.stderr


def test_a_shard_of_another_plan_is_refused(shards):
    folder, paths = shards
    bench(folder, "compare", "--freeze", "other.json", "--seed", "2", "--load-limit", "99", "--budget", "2s", *SIDES)
    bench(folder, "run", "--plan", "other.json", "--shard", "2/2", "--reports", "elsewhere")
    (other,) = (folder / "elsewhere").glob("*-shard-2-of-2")
    done = bench(folder, "merge", paths[0], str(other), code=2)
    assert "another plan" in done.stderr


def test_a_whole_run_is_no_shard_and_a_merged_one_is_not_continued(shards):
    folder, paths = shards
    bench(folder, "merge", *paths)
    path, _ = merged(folder)
    assert "is no shard" in bench(folder, "merge", str(path), code=2).stderr
    assert "merged from shards" in bench(folder, "compare", "--resume", path.name, code=2).stderr
    assert "is a shard" in bench(folder, "compare", "--resume", Path(paths[0]).name, code=2).stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("run", "--plan", "plan.json", "--shard", "3/2"), "is no shard"),
        (("run", "--plan", "plan.json"), "measured in shards"),
        (("run", "--shard", "1/2"), "part of a frozen plan"),
        (("run", "--plan", "plan.json", "--shard", "1/2", "--seed", "3"), "--seed cannot be changed"),
        (("run", "--plan", "one", "--shard", "1/2"), "holds no plan"),
        (("merge",), "no shard is named"),
        (("compare", "--freeze", "plan.json", *SIDES), "plan.json exists"),
    ],
)
def test_what_is_no_shard_is_refused_with_a_way_out(measured, words, complaint):
    done = bench(measured, *words, code=2)
    assert complaint in done.stderr
    assert "hint:" in done.stderr
