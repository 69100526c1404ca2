"""Claims that one contender's suite takes less time than another's."""

from bench import text
from bench.claims.evidence import Evidence, Weighed, not_measured
from bench.claims.file import Claim
from bench.experiments.speed import comparison_words
from bench.findings import ComparisonFinding, Verdict
from bench.statistics import Comparison, ComparisonVerdict, Looks, judge_at_looks

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
    return _compared(claim, evidence.comparison(claim.subject, claim.rival, backend, claim.metric), evidence)


def factor(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "subject is faster as it is than with the rival's one change", as a factor study measures it."""
    compared = evidence.factor(claim.subject, claim.rival, backend, claim.metric)
    if compared is None:
        return not_measured("only a factor study measures it: nox -s bench -- factors")
    return _compared(claim, compared, evidence)


def _compared(claim: Claim, compared: ComparisonFinding | None, evidence: Evidence) -> Weighed:
    if compared is not None and compared.invalid_because:
        return Weighed(
            verdict=Verdict.INVALID,
            numbers="no number, because the work was not equal",
            reason="; ".join(compared.invalid_because),
            would_flip="equal work: the same tests, outcomes and requests in both contenders",
        )
    if compared is None or not compared.block_log_ratios:
        return not_measured(f"{claim.subject} and {claim.rival} were not compared in {claim.metric} time")
    return _weigh(claim, compared, evidence)


def _weigh(claim: Claim, compared: ComparisonFinding, evidence: Evidence) -> Weighed:
    judged = judge_at_looks(
        compared.block_log_ratios,
        looks=evidence.looks,
        margin=claim.margin or compared.margin,
        alpha=claim.alpha,
        minimum_blocks=claim.minimum_blocks or 0,
    )
    verdict, flip = _VERDICTS[judged.verdict]
    wanted = (claim.minimum_blocks or 0) - judged.estimate.blocks
    if wanted > 0 and verdict is not Verdict.INCONCLUSIVE:
        verdict, flip = Verdict.INCONCLUSIVE, f"{wanted} more blocks: the claim asks for {claim.minimum_blocks}"
    needed = f"; about {judged.blocks_needed} more blocks would tell" if judged.blocks_needed else ""
    return Weighed(
        verdict=verdict,
        numbers=text.takes(compared.rival_contender, claim.subject, judged.estimate, noun=_noun(claim)),
        reason=_reason(claim, judged, compared, evidence),
        would_flip=flip.format(margin=f"{judged.margin * 100:g} %") + needed,
        margin=judged.margin,
        p_value=min(1.0, judged.estimate.p_value * len(evidence.looks.blocks)),
        more_blocks=_until_next_look(judged.estimate.blocks, evidence.looks),
    )


def _until_next_look(blocks: int, looks: Looks) -> int:
    """Count the blocks to the next planned look, or to twice as many where none is left."""
    return (looks.following(blocks) or 2 * blocks) - blocks


def _reason(claim: Claim, judged: Comparison, compared: ComparisonFinding, evidence: Evidence) -> str:
    if judged.verdict is ComparisonVerdict.INCONCLUSIVE:
        return f"the comparison is {comparison_words(judged)}{_other_metric(compared, evidence)}"
    what = "the comparison has" if judged.verdict is ComparisonVerdict.TOO_FEW_BLOCKS else f"{claim.rival} is"
    return f"{what} {comparison_words(judged)}"


def _noun(claim: Claim) -> str:
    return {"wall": "time", "cpu": "CPU time", "setup": "set-up time"}.get(claim.metric, "time")


def _other_metric(compared: ComparisonFinding, evidence: Evidence) -> str:
    """Say what CPU time tells where wall time cannot: it is far less noisy."""
    if compared.metric != "wall":
        return ""
    cpu = next((c for c in evidence.comparisons if (c.rival, c.metric) == (compared.rival, "cpu")), None)
    if cpu is None or cpu.estimate is None:
        return ""
    size = f"{text.estimate_ratio(cpu.estimate)}, {text.estimate_interval(cpu.estimate)}"
    return f" in wall time; in CPU time it is {cpu.words} ({size})"
