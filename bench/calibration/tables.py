"""The questions of the calibration, each answered by one table with a row per noise model."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from bench.calibration.campaign import Campaigns, simulate
from bench.calibration.judged import ALPHA, COVERAGE_BLOCKS, LOOKS, MARGIN, Judged, judge_all
from bench.calibration.noise import NOISES
from bench.calibration.rate import Rate, Table
from bench.calibration.rivals import RULES, Rule
from bench.statistics import ComparisonVerdict, detectable_ratio, judge

TRUE_DIFFERENCE = 1.10
POWER_BLOCKS = 16  # 64 trials, as many as the other tools get
QUIETER = 3.0
LOUDER = 2.5
RESUMED_CAMPAIGNS = 300
DIFFERENCES = {"no difference": 1.0, "2.5 %": 1.025}

COVERAGE = 0.94
FALSE_ALARMS = 0.05
POWER = 0.95


def calibrate(*, runs: int, seed: int) -> list[Table]:
    """Simulate `runs` campaigns under every noise and answer every question about them."""
    streams = (np.random.default_rng([seed, index]) for index in range(len(NOISES)))
    batches = [judge_all(simulate(noise, runs=runs, rng=rng)) for noise, rng in zip(NOISES, streams, strict=True)]
    return [question(batches) for question in QUESTIONS]


def coverage(batches: Sequence[Judged]) -> Table:
    """Ask how often the 95 % interval holds the truth."""

    def row(batch: Judged) -> Iterable[Rate]:
        for blocks in COVERAGE_BLOCKS:
            yield _rate((wide is not None and 0 in wide for wide, _ in batch.pairs[blocks, ALPHA]), at_least=COVERAGE)

    return _table(
        "Coverage of the 95 % interval",
        "Share of campaigns whose interval contains the true ratio. Promise: at least 94 %.",
        [f"{blocks} blocks" for blocks in COVERAGE_BLOCKS],
        batches,
        row,
    )


def false_differences(batches: Sequence[Judged]) -> Table:
    """Ask how often two equal cells are called different."""

    def row(batch: Judged) -> Iterable[Rate]:
        at_looks = batch.verdicts_at_looks()
        for look in range(len(LOOKS.blocks)):
            yield _rate(verdicts[look].is_different for verdicts in at_looks)
        for quieter in (1.0, 1 / LOUDER):
            at_looks = batch.verdicts_at_looks(quieter=quieter)
            yield _rate((any(v.is_different for v in verdicts) for verdicts in at_looks), at_most=FALSE_ALARMS)

    return _table(
        'False "different"',
        "Two equal cells, alpha / 3 at each look, block sd 6 %; with 15 % hardly a look finds them equivalent first.\n"
        "Promise: at most 5 % over all looks.",
        [*(f"look at {blocks}" for blocks in LOOKS.blocks), "any look", "any look, sd 15 %"],
        batches,
        row,
    )


def false_equivalences(batches: Sequence[Judged]) -> Table:
    """Ask how often a contender that is slower by exactly the margin is called equivalent."""

    def row(batch: Judged) -> Iterable[Rate]:
        for quieter in (1.0, QUIETER):
            for blocks in (8, 16, 32):
                verdicts = batch.verdicts(blocks, difference=1 + MARGIN, quieter=quieter)
                yield _rate((v is ComparisonVerdict.EQUIVALENT for v in verdicts), at_most=FALSE_ALARMS)
            at_looks = batch.verdicts_at_looks(difference=1 + MARGIN, quieter=quieter)
            yield _rate((ComparisonVerdict.EQUIVALENT in verdicts for verdicts in at_looks), at_most=FALSE_ALARMS)

    counts = ("8", "16", "32", "any look")
    return _table(
        'False "equivalent"',
        f"B slower by exactly the margin of {100 * MARGIN:.0f} %, block sd 6 % and 2 %. Promise: at most 5 %.",
        [f"{count}, sd {sd} %" for sd in (6, 2) for count in counts],
        batches,
        row,
    )


def power(batches: Sequence[Judged]) -> Table:
    """Ask how often a true difference of 10 % is found, and found to be a slowdown."""

    def row(batch: Judged) -> Iterable[Rate]:
        for blocks in COVERAGE_BLOCKS:
            promised = POWER if blocks == POWER_BLOCKS and batch.campaigns.noise.has_sd else None
            yield _rate(_slower(batch.verdicts(blocks, difference=TRUE_DIFFERENCE)), at_least=promised)
        at_looks = batch.verdicts_at_looks(difference=TRUE_DIFFERENCE)
        yield _rate(any(_slower(verdicts)) for verdicts in at_looks)

    return _table(
        "Power: a true difference of 10 %, block sd 6 %",
        "Share of campaigns that call B slower. Promise: at least 95 % with 16 blocks, where the noise has an sd.",
        [*(f"{blocks} blocks" for blocks in COVERAGE_BLOCKS), "any look"],
        batches,
        row,
    )


def promises(batches: Sequence[Judged]) -> Table:
    """Ask whether what a verdict says of its own power and of the blocks still needed comes true."""

    def row(batch: Judged) -> Iterable[Rate]:
        for blocks in (8, 16, 32):
            yield _rate(_sees_what_it_claims(batch, blocks))
        for difference in DIFFERENCES.values():
            yield _rate(_resolved_as_announced(batch.campaigns, difference))

    return _table(
        "What a verdict says of itself",
        'Left: "could have seen x %" means with 80 % power; share that sees x. Right: of campaigns inconclusive at\n'
        "8 blocks that ask for 32 or fewer in all, the share that is not after them, by the true difference.",
        [*(f"{blocks} blocks" for blocks in (8, 16, 32)), *(f"asked, {name}" for name in DIFFERENCES)],
        batches,
        row,
    )


def alarms_beside_other_tools(batches: Sequence[Judged]) -> Table:
    """Ask how often each tool calls two equal cells different, given the same noise."""
    return _beside_other_tools(
        "False alarms beside other tools: two equal cells",
        "The same 64 trials: mirrored blocks here, all of A and then all of B there, as those tools run.",
        batches,
        difference=1.0,
    )


def alarms_on_a_loud_machine(batches: Sequence[Judged]) -> Table:
    """Ask the same of a machine as loud as the two shared cores on which wall times were measured."""
    return _beside_other_tools(
        "False alarms beside other tools on a loud machine: block sd 15 %",
        "As above, about as loud as wall times were on two shared cores; fixed thresholds feel it, tests do not.",
        batches,
        difference=1.0,
        louder=LOUDER,
    )


def power_beside_other_tools(batches: Sequence[Judged]) -> Table:
    """Ask how often each tool calls a cell slower that is slower by 10 %."""
    return _beside_other_tools(
        "Power beside other tools: B truly slower by 10 %",
        "Share that calls B slower. A tool that cries wolf finds the wolf, too: read beside the tables above.",
        batches,
        difference=TRUE_DIFFERENCE,
    )


QUESTIONS: tuple[Callable[[Sequence[Judged]], Table], ...] = (
    coverage,
    false_differences,
    false_equivalences,
    power,
    promises,
    alarms_beside_other_tools,
    alarms_on_a_loud_machine,
    power_beside_other_tools,
)


def _beside_other_tools(
    title: str, note: str, batches: Sequence[Judged], *, difference: float, louder: float = 1.0
) -> Table:
    def row(batch: Judged) -> Iterable[Rate]:
        verdicts = batch.verdicts(POWER_BLOCKS, difference=difference, quieter=1 / louder)
        yield _rate(v.is_different if difference == 1 else _is_slower(v) for v in verdicts)
        for rule in RULES.values():
            yield _rate(_reports(rule, batch.campaigns, difference=difference, louder=louder))

    return _table(title, note, [f"Twinbench, {POWER_BLOCKS} blocks", *RULES], batches, row)


def _reports(rule: Rule, campaigns: Campaigns, *, difference: float, louder: float) -> list[bool]:
    times_a, times_b = np.exp(louder * campaigns.arm_a), difference * np.exp(louder * campaigns.arm_b)
    reported = rule(times_a, times_b)
    if difference > 1:
        reported &= times_b.mean(axis=1) > times_a.mean(axis=1)
    return [bool(flag) for flag in reported]


def _sees_what_it_claims(batch: Judged, blocks: int) -> Iterable[bool]:
    spreads = batch.campaigns.block_log_ratios[:, :blocks].std(axis=1, ddof=1)
    for sd, (wide, _) in zip(spreads, batch.pairs[blocks, ALPHA], strict=True):
        claimed = detectable_ratio(blocks, sd=float(sd), alpha=ALPHA)
        if wide is not None and claimed is not None:
            yield wide.low + math.log(claimed) > 0


def _resolved_as_announced(campaigns: Campaigns, difference: float) -> Iterable[bool]:
    shifted = campaigns.block_log_ratios + math.log(difference)
    first_looks = ((blocks, judge(blocks[:8], margin=MARGIN).blocks_needed) for blocks in shifted)
    asked = ((blocks, 8 + more) for blocks, more in first_looks if more is not None and 8 + more <= shifted.shape[1])
    for blocks, in_all in islice(asked, RESUMED_CAMPAIGNS):
        yield judge(blocks[:in_all], margin=MARGIN).verdict is not ComparisonVerdict.INCONCLUSIVE


def _slower(verdicts: Iterable[ComparisonVerdict]) -> Iterable[bool]:
    return (_is_slower(verdict) for verdict in verdicts)


def _is_slower(verdict: ComparisonVerdict) -> bool:
    return verdict in {ComparisonVerdict.SLOWER, ComparisonVerdict.MATERIALLY_SLOWER}


def _rate(outcomes: Iterable[bool], *, at_least: float | None = None, at_most: float | None = None) -> Rate:
    listed = list(outcomes)
    return Rate(hits=sum(listed), runs=len(listed), at_least=at_least, at_most=at_most)


def _table(
    title: str,
    note: str,
    columns: Sequence[str],
    batches: Sequence[Judged],
    row: Callable[[Judged], Iterable[Rate]],
) -> Table:
    rows = tuple((batch.campaigns.noise.name, tuple(row(batch))) for batch in batches)
    return Table(title=title, note=note, columns=tuple(columns), rows=rows)
