"""The answer for a newcomer says which style is faster where, and no more than the claims do."""

from dataclasses import replace

import pytest

from bench.claims.weighed import Verdict
from bench.judgement.plain import sentence
from tests.conftest import a_contender, a_plan
from tests.decision.conftest import finding

FRAME = a_plan(a_contender("sync", style="sync"), a_contender("async", style="async")).frame
S, E, R, D, OPEN, N = (
    Verdict.SUPPORTED,
    Verdict.EQUIVALENT,
    Verdict.REFUTED,
    Verdict.DEPENDS,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_MEASURED,
)


def a_claim(**changes):
    return replace(finding(weight="decides"), **changes)


def claims(**verdicts):
    return [
        a_claim(id=f"claim{number}@{backend}", backend=backend, verdict=verdict, depends_on="the wiring")
        for backend, several in verdicts.items()
        for number, verdict in enumerate(several)
    ]


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((S, S), "On SQLite synchronous tests are faster."),
        ((E,), "On SQLite neither style is faster."),
        ((S, E), "On SQLite synchronous tests are as fast or faster."),
        ((R,), "On SQLite asynchronous tests are faster."),
        ((R, S), "On SQLite asynchronous tests can be faster."),
        ((D, S), "On SQLite it depends on the wiring which style is faster."),
        ((S, OPEN), "On SQLite it is open which style is faster."),
        ((N,), "On SQLite it is open which style is faster."),
    ],
)
def test_one_database(verdicts, said):
    assert sentence(claims(sqlite=verdicts), FRAME) == said


def test_databases_that_agree_are_said_together_and_others_apart():
    both = sentence(claims(sqlite=(S,), postgresql=(S,)), FRAME)
    assert both == "On SQLite and PostgreSQL synchronous tests are faster."
    apart = sentence(claims(sqlite=(S,), postgresql=(E,)), FRAME)
    assert apart == "On SQLite synchronous tests are faster; on PostgreSQL neither style is faster."


@pytest.mark.parametrize(
    "change", [{"weight": "informs"}, {"goal": "reliability"}, {"compares": False}, {"rival": None}]
)
def test_other_claims_say_nothing_of_it(change):
    assert not sentence([a_claim(**change)], FRAME)


def test_suites_of_one_style_say_nothing_of_styles():
    frame = a_plan(a_contender("sync", style="sync"), a_contender("async", style="sync")).frame
    assert not sentence(claims(sqlite=(S,)), frame)
