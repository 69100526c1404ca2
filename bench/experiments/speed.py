"""How long does each contender take, against the baseline, in the same blocks?

The plan: one warm block that counts the work, then mirrored random blocks, backend by backend, until
every comparison is resolved at a planned look or the budget is spent. The analysis: one comparison per
rival, backend and metric, with the A/A copy of the baseline as one more rival.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bench.campaign.plan import Plan
from bench.findings import ComparisonFinding, Metric
from bench.model import Cell, Outcome, Trial, TrialSpec
from bench.paired import equal_work
from bench.paired.blocks import change_log_ratios, log_ratios, whole_blocks
from bench.statistics import (
    Comparison,
    ComparisonVerdict,
    Looks,
    draw_block,
    fewest_blocks,
    is_settled,
    judge,
    judge_at_looks,
)

NAME = "speed"
Pair = tuple[Cell, Cell]
"""A baseline and its rival under the same dependency set."""

MEASURES: Mapping[Metric, Callable[[Trial], int]] = {
    "wall": lambda trial: trial.wall_ns,
    "cpu": lambda trial: trial.cpu_ns,
    "setup": lambda trial: max(trial.phases.setup_ns, 1),
}
PRIMARY: Metric = "wall"
ALPHA_OF_NOISE_FLOOR = 0.01


def next_block(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
    """Return the next block of the schedule; () when all is resolved or the budget is spent."""
    own = [trial for trial in trials if trial.experiment == NAME]
    measured = {trial.key for trial in own}
    reached = {trial.cell.backend: trial.block for trial in own}
    for backend, index in _schedule(plan):
        if index < reached.get(backend, 0):
            continue
        block = _block(plan, own, backend=backend, index=index)
        if not all(spec.key in measured for spec in block):
            return block if index == 0 or affordable(plan, trials, block) else ()
    return ()


def _schedule(plan: Plan) -> Iterator[tuple[str, int]]:
    """Yield backend and block: the warm blocks, then look by look, each backend up to the look in turn.

    Backends are never compared with each other, so nothing is lost by not mixing their blocks; and a budget
    that ends early leaves one backend judged instead of all of them just short of a look.
    """
    for first, last in pairwise((-1, 0, *plan.looks)):
        for backend in plan.backends:
            yield from ((backend, index) for index in range(first + 1, last + 1))


def compare(plan: Plan, trials: Sequence[Trial]) -> tuple[ComparisonFinding, ...]:
    """Compare every rival with the baseline of its backend, in wall and in CPU time."""
    own = [trial for trial in trials if trial.experiment == NAME]
    return tuple(
        finding(plan, own, baseline=baseline, rival=rival, metric=metric, unequal=unequal)
        for backend in plan.backends
        for baseline, *rivals in filter(None, [plan.cells(backend)])
        for rival in rivals
        for unequal in [unequal_because(plan, own, baseline=baseline, rival=rival)]
        for metric in MEASURES
    )


def looks(plan: Plan) -> Looks:
    """Give the planned looks, which share the plan's alpha."""
    return Looks(blocks=plan.looks, alpha=plan.alpha, comparisons=plan.comparisons)


def _block(plan: Plan, trials: Sequence[Trial], *, backend: str, index: int) -> tuple[TrialSpec, ...]:
    earlier = [trial for trial in trials if trial.block < index and trial.cell.backend == backend]
    cells = _unresolved(plan, earlier, backend=backend, index=index)
    draw = draw_block(cells, seed=plan.seed, group=backend, index=index)
    warmup = index == 0
    return tuple(
        TrialSpec(
            experiment=NAME,
            cell=cell,
            block=index,
            position=position,
            warmup=warmup,
            counting=warmup,
            hash_seed=draw.hash_seed,
            padding_bytes=draw.padding_bytes,
        )
        for position, cell in enumerate(draw.order[: len(cells)] if warmup else draw.order)
    )


def _unresolved(plan: Plan, earlier: Sequence[Trial], *, backend: str, index: int) -> tuple[Cell, ...]:
    """Give the cells that block `index` still needs: the baselines, the copy and the open rivals.

    The warm block counts work, and the copy does the baseline's work. A rival that is open under one dependency
    set runs under all of them: the change between two sets is judged inside the block.
    """
    if index == 0:
        return tuple(cell for cell in plan.cells(backend) if not cell.copy)
    families = [_alive(view.cells(backend), earlier) for view in plan.views]
    judged = max((blocks for blocks in plan.looks if blocks < index), default=0)
    seen = [trial for trial in earlier if trial.block <= judged]
    # The A/A copy runs as long as any other rival is open; alone, it is the rival.
    alone = all(rival.copy for view in plan.views for rival in view.cells(backend)[1:])
    pairs = [(family[0], rival) for family in families for rival in family[1:] if alone or not rival.copy]
    wanted = {rival.contender for baseline, rival in pairs if not _resolved(plan, seen, baseline, rival)}
    wanted |= {before[1].contender for before, after in _changes(pairs) if not _settled(plan, seen, before, after)}
    if not wanted:
        return ()
    needed = [cell for family in families for cell in family if cell == family[0] or cell.contender in wanted]
    copies = [cell for family in families for cell in family if cell.copy]
    return (*(cell for cell in needed if not cell.copy), *copies)


def _alive(family: Sequence[Cell], earlier: Sequence[Trial]) -> list[Cell]:
    """Give the cells of one dependency set that are worth another trial: none without the baseline."""
    alive = [cell for cell in family if not has_failed(earlier, cell)]
    return alive if alive[:1] == list(family[:1]) else []


