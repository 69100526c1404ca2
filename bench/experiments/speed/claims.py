"""Claims that one contender's suite takes less time than another's, and that both do the same work."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.machines.finding import MachinesFinding
from bench.experiments.speed.finding import SpeedFinding
from bench.findings import Findings
from bench.paired.comparing import comparison_words
from bench.paired.finding import ComparisonFinding
from bench.statistics import Comparison, ComparisonVerdict, Looks, at_margin

# Only a difference beyond the margin moves a claim: one whose size is unresolved might still prove equivalent.
_VERDICTS: Final = {
    ComparisonVerdict.MATERIALLY_SLOWER: (Verdict.SUPPORTED, "a rival less than {margin} slower"),
    ComparisonVerdict.SLOWER: (Verdict.INCONCLUSIVE, "a narrower interval: it leans towards the claim"),
    ComparisonVerdict.EQUIVALENT: (Verdict.EQUIVALENT, "a difference beyond {margin}"),
    ComparisonVerdict.FASTER: (Verdict.INCONCLUSIVE, "a narrower interval: it leans against the claim"),
    ComparisonVerdict.MATERIALLY_FASTER: (Verdict.REFUTED, "a rival less than {margin} faster"),
    ComparisonVerdict.INCONCLUSIVE: (Verdict.INCONCLUSIVE, "a narrower interval"),
    ComparisonVerdict.TOO_FEW_BLOCKS: (Verdict.INCONCLUSIVE, "enough blocks for an interval"),
}
_SETTLED: Final = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.EQUIVALENT)
_NOUNS: Final = {"wall": "time", "cpu": "CPU time", "setup": "set-up time", "tests": "time in tests"}


def faster(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject is faster than rival" by the paired comparison, under the claim's own margin."""
    found = findings.of(SpeedFinding)
    compared = found.comparison(claim.subject, claim.rival, backend, claim.metric) if found else None
    if found is None or compared is None:
        return not_measured(f"{claim.subject} and {claim.rival} were not compared in {claim.metric} time")
    weighed = weigh_comparison(claim, compared, looks=found.looks, beside=_cpu_time(compared, found))
    return _on_machines(weighed, claim.subject, claim.rival, backend, findings)


def _on_machines(weighed: Weighed, subject: str, rival: str | None, backend: str, findings: Findings) -> Weighed:
    """Let a settled verdict depend on the machine where the machines of a sharded run disagree."""
    machines = findings.of(MachinesFinding)
    effect = machines.depends(subject, rival, backend) if machines else None
    if effect is None or weighed.verdict not in _SETTLED:
        return weighed
    return replace(
        weighed,
        verdict=Verdict.DEPENDS,
        reason=f"it depends on the machine: {effect.sentence}",
        would_flip="a reason to go by one of the machines alone",
        depends_on="the machine",
    )


