"""Claims on the spread of times: the two runs of a block, compared by exact sign flips."""

import pytest

from bench.claims.weighed import Verdict
from bench.experiments.speed.spread import spreads_less
from tests.made_up import findings_of_run

BLOCKS = 8


@pytest.fixture
def weighed(make_plan, make_contender, make_trial, make_manifest, measure, claim):
    """Weigh the claim over runs whose second trial of a block is so much slower than the first, by contender."""

    def weighed(apart, *, blocks=BLOCKS):
        plan = make_plan(make_contender("sync"), make_contender("async"), looks=(BLOCKS,))
        seen = {}

        def execute(spec):
            key = (spec.cell.id, spec.block)
            seen[key] = seen.get(key, 0) + 1
            factor = 1 + apart[spec.cell.contender] * (1 + spec.block / 10) * (seen[key] - 1)
            return make_trial(spec, wall_ns=round(10**9 * factor))

        trials = [trial for trial in measure(plan, execute, run=str(apart)) if trial.block <= blocks]
        findings = findings_of_run(make_manifest(plan), trials).findings
        return spreads_less(claim("spreads-less"), "sqlite", findings)

    return weighed


def test_a_steadier_subject_supports_and_a_steadier_rival_refutes(weighed):
    assert weighed({"sync": 0.01, "async": 0.1}).verdict is Verdict.SUPPORTED
    found = weighed({"sync": 0.1, "async": 0.01})
    assert found.verdict is Verdict.REFUTED
    assert found.p_value == pytest.approx(2 / 2**BLOCKS)


def test_equal_spreads_and_few_blocks_settle_nothing(weighed):
    assert weighed({"sync": 0.05, "async": 0.05}).verdict is Verdict.INCONCLUSIVE


def test_too_few_blocks_say_how_many_would_tell(weighed):
    found = weighed({"sync": 0.01, "async": 0.1}, blocks=4)
    assert (found.verdict, found.would_flip) == (Verdict.INCONCLUSIVE, "6 blocks or more")


def test_suites_that_were_not_timed_together_are_not_measured(claim, make_manifest, make_plan, make_contender):
    findings = findings_of_run(make_manifest(make_plan(make_contender("sync"))), []).findings
    assert spreads_less(claim("spreads-less"), "sqlite", findings).verdict is Verdict.NOT_MEASURED
