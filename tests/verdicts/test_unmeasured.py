"""What no measurement settles, and what has no experiment yet, says so and gives its fact."""

from bench.claims.weighed import Verdict


def test_an_opinion_gives_the_fact_it_rests_on(weigh, claim):
    found = weigh(claim("opinion", backends=(), fact="both are documented"))
    assert (found.verdict, found.numbers) == (Verdict.NOT_MEASURED, "both are documented")
    assert found.reason == "no measurement can settle this"


def test_an_unmeasured_claim_names_the_experiment_it_waits_for(weigh, claim):
    found = weigh(claim("unmeasured", backends=(), fact="seeded faults"))
    assert found.verdict is Verdict.NOT_MEASURED
    assert found.reason == "the experiment that would tell does not exist yet: seeded faults"


def test_a_claim_without_backends_is_weighed_once_and_named_by_its_id(weigh, claim):
    assert weigh(claim("opinion", backends=(), fact="")).id == "claim"