def faster_in_each_pair(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject is faster than rival" in every pair that the claim names, under the claim's own margin."""
    found = findings.of(SpeedFinding)
    weighed = []
    for subject, rival in ((claim.subject, claim.rival or ""), *claim.pairs):
        compared = found.comparison(subject, rival, backend, claim.metric) if found else None
        if found is None or compared is None:
            return not_measured(f"{subject} and {rival} were not compared in {claim.metric} time")
        named = replace(claim, subject=subject, rival=rival)
        each = weigh_comparison(named, compared, looks=found.looks, beside=_cpu_time(compared, found))
        each = _on_machines(each, subject, rival, backend, findings)
        weighed.append((f"{rival} against {subject}", each))
    return in_every(weighed, noun="pair")


def in_every(weighed: Sequence[tuple[str, Weighed]], *, noun: str) -> Weighed:
    """Join what single comparisons say, by name: one verdict where all agree, "depends" where settled ones do not.

    Supported (or refuted, or equivalent) only where every comparison is: an intersection-union test, which keeps the
    error rate of one test without a correction (R. L. Berger 1982, "Multiparameter hypothesis testing and acceptance
    sampling", Technometrics 24(4), 295-300).
    """
    verdicts = {each.verdict for _, each in weighed}
    numbers = "; ".join(each.numbers for _, each in weighed if each.numbers)
    if len(verdicts) == 1:
        first = weighed[0][1]
        p_values = [each.p_value for _, each in weighed if each.p_value is not None]
        more = [each.more_blocks for _, each in weighed if each.more_blocks is not None]
        return replace(
            first,
            numbers=numbers,
            reason=f"it is the same in each of {text.count(len(weighed), noun)}: {first.reason}",
            p_value=max(p_values) if p_values else None,
            more_blocks=max(more) if more else None,
        )
    settled = [verdict for verdict in _SETTLED if verdict in verdicts]
    words = "; ".join(
        f"{verdict.value} by {text.listing([name for name, each in weighed if each.verdict is verdict])}"
        for verdict in settled
    )
    open_ones = [
        f"{name} ({each.verdict.value}: {each.reason})" for name, each in weighed if each.verdict not in settled
    ]
    if len(settled) > 1:
        return Weighed(
            verdict=Verdict.DEPENDS,
            numbers=numbers,
            reason=f"it depends on the {noun}: {words}",
            would_flip=f"a reason to go by one {noun} alone",
            depends_on="how the suites are wired",
        )
    invalid = [each for _, each in weighed if each.verdict is Verdict.INVALID]
    return Weighed(
        verdict=Verdict.INVALID if invalid else Verdict.INCONCLUSIVE,
        numbers=numbers,
        reason=f"not every {noun} is settled: {'; '.join([*filter(None, [words]), *open_ones])}",
        would_flip=next(each.would_flip for _, each in weighed if each.verdict not in settled),
        more_blocks=max((each.more_blocks or 0 for _, each in weighed), default=0) or None,
    )


def weigh_comparison(claim: Claim, compared: ComparisonFinding, *, looks: Looks, beside: str = "") -> Weighed:
    """Turn a comparison into what it says of "subject is faster"; `beside` is added where it is inconclusive."""
    if compared.invalid_because:
        return Weighed(
            verdict=Verdict.INVALID,
            numbers="no number, because the work was not equal",
            reason="; ".join(compared.invalid_because),
            would_flip="equal work: the same tests, outcomes and requests in both contenders",
        )
    if compared.comparison is None:
        return not_measured(f"{claim.subject} and {claim.rival} were not compared in {claim.metric} time")
    judged = at_margin(compared.comparison, margin=claim.margin or compared.margin)
    verdict, flip = _VERDICTS[judged.verdict]
    wanted = (claim.minimum_blocks or 0) - judged.estimate.blocks
    if wanted > 0 and verdict is not Verdict.INCONCLUSIVE:
        verdict, flip = Verdict.INCONCLUSIVE, f"{wanted} more blocks: the claim asks for {claim.minimum_blocks}"
    needed = f"; about {judged.blocks_needed} more blocks would tell" if judged.blocks_needed else ""
    return Weighed(
        verdict=verdict,
        numbers=text.takes(compared.rival_contender, claim.subject, judged.estimate, noun=_NOUNS[claim.metric]),
        reason=_reason(claim, judged, beside),
        would_flip=flip.format(margin=f"{judged.margin * 100:g} %") + needed,
        margin=judged.margin,
        p_value=min(1.0, judged.estimate.p_value * len(looks.blocks)),
        more_blocks=_until_next_look(judged.estimate.blocks, looks),
    )


def _until_next_look(blocks: int, looks: Looks) -> int:
    """Count the blocks to the next planned look, or to twice as many where none is left."""
    return (looks.following(blocks) or 2 * blocks) - blocks


def _reason(claim: Claim, judged: Comparison, beside: str) -> str:
    if judged.verdict is ComparisonVerdict.INCONCLUSIVE:
        return f"the comparison is {comparison_words(judged)}{beside}"
    what = "the comparison has" if judged.verdict is ComparisonVerdict.TOO_FEW_BLOCKS else f"{claim.rival} is"
    return f"{what} {comparison_words(judged)}"


def _cpu_time(compared: ComparisonFinding, found: SpeedFinding) -> str:
    """Say what CPU time shows where wall time cannot: it is far less noisy."""
    if compared.metric != "wall":
        return ""
    wanted = (compared.baseline, compared.rival, "cpu")
    cpu = next((c for c in found.comparisons if (c.baseline, c.rival, c.metric) == wanted), None)
    if cpu is None or cpu.estimate is None:
        return ""
    size = f"{text.estimate_ratio(cpu.estimate)}, {text.estimate_interval(cpu.estimate)}"
    return f" in wall time; in CPU time it is {cpu.words} ({size})"


def equal_work(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "they test the same functionality" by the tests, outcomes and requests of both."""
    found = findings.of(SpeedFinding)
    compared = found.comparison(claim.subject, claim.rival, backend, "wall") if found else None
    cells = [found.cell(name, backend) if found else None for name in (claim.subject, claim.rival or "")]
    if compared is None or not all(cell and cell.trials + cell.failed_trials for cell in cells):
        return not_measured(f"{claim.subject} and {claim.rival} were not both run")
    if compared.invalid_because:
        return _unequal(compared.invalid_because, [(c.failed_trials, c.trials + c.failed_trials) for c in cells if c])
    timed = [cell for cell in cells if cell is not None and cell.trials and cell.facts.get("requests")]
    if len(timed) < len(cells):
        return not_measured(f"the requests of {claim.subject} and {claim.rival} were not counted, or no block was run")
    requests = sum(timed[0].facts["requests"].values())
    return Weighed(
        verdict=Verdict.SUPPORTED,
        numbers=f"{timed[0].tests} tests and {requests} requests, the same in both, "
        "with the same outcomes and statuses",
        reason="every executed test, its outcome, and each route's requests by status were compared",
        would_flip="one test or request that differs",
    )


def _unequal(reasons: tuple[str, ...], failed: list[tuple[int, int]]) -> Weighed:
    """Separate a difference from a suite that failed now and then, and from one that never passed.

    `failed` holds failed and all trials of subject and rival.
    """
    (subject, subject_trials), (rival, rival_trials) = failed
    if subject == subject_trials:
        verdict, reason = Verdict.INVALID, "the subject itself does not pass here"
    elif subject or 0 < rival < rival_trials:
        verdict, reason = Verdict.INCONCLUSIVE, "a suite that fails now and then shows nothing of functionality"
    else:
        verdict, reason = Verdict.REFUTED, "tests, outcomes or requests differ"
    return Weighed(
        verdict=verdict, numbers="; ".join(reasons), reason=reason, would_flip="equal tests, outcomes and requests"
    )
