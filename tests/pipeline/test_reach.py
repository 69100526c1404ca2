"""When each suite has run once, a budget that reaches no verdict is said, with one that would."""

import pytest

from bench.campaign.reach import beyond_the_budget
from tests.conftest import SECOND, a_contender, a_plan, a_spec, a_trial

CONTENDERS = (a_contender("sync"), a_contender("async"))


def counted(*names, seconds=10):
    return [
        a_trial(a_spec(name, block=0, position=at, warmup=True, counting=True), wall_ns=seconds * SECOND)
        for at, name in enumerate(names)
    ]


def test_nothing_is_known_before_every_suite_has_run():
    assert beyond_the_budget(a_plan(*CONTENDERS, budget_seconds=1), counted("sync")) is None


def test_a_budget_that_will_do_is_no_news():
    assert beyond_the_budget(a_plan(*CONTENDERS, budget_seconds=400), counted("sync", "async")) == ""


# Six blocks of two suites and the copy, twice each, of 10 s, and what was spent: 380 s.
@pytest.mark.parametrize("budget", [60, 370])
def test_a_budget_that_is_too_short_is_said_with_one_that_would_do(budget):
    said = beyond_the_budget(a_plan(*CONTENDERS, budget_seconds=budget), counted("sync", "async"))
    assert "no verdict" not in said
    assert "on SQLite" in said
    assert "--budget 7m" in said


def test_only_the_databases_that_get_none_are_named():
    both = ("sqlite", "postgresql")
    contenders = [a_contender(name, backends=both) for name in ("sync", "async")]
    trials = counted("sync", "async")
    trials += [
        a_trial(
            a_spec(
                t.cell.contender,
                cell=t.cell.__class__(contender=t.cell.contender, dependency_set="own", backend="postgresql"),
                block=0,
                position=t.position,
                warmup=True,
                counting=True,
            ),
            wall_ns=10 * SECOND,
        )
        for t in trials
    ]
    said = beyond_the_budget(a_plan(*contenders, backends=both, budget_seconds=500), trials)
    assert "on PostgreSQL" in said
    assert "on SQLite" not in said
