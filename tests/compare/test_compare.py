"""Two commands are typed, and a report says which takes longer and what may explain it."""

import json
import subprocess
import sys
import tomllib

import pytest

pytestmark = pytest.mark.slow
PYTHON = ("--python", sys.executable)
SIDES = ("pytest -q -p no:cacheprovider tests/plain", "pytest -q -p no:cacheprovider tests/debugged")


def analysis(found):
    return json.loads((found.folder / "analysis.json").read_text(encoding="utf-8"))


def test_a_gap_is_measured_explained_and_the_explanation_tested(suites, compare):
    found = compare(*PYTHON, "--without", "loop-debug", "--budget", "30s", *SIDES)
    data = analysis(found)
    by_id = {each["id"]: each for each in data["findings"]["by_experiment"]["speed"]["comparisons"]}
    gap = by_id["debugged@none/own:wall"]
    assert gap["comparison"]["estimate"]["ratio"] > 1, "asyncio's debug mode takes time"
    mended = next(each for name, each in by_id.items() if "over plain-without-loop-debug" in name and "wall" in name)
    assert mended["comparison"]["estimate"]["ratio"] < gap["comparison"]["estimate"]["ratio"]
    assert found.document["decision"] in ("compared", "undetermined")
    assert "debugged takes" in found.document["sentence"]
    assert any(reason.startswith("without loop-debug, debugged takes") for reason in found.document["reasons"])
    page = (found.folder / "report.html").read_text(encoding="utf-8")
    assert "What differs beside the tests" in page
    assert "no claim decides" not in page


def test_an_explanation_that_was_not_tested_is_a_proposal_with_the_way_to_test_it(suites, compare):
    found = compare(*PYTHON, "--budget", "20s", *SIDES)
    assert any("debug mode: 3 of 3, there 0 of 3" in reason for reason in found.document["reasons"])
    assert any("--without loop-debug" in turn for turn in found.document["would_flip"])


def test_a_comparison_is_continued_after_it_was_cut_off(suites, compare):
    compare(*PYTHON, "--budget", "4s", *SIDES)
    run = (suites / "reports" / "latest").resolve().name
    before = (suites / "reports" / run / "trials.jsonl").read_text(encoding="utf-8")
    resumed = subprocess.run(
        [sys.executable, "-m", "bench", "compare", "--resume", run],
        cwd=suites,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(__import__("bench").__path__[0] + "/..")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert resumed.returncode in (0, 5), resumed.stderr
    assert (suites / "reports" / run / "trials.jsonl").read_text(encoding="utf-8").startswith(before)


def test_what_was_typed_is_saved_as_a_configuration_that_runs(suites, compare):
    compare(*PYTHON, "--save", "twinbench.toml", "--dry-run", *SIDES)
    saved = tomllib.loads((suites / "twinbench.toml").read_text(encoding="utf-8"))
    assert list(saved["contenders"]) == ["plain", "debugged"]
    done = subprocess.run(
        [sys.executable, "-m", "bench", "run", "--config", "twinbench.toml", "--profile", "quick", "--dry-run"],
        cwd=suites,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(__import__("bench").__path__[0] + "/..")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "plain, debugged" in done.stderr


def test_tests_that_always_fail_are_timed_with_the_rest(suites, compare):
    for name in ("plain", "debugged"):
        path = suites / "tests" / name / f"test_{name}.py"
        path.write_text(path.read_text(encoding="utf-8") + "\ndef test_old():\n    assert False\n", encoding="utf-8")
    found = compare(*PYTHON, "--budget", "20s", *SIDES)
    (compared,) = [
        each
        for each in analysis(found)["findings"]["by_experiment"]["speed"]["comparisons"]
        if each["id"] == "debugged@none/own:wall"
    ]
    assert not compared["invalid_because"]
    assert compared["comparison"]["estimate"]["ratio"] > 1
    page = (found.folder / "report.html").read_text(encoding="utf-8")
    assert "1 test fails in every trial of plain" in page


def test_what_comes_before_a_trial_is_run_and_its_failure_said(suites, compare):
    found = compare(*PYTHON, "--budget", "2s", "--before", 'python -c \'open("made", "w")\'', "--isolate", *SIDES)
    assert not (suites / "made").exists(), "each trial ran in a copy"
    assert found.document["status"] == "complete"
    failed = compare(
        *PYTHON, "--budget", "2s", "--before", "python -c 'raise SystemExit(\"no server\")'", *SIDES, code=2
    )
    assert "no server" in failed.document["cause"]


def test_a_suite_whose_tests_all_fail_is_not_timed(suites, compare):
    path = suites / "tests" / "debugged" / "test_debugged.py"
    path.write_text("def test_all():\n    assert False\n", encoding="utf-8")
    found = compare(*PYTHON, "--budget", "4s", *SIDES)
    assert "are not compared" in found.document["sentence"]
