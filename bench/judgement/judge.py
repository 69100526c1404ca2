"""Weigh the claims, decide, and say what the reader has to know beside it."""

from collections.abc import Sequence
from dataclasses import replace

from bench.claims import weighing
from bench.claims.claim import Claim
from bench.findings import Findings
from bench.judgement import decision, fitness, goals, plain, unclaimed
from bench.judgement.finding import Judgement
from bench.judgement.fitness import Fitness


def judge(findings: Findings, claims: Sequence[Claim], *, fit: Fitness) -> Judgement:
    """Judge the findings by the claims; `fit` says what of the timings counts."""
    weighed = weighing.weigh(claims, findings, unfit=fit.by_backend, broken=fitness.broken_suites(findings))
    return Judgement(
        decision=replace(decision.decide(weighed), plain=plain.sentence(weighed, findings.frame))
        if claims
        else unclaimed.decide(findings),
        goals=goals.lines(weighed, findings),
        claims=weighed,
        invalid_because=fit.reasons,
        unfit_backends=fit.by_backend,
        left_out=fitness.left_out(findings, claims),
        warnings=(*findings.notices, *fitness.warnings(findings)),
    )
