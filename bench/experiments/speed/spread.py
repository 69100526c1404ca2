"""The claim that one suite's times spread less than another's, from the two runs that each has in a block."""

import math
from collections.abc import Mapping

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.speed.study import NAME
from bench.findings import Findings
from bench.statistics import fewest_blocks, sign_flip_p

ALPHA = 0.05


def spreads_less(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject's wall times spread less than rival's".

    Within a block a cell runs twice; the squared difference of the two logarithms is its spread there, whatever the
    block as a whole was like. Were both suites alike, it would be chance which of them has the larger one in a block:
    the difference of the two is tested by exact sign flips over the blocks (E. S. Edgington, P. Onghena 2007,
    "Randomization Tests", 4th ed., chapter 4).
    """
    own, other = (_spreads(findings, contender, backend) for contender in (claim.subject, claim.rival or ""))
    blocks = sorted(own.keys() & other.keys())
    alpha = claim.alpha or ALPHA
    if not blocks:
        return not_measured(f"{claim.subject} and {claim.rival} were not timed in the same blocks")
    sizes = [math.sqrt(sum(spreads[block] for block in blocks) / len(blocks) / 2) for spreads in (own, other)]
    numbers = (
        f"two runs of a block differ by {text.percent(sizes[0])} in {claim.subject} and {text.percent(sizes[1])} in "
        f"{claim.rival} (standard deviation, {text.count(len(blocks), 'block')})"
    )
    if len(blocks) < fewest_blocks(1 - alpha):
        return Weighed(
            verdict=Verdict.INCONCLUSIVE,
            numbers=numbers,
            reason=f"{text.count(len(blocks), 'block')} cannot tell",
            would_flip=f"{fewest_blocks(1 - alpha)} blocks or more",
        )
    p_value = sign_flip_p([other[block] - own[block] for block in blocks])
    if p_value > alpha:
        verdict, flip = Verdict.INCONCLUSIVE, "more blocks: spreads are known badly from few"
    elif sizes[0] < sizes[1]:
        verdict, flip = Verdict.SUPPORTED, "blocks in which the subject spreads as much"
    else:
        verdict, flip = Verdict.REFUTED, "blocks in which the rival spreads as much"
    reason = f"exact sign-flip test over the blocks: p {text.probability(p_value)}"
    return Weighed(verdict=verdict, numbers=numbers, reason=reason, would_flip=flip, p_value=p_value)


def _spreads(findings: Findings, contender: str, backend: str) -> Mapping[int, float]:
    """Map each block in which the contender ran twice and passed to the squared difference of the two log times.

    A trial in which the clock measured nothing has no logarithm and is left out.
    """
    walls: dict[int, list[float]] = {}
    for trial in findings.trials:
        is_own = (trial.experiment, trial.contender, trial.backend) == (NAME, contender, backend)
        if is_own and trial.timed and trial.wall_ns > 0 and trial.outcome == "passed" and "#copy" not in trial.cell:
            walls.setdefault(trial.block, []).append(math.log(trial.wall_ns))
    return {block: (times[0] - times[1]) ** 2 for block, times in walls.items() if len(times) == 2}
