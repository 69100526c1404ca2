"""One warm block that counts the work, then mirrored random blocks until all is resolved or the budget is spent."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bench.campaign.frame import Frame
from bench.experiments.speed.study import NAME, Study
from bench.model import Cell, Trial, TrialSpec
from bench.paired.blocks import change_log_ratios, log_ratios
from bench.paired.budget import is_affordable
from bench.paired.comparing import MEASURES, PRIMARY
from bench.paired.equal_work import are_twins, twin_id
from bench.paired.mirrored import Pair, mirrored_block
from bench.paired.steady import is_as_ever, steadily_failing
from bench.statistics import is_settled, judge_at_looks


class Session:
    """The timing of a campaign, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._frame = frame
        self._study = study
        self._looks = study.planned_looks
        self._all = list(trials)
        self._trials = [trial for trial in trials if trial.experiment == NAME]

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._all.append(trial)
        self._trials.append(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the next block of the schedule; () when all is resolved or the budget is spent."""
        measured = {trial.key for trial in self._trials}
        reached = {trial.cell.backend: trial.block for trial in self._trials}
        for backend, index in self._schedule():
            if index < reached.get(backend, 0):
                continue
            block = self._block(backend, index)
            if not all(spec.key in measured for spec in block):
                return block if index == 0 or self._is_affordable(block) else ()
        return ()

    def _schedule(self) -> Iterator[tuple[str, int]]:
        """Yield backend and block: the warm blocks, then look by look, each backend up to the look in turn.

        Backends are never compared with each other, so nothing is lost by not mixing their blocks; and a budget
        that ends early leaves one backend judged instead of all of them just short of a look.
        """
        for first, last in pairwise((-1, 0, *self._study.looks)):
            for backend in self._frame.backends:
                yield from ((backend, index) for index in range(first + 1, last + 1) if self._is_ours(index))

    def _is_ours(self, index: int) -> bool:
        """Tell whether a block is this machine's: whole blocks are dealt out, and each machine has a warm one."""
        shard = self._frame.shard
        return shard is None or index == 0 or shard.takes(index - 1)

    def _is_affordable(self, block: Sequence[TrialSpec]) -> bool:
        # A first verdict on every backend comes before other experiments; more blocks for a better one come after.
        reserved = self._frame.reserved_seconds if block[0].block > self._study.looks[0] else 0
        return is_affordable(block, self._all, seconds=self._frame.budget_seconds - reserved)

    def _block(self, backend: str, index: int) -> tuple[TrialSpec, ...]:
        earlier = [trial for trial in self._trials if trial.block < index and trial.cell.backend == backend]
        cells = self._unresolved(backend, index, earlier)
        shard = self._frame.shard.number if self._frame.shard else 0
        return mirrored_block(cells, experiment=NAME, seed=self._frame.seed, group=backend, index=index, shard=shard)

    def _unresolved(self, backend: str, index: int, earlier: Sequence[Trial]) -> tuple[Cell, ...]:
        """Return the cells that block `index` still needs: the baselines, the copy and the open candidates.

        The warm block counts work, and the copy does the baseline's work. A candidate that is open under one
        dependency set runs under all of them: the change between two sets is judged inside the block.
        """
        frame, study = self._frame, self._study
        if index == 0:
            return tuple(cell for cell in study.cells(frame, backend) if not cell.copy)
        families = [_alive(frame, study.cells(view, backend), earlier) for view in frame.views]
        judged = max((blocks for blocks in study.looks if blocks < index), default=0)
        seen = [trial for trial in earlier if trial.block <= judged]
        # The A/A copy runs as long as any other candidate is open; alone, it is the candidate.
        alone = all(other.copy for view in frame.views for other in study.cells(view, backend)[1:])
        pairs = [(family[0], other) for family in families for other in family[1:] if alone or not other.copy]
        wanted = {pair[1].contender for pair in pairs if not self._is_resolved(seen, pair)}
        wanted |= {old[1].contender for old, new in _changes(pairs) if not self._has_settled(seen, old, new)}
        if not wanted:
            return ()
        needed = [cell for family in families for cell in family if cell == family[0] or cell.contender in wanted]
        copies = [cell for family in families for cell in family if cell.copy]
        return (*(cell for cell in needed if not cell.copy), *copies)

    def _has_settled(self, seen: Sequence[Trial], before: Pair, after: Pair) -> bool:
        """Tell whether the change of a ratio between two dependency sets is settled."""
        changes = change_log_ratios(seen, before, after, measure=MEASURES[PRIMARY])
        if changes.size < 2:
            return False
        return is_settled(judge_at_looks(changes, looks=self._looks, margin=self._frame.margin), comparisons=1)

    def _is_resolved(self, seen: Sequence[Trial], pair: Pair) -> bool:
        """Tell whether the primary metric is settled.

        A difference must also survive the correction for all deciding comparisons, or the campaign would stop
        just short of a verdict.
        """
        ratios = log_ratios(seen, *pair, measure=MEASURES[PRIMARY])
        if ratios.size < 2:
            return False
        comparison = judge_at_looks(ratios, looks=self._looks, margin=self._frame.margin)
        return is_settled(comparison, comparisons=self._study.comparisons)


def has_failed(trials: Sequence[Trial], cell: Cell) -> bool:
    """Tell whether a trial of the cell failed as not all of them do: it is not worth another one."""
    always = steadily_failing(trials, cell)
    return any(trial.cell == cell and not is_as_ever(trial, always) for trial in trials)


def _alive(frame: Frame, family: Sequence[Cell], earlier: Sequence[Trial]) -> list[Cell]:
    """Return the cells of one dependency set that are worth another trial: none without the baseline.

    Of twins, those that do not fail as the baseline does cannot be compared with it, however steadily they fail.
    """
    alive = [cell for cell in family if not has_failed(earlier, cell)]
    if alive[:1] != list(family[:1]):
        return []
    baseline, always = frame.contender(family[0].contender), _twins_failing(earlier, family[0])
    return [
        cell
        for cell in alive
        if _twins_failing(earlier, cell) == always or not are_twins(baseline, frame.contender(cell.contender))
    ]


def _twins_failing(earlier: Sequence[Trial], cell: Cell) -> set[str]:
    return set(map(twin_id, steadily_failing(earlier, cell)))


def _changes(pairs: Sequence[Pair]) -> list[tuple[Pair, Pair]]:
    """Return for each candidate its pairs under both dependency sets, the earlier set first."""
    return [
        (before, after)
        for place, before in enumerate(pairs)
        for after in pairs[place + 1 :]
        if before[1].contender == after[1].contender
    ]
