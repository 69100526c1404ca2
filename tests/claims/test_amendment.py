"""Claims that were edited after the data existed are weighed, and marked with both hashes wherever they show."""

import json

import pytest

from bench.claims import file as claims
from bench.errors import ExitCode
from bench.report import render
from bench.report.verdict_document import verdict_document
from tests.made_up import results_of


@pytest.fixture
def before(good) -> str:
    return good


@pytest.fixture
def after(good) -> str:
    return good.replace("margin = 0.05", "margin = 0.2")


@pytest.fixture
def analysed(make_plan, make_executor, make_manifest, measure, before):
    """Analyse a run of which the rival is 10 % slower, with claims that a user may have edited since."""
    plan = make_plan(looks=(8,))
    trials = measure(plan, make_executor({"async": 1.1}))
    manifest = make_manifest(plan, claims_text=before)
    return lambda text: results_of(manifest, trials, claims_text=text)


def test_the_claims_of_the_manifest_are_weighed_unless_others_are_given(analysed):
    analysis = analysed(None)
    assert analysis.run.amended_claims_hash is None
    assert not any("amended" in warning for warning in analysis.warnings)


def test_the_same_claims_are_no_amendment(analysed, before):
    assert analysed(before) == analysed(None)


def test_an_amendment_is_weighed(analysed, before, after):
    weighed = [analysed(text).claims[0] for text in (before, after)]
    assert [(claim.margin, claim.verdict.value) for claim in weighed] == [(0.05, "supported"), (0.2, "equivalent")]


def test_an_amendment_is_marked_with_both_hashes(analysed, before, after):
    run = analysed(after).run
    assert (run.claims_hash, run.amended_claims_hash) == (claims.hash_of(before), claims.hash_of(after))
    assert any("claims were amended after the data existed" in warning for warning in analysed(after).warnings)


def test_removed_claims_are_an_amendment(analysed):
    analysis = analysed("")
    assert analysis.run.amended_claims_hash == claims.hash_of("")
    assert analysis.claims == ()


def test_the_page_shows_both_hashes(analysed, before, after):
    page = render(analysed(after))["report.html"].decode()
    assert claims.hash_of(before)[:12] in page
    assert claims.hash_of(after)[:12] in page
    assert "amended" in page


def test_the_data_shows_both_hashes(analysed, before, after):
    run = json.loads(render(analysed(after))["analysis.json"])["findings"]["run"]
    assert (run["claims_hash"], run["amended_claims_hash"]) == (claims.hash_of(before), claims.hash_of(after))


def test_the_verdict_shows_both_hashes(analysed, before, after):
    document = verdict_document(analysed(after), code=ExitCode.JUDGED)
    hashes = document["claims_hash"], document["amended_claims_hash"]
    assert hashes == (claims.hash_of(before), claims.hash_of(after))


def test_the_page_of_unamended_claims_does_not_speak_of_amendment(analysed):
    assert "amended" not in render(analysed(None))["summary.md"].decode()