def _changes(pairs: Sequence[Pair]) -> list[tuple[Pair, Pair]]:
    """Give for each rival its pairs under both dependency sets, the earlier set first."""
    return [
        (before, after)
        for place, before in enumerate(pairs)
        for after in pairs[place + 1 :]
        if before[1].contender == after[1].contender
    ]


def _settled(plan: Plan, seen: Sequence[Trial], before: Pair, after: Pair) -> bool:
    """Tell whether the change of a ratio between two dependency sets is settled."""
    changes = change_log_ratios(seen, before, after, measure=MEASURES[PRIMARY])
    if changes.size < 2:
        return False
    return is_settled(judge_at_looks(changes, looks=looks(plan), margin=plan.margin), comparisons=1)


def _resolved(plan: Plan, seen: Sequence[Trial], baseline: Cell, rival: Cell) -> bool:
    """Tell whether the primary metric is settled.

    A difference must also survive the correction for all deciding comparisons, or the campaign would stop
    just short of a verdict.
    """
    if not seen:
        return False
    ratios = log_ratios(seen, baseline, rival, measure=MEASURES[PRIMARY])
    if ratios.size < 2:
        return False
    comparison = judge_at_looks(ratios, looks=looks(plan), margin=plan.margin)
    return is_settled(comparison, comparisons=plan.comparisons)


def has_failed(trials: Sequence[Trial], cell: Cell) -> bool:
    """Tell whether a trial of the cell did not pass: it is not worth another one."""
    return any(trial.cell == cell and trial.outcome is not Outcome.PASSED for trial in trials)


def affordable(plan: Plan, trials: Sequence[Trial], block: Sequence[TrialSpec]) -> bool:
    """Tell whether the block fits what is left of the budget, by the slowest trial of each contender so far."""
    spent = sum(trial.wall_ns + trial.overhead_ns for trial in trials)
    slowest: dict[Cell, int] = {}
    for trial in trials:
        cell = replace(trial.cell, copy=0)
        slowest[cell] = max(slowest.get(cell, 0), trial.wall_ns + trial.overhead_ns)
    begun = {trial.key for trial in trials} & {spec.key for spec in block}
    expected = sum(slowest.get(replace(spec.cell, copy=0), 0) for spec in block if spec.key not in begun)
    # A first verdict on every backend comes before the hunt of flakes; more blocks for a better one come after it.
    reserved = plan.flakiness_seconds if block[0].block > plan.looks[0] else 0
    return bool(begun) or spent + expected <= (plan.budget_seconds - reserved) * 1e9


def unequal_because(plan: Plan, trials: Sequence[Trial], *, baseline: Cell, rival: Cell) -> tuple[str, ...]:
    """Say why the two cells cannot be compared; () before anything was measured."""
    if not trials:
        return ()
    twins = equal_work.are_twins(plan.contender(baseline.contender), plan.contender(rival.contender))
    return equal_work.differences(trials, baseline, rival, twins=twins)


def finding(
    plan: Plan, trials: Sequence[Trial], *, baseline: Cell, rival: Cell, metric: Metric, unequal: tuple[str, ...]
) -> ComparisonFinding:
    """Compare a rival with its baseline in one metric, unless their work was unequal."""
    contender = plan.contender(rival.contender)
    ratios = log_ratios(trials, baseline, rival, measure=MEASURES[metric])
    comparison = judge_at_looks(ratios, looks=looks(plan), margin=plan.margin) if ratios.size and not unequal else None
    return ComparisonFinding(
        id=f"{rival.id}:{metric}",
        backend=rival.backend,
        baseline=baseline.id,
        rival=rival.id,
        rival_contender=rival.contender,
        rival_title=f"{contender.title} (A/A copy)" if rival.copy else contender.title,
        rival_style=contender.style,
        metric=metric,
        is_noise_floor=bool(rival.copy),
        margin=plan.margin,
        alpha=looks(plan).alpha_per_look,
        looks=len(plan.looks),
        estimate=None if comparison is None else comparison.estimate,
        verdict=None if comparison is None else comparison.verdict,
        words=_words(comparison, unequal),
        invalid_because=unequal,
        blocks=len(whole_blocks(trials, baseline, rival)),
        blocks_needed=None if comparison is None else comparison.blocks_needed,
        detectable_ratio=None if comparison is None else comparison.detectable_ratio,
        block_log_ratios=tuple(ratios.tolist()),
        warnings=() if comparison is None else comparison.estimate.warnings,
    )


def _words(comparison: Comparison | None, unequal: Sequence[str]) -> str:
    if unequal:
        return f"invalid: {unequal[0]}"
    return "not measured" if comparison is None else comparison_words(comparison)


def comparison_words(comparison: Comparison) -> str:
    """Say a verdict as the reader meets it, with the margin or the blocks still needed."""
    match comparison.verdict:
        case ComparisonVerdict.EQUIVALENT:
            return f"equivalent within ±{comparison.margin * 100:g} %"
        case ComparisonVerdict.INCONCLUSIVE | ComparisonVerdict.TOO_FEW_BLOCKS:
            return f"{comparison.verdict.value}: about {comparison.blocks_needed} more blocks"
        case verdict:
            return verdict.value


def noise_floor_differs(comparison: ComparisonFinding) -> bool:
    """Tell whether the A/A pair, two cells of one contender, came out different at 1 %."""
    blocks = len(comparison.block_log_ratios)
    if not comparison.is_noise_floor or blocks < fewest_blocks(1 - ALPHA_OF_NOISE_FLOOR):
        return False
    tested = judge(comparison.block_log_ratios, margin=comparison.margin, alpha=ALPHA_OF_NOISE_FLOOR)
    low, high = tested.estimate.low, tested.estimate.high
    return low is not None and high is not None and not math.log(low) <= 0 <= math.log(high)
