"""Laws of an explanation: every number below a claim, and nothing of another claim."""

from dataclasses import replace

import pytest

from bench.errors import ConfigurationError
from bench.report.document import plain
from bench.report.explanation import explain, lines
from bench.results import Results
from tests.made_up import altered
from tests.report.conftest import HOSTILE


def said(analysis: Results, name: str) -> str:
    return "\n".join(line for found in explain(analysis, name) for line in lines(found))


@pytest.mark.parametrize(
    "words",
    [
        "statement    Sync tests are faster than async tests",
        "section      Performance Considerations",
        "verdict      ✕ refuted (it decides)",
        "would flip   a ratio of 1.05x or more in 16 blocks",
        "async-session@sqlite/current over sync@sqlite/current, wall: materially faster",
        "noise floor  sync@sqlite/current#copy over sync@sqlite/current, wall",
        "95 % interval",
        "margin ±5 %",
        "sync@sqlite/current: ",
        "timed trials",
    ],
)
def test_an_explanation_tells_the_evidence(analysis: Results, words: str) -> None:
    assert words in said(analysis, "speed-session")


def test_an_explanation_tells_each_block(analysis: Results) -> None:
    line, _noise_floor = [line for line in said(analysis, "speed-session").splitlines() if "16 blocks: " in line]
    assert line.count("x") == 16


def test_an_explanation_tells_the_commands_of_its_contenders_only(analysis: Results) -> None:
    commands = dict.fromkeys(("every trial", "the suite of sync, by hand", "the suite of b, by hand"), "command")
    (found,) = explain(altered(analysis, run=replace(analysis.run, commands=commands)), "speed-session")
    assert list(found.commands) == ["every trial", "the suite of sync, by hand"]


def test_an_explanation_has_the_comparison_and_the_cells_of_every_pair(analysis: Results) -> None:
    (claim,) = [claim for claim in analysis.claims if claim.id == "speed-session@sqlite"]
    paired = altered(analysis, claims=(replace(claim, pairs=(("sync", "async-function"),)),))
    (found,) = explain(paired, "speed-session")
    assert [each.rival_contender for each in found.comparisons if not each.is_noise_floor] == [
        "async-session",
        "async-function",
    ]
    assert {cell.contender for cell in found.cells} == {"sync", "async-session", "async-function"}


def test_an_explanation_of_another_backend_has_no_cell_of_this_one(analysis: Results) -> None:
    (found,) = explain(analysis, "speed-session")
    assert {cell.backend for cell in found.cells} == {"sqlite"}
    assert {compared.backend for compared in found.comparisons} == {"sqlite"}


def test_a_name_with_a_backend_is_that_claim_and_one_without_is_all(analysis: Results) -> None:
    (claim,) = [claim for claim in analysis.claims if claim.id == "speed-session@sqlite"]
    both = altered(analysis, claims=(claim, replace(claim, id="speed-session@postgresql", backend="postgresql")))
    assert [found.claim.backend for found in explain(both, "speed-session")] == ["sqlite", "postgresql"]
    assert [found.claim.backend for found in explain(both, "speed-session@postgresql")] == ["postgresql"]


def test_a_limit_shows_the_slowest_tests(analysis: Results) -> None:
    assert "slowest      unit in sync@sqlite/current" in said(analysis, "unit-limit")


def test_a_count_shows_the_counts_and_no_cell(analysis: Results) -> None:
    counted = tuple(replace(claim, kind="fewer", metric="logical_lines", backend="none") for claim in analysis.claims)
    (found,) = explain(altered(analysis, claims=counted), "speed-session")
    assert found.cells == ()
    assert list(found.counts) == ["sync", "async-session"]
    assert "sync: 1500 logical lines" in "\n".join(lines(replace(found, counts={"sync": _with_lines(found, 1500)})))


def _with_lines(found, number):
    return replace(found.counts["sync"], logical_lines=number)


def test_an_unknown_claim_is_refused_with_those_that_are_written_alike(analysis: Results) -> None:
    with pytest.raises(ConfigurationError) as refused:
        explain(analysis, "speed-sessoin")
    assert "did you mean: speed-session" in refused.value.hint


def test_a_claim_like_no_other_is_refused_with_all_there_are(analysis: Results) -> None:
    with pytest.raises(ConfigurationError) as refused:
        explain(analysis, "zzz")
    assert refused.value.hint.startswith("it has: speed-session, speed-function")


def test_an_explanation_becomes_json(analysis: Results) -> None:
    (found,) = plain(explain(analysis, "speed-session"))
    assert found["claim"]["id"] == "speed-session@sqlite"
    assert len(found["comparisons"][0]["block_log_ratios"]) == 16


def test_hostile_names_stay_one_line(analysis: Results) -> None:
    hostile = tuple(replace(layer, slowest_test=HOSTILE) for layer in analysis.layers)
    assert "\u202e" not in said(altered(analysis, layers=hostile), "unit-limit")
