"""Claims that one contender's suite takes less time than another's."""

from bench.claims import Claim
from bench.experiments.speed import comparison_words
from bench.findings import ComparisonFinding, Verdict
from bench.statistics import ComparisonVerdict, Looks, judge_at_looks
from bench.verdicts.evidence import Evidence, Weighed, not_measured, ratio_words

_VERDICTS = {
    ComparisonVerdict.MATERIALLY_SLOWER: (Verdict.SUPPORTED, "a rival less than {margin} slower"),
    ComparisonVerdict.SLOWER: (Verdict.SUPPORTED, "an interval that reaches 1.0"),
    ComparisonVerdict.EQUIVALENT: (Verdict.EQUIVALENT, "a difference beyond {margin}"),
    ComparisonVerdict.FASTER: (Verdict.REFUTED, "an interval that reaches 1.0"),
    ComparisonVerdict.MATERIALLY_FASTER: (Verdict.REFUTED, "a rival less than {margin} faster"),
    ComparisonVerdict.INCONCLUSIVE: (Verdict.INCONCLUSIVE, "a narrower interval"),
    ComparisonVerdict.TOO_FEW_BLOCKS: (Verdict.INCONCLUSIVE, "enough blocks for an interval"),
}


def faster(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "subject is faster than rival" by the paired comparison, under the claim's own margin and alpha."""
    compared = evidence.comparison(claim.subject, claim.rival, backend, claim.metric)
    if compared is not None and compared.invalid_because:
        return Weighed(
            verdict=Verdict.INVALID,
            numbers="no number, because the work was not equal",
            reason="; ".join(compared.invalid_because),
            would_flip="equal work: the same tests, outcomes and requests in both contenders",
        )
    if compared is None or not compared.block_log_ratios:
        return not_measured(backend, f"{claim.subject} and {claim.rival} were not compared in {claim.metric} time")
    return _weigh(claim, compared, evidence)


def _weigh(claim: Claim, compared: ComparisonFinding, evidence: Evidence) -> Weighed:
    looks = Looks(blocks=evidence.looks.blocks, alpha=claim.alpha or evidence.looks.alpha)
    judged = judge_at_looks(compared.block_log_ratios, looks=looks, margin=claim.margin or compared.margin)
    verdict, flip = _VERDICTS[judged.verdict]
    wanted = (claim.minimum_blocks or 0) - judged.estimate.blocks
    if wanted > 0 and verdict is not Verdict.INCONCLUSIVE:
        verdict, flip = Verdict.INCONCLUSIVE, f"{wanted} more blocks: the claim asks for {claim.minimum_blocks}"
    needed = f"; about {judged.blocks_needed} more blocks would tell" if judged.blocks_needed else ""
    return Weighed(
        verdict=verdict,
        numbers=f"{claim.rival} takes {ratio_words(judged.estimate)} the {_noun(claim)} of {claim.subject}",
        reason=f"{claim.rival} is {comparison_words(judged)}" + _other_metric(compared, evidence),
        would_flip=flip.format(margin=f"{judged.margin * 100:g} %") + needed,
        margin=judged.margin,
        p_value=min(1.0, judged.estimate.p_value * len(looks.blocks)),
    )


def _noun(claim: Claim) -> str:
    return {"wall": "time", "cpu": "CPU time", "setup": "set-up time"}.get(claim.metric, "time")


def _other_metric(compared: ComparisonFinding, evidence: Evidence) -> str:
    """Say what CPU time tells where wall time cannot: it is far less noisy."""
    if compared.metric != "wall" or compared.verdict is not ComparisonVerdict.INCONCLUSIVE:
        return ""
    cpu = next((c for c in evidence.comparisons if (c.rival, c.metric) == (compared.rival, "cpu")), None)
    if cpu is None or cpu.estimate is None:
        return ""
    return f" in wall time; in CPU time it is {cpu.words} ({ratio_words(cpu.estimate)})"
