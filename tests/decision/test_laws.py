"""Laws of the decision, whatever the verdicts."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.judgement.decision import decide
from bench.judgement.finding import Decision

FEW = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
OPEN = (Verdict.INCONCLUSIVE, Verdict.INVALID, Verdict.NOT_MEASURED)
FINDINGS = st.builds(
    ClaimFinding,
    id=st.sampled_from(["a@sqlite", "b@sqlite", "c"]),
    statement=st.just(""),
    section=st.just(""),
    kind=st.sampled_from(["faster", "fewer", "fails-less", "absent", "suite-limit"]),
    metric=st.just(""),
    subject=st.sampled_from(["sync", "sync", "async"]),
    rival=st.sampled_from([None, "async", "mixed", "sync"]),
    backend=st.sampled_from(["sqlite", "postgresql", "none"]),
    margin=st.none(),
    weight=st.sampled_from(["decides", "informs"]),
    goal=st.sampled_from(["speed", "reliability", "simplicity", "requirements"]),
    verdict=st.sampled_from(list(Verdict)),
    numbers=st.just(""),
    reason=st.text(max_size=5),
    would_flip=st.text(max_size=5),
)
CLAIMS = st.lists(FINDINGS, max_size=8)
ONE_MORE = st.tuples(CLAIMS, FINDINGS)


def deciding(finding: ClaimFinding, verdict: Verdict) -> ClaimFinding:
    return replace(finding, weight="decides", verdict=verdict)


@FEW
@given(ONE_MORE)
def test_a_refuted_deciding_claim_always_challenges(given_claims):
    claims, more = given_claims
    assert decide([*claims, deciding(more, Verdict.REFUTED)]).decision is Decision.CHALLENGED


@FEW
@given(ONE_MORE, st.sampled_from(OPEN))
def test_an_open_deciding_claim_never_stands(given_claims, verdict):
    claims, more = given_claims
    assert decide([*claims, deciding(more, verdict)]).decision is not Decision.STANDS


@FEW
@given(CLAIMS.flatmap(lambda claims: st.tuples(st.just(claims), st.permutations(claims))))
def test_the_order_of_the_claims_does_not_matter(given_claims):
    first, second = (decide(claims) for claims in given_claims)
    assert first.decision is second.decision
    assert {each.contender: dict(each.goals) for each in first.alternatives} == {
        each.contender: dict(each.goals) for each in second.alternatives
    }


@FEW
@given(CLAIMS)
def test_it_stands_only_if_nothing_speaks_against_it(claims):
    found = decide(claims)
    verdicts = {claim.verdict for claim in claims if claim.weight == "decides"}
    good = bool(verdicts) and verdicts <= {Verdict.SUPPORTED, Verdict.EQUIVALENT}
    near = [a for a in found.alternatives if "better" in a.goals.values() and "worse" not in a.goals.values()]
    assert (found.decision is Decision.STANDS) == (good and not near)


@FEW
@given(CLAIMS)
def test_who_overtakes_is_worse_nowhere_open_nowhere_and_better_somewhere(claims):
    overtaking = [set(found.goals.values()) for found in decide(claims).alternatives if found.overtakes]
    assert all("better" in standings and not standings & {"worse", "unknown"} for standings in overtaking)


@FEW
@given(ONE_MORE)
def test_what_was_not_measured_and_informs_changes_nothing(given_claims):
    claims, more = given_claims
    silent = replace(more, weight="informs", verdict=Verdict.NOT_MEASURED)
    assert decide([*claims, silent]).decision is decide(claims).decision
