"""A rejected alternative overtakes when it is at least as good on every measured goal and better on one."""

import pytest

from bench.judgement.decision import decide
from bench.judgement.finding import Decision


@pytest.fixture
def compared(deciding, informing):
    """Decide on a supported deciding claim, and on async's standing by verdicts on "sync is better" per goal."""

    def compared(*more, **verdicts):
        kinds = {"speed": "faster", "simplicity": "fewer", "reliability": "fails-less"}
        claims = [informing(verdict, goal=goal, kind=kinds[goal]) for goal, verdict in verdicts.items()]
        return decide([deciding(), *claims, *more])

    return compared


def goals(found):
    return dict(found.alternatives[0].goals)


@pytest.mark.parametrize(
    ("verdict", "standing"),
    [
        ("supported", "worse"),
        ("equivalent", "as good"),
        ("refuted", "better"),
        ("inconclusive", "unknown"),
        ("invalid", "unknown"),
        ("not measured", "not measured"),
    ],
)
def test_a_claim_on_the_selected_one_tells_of_its_rival(compared, verdict, standing):
    assert goals(compared(speed=verdict)) == {
        "speed": standing,
        "reliability": "not measured",
        "simplicity": "not measured",
    }


@pytest.mark.parametrize(
    ("verdicts", "standing"),
    [
        (("refuted", "supported"), "worse"),
        (("inconclusive", "supported"), "worse"),
        (("refuted", "inconclusive"), "unknown"),
        (("refuted", "invalid"), "unknown"),
        (("equivalent", "refuted"), "better"),
        (("equivalent", "equivalent"), "as good"),
        (("refuted", "not measured"), "better"),
        (("not measured", "not measured"), "not measured"),
    ],
)
def test_several_claims_on_a_goal_are_taken_together(compared, informing, verdicts, standing):
    assert goals(compared(informing(verdicts[0]), informing(verdicts[1])))["speed"] == standing


@pytest.mark.parametrize(
    ("verdicts", "decision"),
    [
        ({"speed": "refuted"}, Decision.CHALLENGED),
        ({"speed": "equivalent", "simplicity": "refuted"}, Decision.CHALLENGED),
        ({"speed": "refuted", "simplicity": "equivalent", "reliability": "equivalent"}, Decision.CHALLENGED),
        ({"speed": "refuted", "reliability": "not measured"}, Decision.CHALLENGED),
        ({"speed": "refuted", "simplicity": "supported"}, Decision.STANDS),
        ({"speed": "equivalent", "simplicity": "equivalent", "reliability": "equivalent"}, Decision.STANDS),
        ({"speed": "equivalent", "reliability": "inconclusive"}, Decision.STANDS),
        ({"speed": "not measured"}, Decision.STANDS),
        ({"speed": "refuted", "reliability": "inconclusive"}, Decision.UNDETERMINED),
        ({"speed": "invalid", "simplicity": "refuted"}, Decision.UNDETERMINED),
        ({"speed": "refuted", "simplicity": "supported", "reliability": "inconclusive"}, Decision.STANDS),
    ],
)
def test_an_alternative_overtakes_only_if_it_is_nowhere_worse_and_nowhere_open(compared, verdicts, decision):
    found = compared(**verdicts)
    assert found.decision is decision
    assert found.alternatives[0].overtakes is (decision is Decision.CHALLENGED)


def test_who_overtakes_is_named_with_the_claims_that_say_so(compared):
    found = compared(simplicity="refuted", speed="equivalent", reliability="not measured")
    assert found.sentence == (
        "The decision is challenged: at least as good on every measured goal and better on one: async."
    )
    assert found.reasons == ("claim (SQLite) refuted: it is refuted", "claim (SQLite) equivalent: it is equivalent")


def test_who_may_overtake_is_named_with_what_is_open(compared):
    found = compared(simplicity="refuted", reliability="inconclusive")
    assert found.sentence == (
        "The decision is undetermined: better on one goal, worse on none, but unknown on another: async."
    )
    assert "claim (SQLite) inconclusive: it is inconclusive" in found.reasons


def test_each_alternative_is_compared_by_itself(compared, informing):
    found = compared(informing("refuted", rival="other"), informing("supported", rival="other", goal="simplicity"))
    assert [(each.contender, each.overtakes) for each in found.alternatives] == [("other", False)]


def test_both_backends_count(compared, informing):
    both = informing("refuted"), informing("supported", backend="postgresql", id="claim@postgresql")
    assert goals(compared(*both))["speed"] == "worse"


def test_a_claim_between_two_alternatives_does_not_count(compared, informing):
    assert compared(informing("refuted", subject="async", rival="other")).alternatives == ()


def test_the_selected_one_is_no_alternative_to_itself(compared, informing):
    assert compared(informing("supported", subject="async", rival="sync")).alternatives == ()


def test_goals_of_a_users_own_claims_count_as_well(compared, informing):
    found = compared(informing("refuted"), informing("supported", goal="memory"))
    assert (goals(found)["memory"], found.decision) == ("worse", Decision.STANDS)


def test_claims_that_compare_nothing_tell_of_no_alternative(compared, informing):
    assert (
        compared(informing("refuted", kind="spared-errors"), informing("refuted", kind="equal-work")).alternatives == ()
    )
