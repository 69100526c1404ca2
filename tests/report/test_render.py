"""Laws of rendering: the same findings give the same bytes, and no finding is ever missed."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bench.judgement.finding import Decision, DecisionFinding
from bench.report import render
from bench.report.document import SCHEMA, analysis_json, plain
from bench.results import Results
from tests.made_up import altered
from tests.report.reader import PageReader
from tests.report.synthetic import Shape, synthetic_analysis

ROOT = Path(__file__).parents[2]
DIGESTS = """
import hashlib
from bench.report import render
from tests.report.synthetic import Shape, synthetic_analysis
from tests.made_up import altered
files = render(synthetic_analysis(Shape(blocks=6, tests=9)))
print({name: hashlib.sha256(content).hexdigest() for name, content in files.items()})
"""


def test_render_names_every_file(files: Mapping[str, bytes]) -> None:
    names = ("forest", "twins", "spread", "order", "phases", "micro", "flakes", "modes")
    charts = {f"charts/{name}.{ending}" for name in names for ending in ("svg", "png")}
    assert set(files) == {"report.html", "summary.md", "analysis.json", *charts}


def test_render_gives_the_same_bytes_again(analysis: Results, files: Mapping[str, bytes]) -> None:
    assert render(analysis) == files


def test_render_gives_the_same_bytes_on_another_day_and_machine(small: Results, tmp_path: Path) -> None:
    here = {name: hashlib.sha256(content).hexdigest() for name, content in render(small).items()}
    there = subprocess.run(
        [sys.executable, "-c", DIGESTS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert there.stdout == f"{here}\n"


def test_render_leaves_no_date_or_program_in_charts(files: Mapping[str, bytes]) -> None:
    assert b"dc:date" not in files["charts/forest.svg"]
    assert b"Creator" not in files["charts/forest.svg"]
    assert b"tEXt" not in files["charts/forest.png"]


def test_json_starts_with_its_schema_and_sorts_the_rest(files: Mapping[str, bytes]) -> None:
    keys = list(json.loads(files["analysis.json"]))
    assert keys == ["schema", *sorted(keys[1:])]
    assert json.loads(files["analysis.json"])["schema"] == SCHEMA


def test_json_holds_every_finding(files: Mapping[str, bytes], analysis: Results) -> None:
    read = json.loads(files["analysis.json"])
    assert {key: found for key, found in read.items() if key != "schema"} == plain(analysis)
    assert len(read["findings"]["trials"]) == len(analysis.trials)
    assert len(read["findings"]["by_experiment"]["speed"]["twins"]) == len(analysis.twins)


def test_json_refuses_numbers_that_are_not_finite(small: Results) -> None:
    broken = altered(small, run=replace(small.run, measured_seconds=float("inf")))
    with pytest.raises(ValueError, match="JSON compliant"):
        analysis_json(broken)


@pytest.mark.parametrize("missing", ["cells", "comparisons", "trials", "failures"])
def test_render_says_what_is_missing(small: Results, missing: str) -> None:
    pages = [PageReader(render(found)["report.html"]) for found in (small, altered(small, **{missing: ()}))]
    whole, lacking = [[section.attributes["id"] for section in page.all("section")] for page in pages]
    assert lacking == whole


def test_render_of_nothing_is_a_page() -> None:
    nothing = synthetic_analysis(Shape(blocks=0, tests=0, backends=()))
    empty = {"goals": (), "claims": (), "micro_costs": (), "suites": {}, "left_out": (), "warnings": ()}
    found = render(altered(nothing, decision=undetermined(), **empty))
    assert set(found) == {"report.html", "summary.md", "analysis.json"}
    assert "No trial was run" in found["report.html"].decode()


def test_render_of_foreign_suites_leaves_out_what_needs_twins(small: Results) -> None:
    foreign = altered(
        small,
        cells=tuple(replace(cell, style="other", backend="none", facts={}) for cell in small.cells),
        comparisons=tuple(replace(c, rival_style="other", backend="none") for c in small.comparisons),
        trials=tuple(replace(trial, style="other", backend="none") for trial in small.trials),
        twins=(),
        layers=(),
        micro_costs=(),
        claims=(),
        suites={},
    )
    found = render(foreign)
    assert "charts/twins.svg" not in found
    assert "No twins" in found["report.html"].decode()
    assert "no database" in found["report.html"].decode()


def test_render_of_an_invalid_run_says_so_first(small: Results) -> None:
    page = PageReader(render(altered(small, invalid_because=("the A/A check failed",)))["report.html"])
    assert "This run is invalid" in page.by_id("answer").text
    assert "the A/A check failed" in page.by_id("answer").text


def test_render_of_invalid_comparisons_prints_the_reason(small: Results) -> None:
    invalid = tuple(
        replace(c, comparison=None, words="invalid: 2 tests differ", block_log_ratios=()) for c in small.comparisons
    )
    files = render(altered(small, comparisons=invalid))
    assert b"could not be compared" in files["charts/forest.svg"]
    assert b"invalid: 2 tests differ" in files["charts/forest.svg"]


def test_render_of_few_blocks_gives_ratios_without_intervals() -> None:
    found = render(synthetic_analysis(Shape(blocks=3, tests=9)))
    assert b"no interval" in found["report.html"]


def test_render_of_runs_in_which_all_trials_failed(small: Results) -> None:
    failed = tuple(replace(t, outcome="hung", message="no answer", timed=False) for t in small.trials)
    found = render(altered(small, trials=failed))
    assert "charts/spread.svg" not in found
    assert "No contender was timed as it is" in found["report.html"].decode()


def undetermined() -> DecisionFinding:
    return DecisionFinding(
        decision=Decision.UNDETERMINED,
        sentence="The decision is undetermined: nothing was measured.",
        reasons=(),
        would_flip=(),
        alternatives=(),
    )
