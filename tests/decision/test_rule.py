"""The rule of the decision, branch by branch."""

import pytest

from bench.judgement.decision import decide
from bench.judgement.finding import Decision

OPEN = ["inconclusive", "invalid", "not measured"]


def test_supported_deciding_claims_stand(deciding):
    assert decide([deciding()]).decision is Decision.STANDS


def test_a_deciding_claim_within_its_margin_stands(deciding):
    assert decide([deciding(), deciding("equivalent")]).decision is Decision.STANDS


def test_one_refuted_deciding_claim_challenges(deciding):
    found = decide([deciding(), deciding("refuted", id="speed@sqlite")])
    assert found.decision is Decision.CHALLENGED
    assert found.sentence == ("The decision is challenged: 1 of 2 deciding claims of the record is refuted.")
    assert found.reasons == ("speed (SQLite) refuted: it is refuted",)
    assert found.would_flip == ("speed (SQLite): other numbers",)


@pytest.mark.parametrize("verdict", OPEN)
def test_an_open_deciding_claim_leaves_the_decision_undetermined(deciding, verdict):
    found = decide([deciding(), deciding(verdict, id="flaky@sqlite")])
    assert found.decision is Decision.UNDETERMINED
    assert found.sentence == "The decision is undetermined: 1 of 2 deciding claims is open."
    assert found.reasons == (f"flaky (SQLite) {verdict}: it is {verdict}",)


@pytest.mark.parametrize("verdict", OPEN)
def test_a_refuted_claim_outweighs_an_open_one(deciding, verdict):
    assert decide([deciding(verdict), deciding("refuted")]).decision is Decision.CHALLENGED


@pytest.mark.parametrize("verdict", ["refuted", *OPEN])
def test_an_informing_claim_without_rival_moves_nothing(deciding, informing, verdict):
    beside = informing(verdict, kind="absent", rival=None)
    assert decide([deciding(), beside]).decision is Decision.STANDS


def test_without_a_deciding_claim_nothing_is_determined(informing):
    found = decide([informing("refuted")])
    assert found.decision is Decision.UNDETERMINED
    assert found.sentence.endswith("no claim decides; the comparisons stand by themselves.")


def test_a_run_that_measures_no_deciding_claim_says_so_once(deciding):
    found = decide([deciding("not measured"), deciding("not measured", id="flaky@sqlite")])
    assert found.decision is Decision.UNDETERMINED
    assert found.sentence == "The decision is undetermined: this run measures none of 2 deciding claims."
    assert (found.reasons, found.would_flip) == ((), ())


def test_without_any_claim_nothing_is_determined():
    assert decide([]).decision is Decision.UNDETERMINED


def test_a_decision_that_stands_says_what_would_flip_it(deciding):
    found = decide([deciding(), deciding(id="limit@postgresql", backend="postgresql")])
    assert found.would_flip == ("limit (SQLite and PostgreSQL): other numbers",)


def test_where_the_databases_differ_the_sentence_says_each(deciding):
    found = decide([deciding(), deciding("refuted", backend="postgresql", id="limit@postgresql")])
    assert found.sentence.startswith("The decision stands on SQLite and is challenged on PostgreSQL: ")
    assert found.by_backend == {"sqlite": Decision.STANDS, "postgresql": Decision.CHALLENGED}
    assert found.decision is Decision.CHALLENGED


def test_where_they_agree_no_database_is_named(deciding):
    found = decide([deciding(), deciding(backend="postgresql", id="limit@postgresql")])
    assert found.sentence.startswith("The decision stands: ")


def test_a_claim_on_source_text_counts_on_every_database(deciding):
    found = decide([deciding(), deciding("refuted", backend="none", id="text")])
    assert found.by_backend == {"sqlite": Decision.CHALLENGED}


def test_an_undetermined_decision_says_what_its_claims_depend_on(deciding):
    claims = [
        deciding("depends", depends_on="how the suites are wired"),
        deciding("depends", depends_on="which behaviour matters"),
        deciding("inconclusive"),
    ]
    assert decide(claims).sentence == (
        "The decision is undetermined: 1 of 3 deciding claims depends on how the suites are wired, "
        "1 depends on which behaviour matters, 1 is open."
    )
