"""Every pair of styles in one wiring, what each choice does, and the best wiring of each style against the other's."""

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.wiring.effects import aliases, block_log_times, contrast, signs, two_level_choices
from bench.experiments.wiring.finding import BestPair, CellFinding, EffectFinding, PairFinding, WiringFinding
from bench.experiments.wiring.study import NAME, Study, Wiring
from bench.model import Cell, Trial
from bench.paired.blocks import timed
from bench.paired.comparing import MEASURES, compare, unequal_because
from bench.paired.finding import Metric
from bench.statistics import Comparison, judge

METRICS: tuple[Metric, ...] = ("wall", "tests")
STYLE = "style"


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> WiringFinding:  # noqa: ARG001 - the shape of every analysis
    """Compare the two contenders in every wiring, in wall time and in the time of the tests alone."""
    ran = [trial for trial in trials if trial.experiment == NAME]
    return WiringFinding(
        contenders=study.contenders,
        titles=study.titles,
        looks=study.looks(alpha=frame.alpha),
        pairs=tuple(pair for backend in frame.backends for pair in _pairs(frame, study, ran, backend)),
        effects=tuple(effect for backend in frame.backends for effect in _effects(frame, study, ran, backend)),
        cells=tuple(cell for backend in frame.backends for cell in _cells(frame, study, ran, backend)),
        best=tuple(best for backend in frame.backends for best in _best(frame, study, ran, backend)),
        noise_floor=tuple(
            compare(
                frame,
                ran,
                baseline=cells[0],
                candidate=cells[-1],
                metric=metric,
                looks=study.looks(alpha=frame.alpha),
            )
            for backend in frame.backends
            if (cells := study.cells(frame, backend))
            for metric in METRICS
        ),
    )


def _pairs(frame: Frame, study: Study, ran: Sequence[Trial], backend: str) -> Iterator[PairFinding]:
    for wiring in study.on(backend):
        if len(wiring.contenders) < 2:
            continue
        baseline, candidate = (study.cell(frame, name, wiring, backend) for name in study.contenders)
        unequal = unequal_because(frame, ran, baseline=baseline, candidate=candidate)
        for metric in METRICS:
            compared = compare(
                frame,
                ran,
                baseline=baseline,
                candidate=candidate,
                metric=metric,
                looks=study.looks(alpha=frame.alpha),
                title=wiring.title,
                unequal=unequal,
            )
            yield PairFinding(
                wiring=wiring.id,
                title=wiring.title,
                backend=backend,
                metric=metric,
                is_crossed=wiring.is_crossed,
                comparison=compared,
            )


def _effects(frame: Frame, study: Study, ran: Sequence[Trial], backend: str) -> Iterator[EffectFinding]:
    crossed = [wiring for wiring in study.on(backend) if wiring.is_crossed]
    if not crossed:
        return
    levels = [wiring.levels for wiring in crossed]
    baseline, candidate = study.contenders
    for metric in METRICS:
        times = _log_times(frame, study, ran, backend=backend, crossed=crossed, metric=metric)
        own, other = times[:, : len(crossed)], times[:, len(crossed) :]

        def effect(
            choice: str,
            by_block: NDArray[np.float64],
            *,
            of: str,
            to: str,
            contender: str = "",
            aliased: tuple[str, ...] = (),
            metric: Metric = metric,
        ) -> EffectFinding:
            return EffectFinding(
                choice=choice,
                of=of,
                to=to,
                contender=contender,
                backend=backend,
                metric=metric,
                aliased_with=aliased,
                comparison=_judged(frame, by_block),
            )

        yield effect(STYLE, other.mean(axis=1) - own.mean(axis=1), of=baseline, to=candidate)
        for choice in two_level_choices(levels):
            column, aliased = signs(levels, choice), aliases(levels, choice)
            of, to = levels[0][choice], next(each[choice] for each in levels if each[choice] != levels[0][choice])
            changes = contrast(own, column), contrast(other, column)
            yield effect(choice, changes[1] - changes[0], of=of, to=to, aliased=aliased)
            for contender, change in zip(study.contenders, changes, strict=True):
                yield effect(choice, change, of=of, to=to, contender=contender, aliased=aliased)


def _log_times(
    frame: Frame, study: Study, ran: Sequence[Trial], *, backend: str, crossed: Sequence[Wiring], metric: Metric
) -> NDArray[np.float64]:
    """Return the mean log times, shape (blocks, 2 * wirings): the baseline's wirings first."""
    cells = [study.cell(frame, name, wiring, backend) for name in study.contenders for wiring in crossed]
    return block_log_times(ran, cells, MEASURES[metric])


def _judged(frame: Frame, by_block: NDArray[np.float64]) -> Comparison | None:
    return judge(by_block, margin=frame.margin, alpha=frame.alpha) if by_block.size > 1 else None


def _cells(frame: Frame, study: Study, ran: Sequence[Trial], backend: str) -> Iterator[CellFinding]:
    for wiring in study.on(backend):
        for contender in wiring.contenders:
            trials = timed(ran, study.cell(frame, contender, wiring, backend))
            if trials:
                yield CellFinding(
                    contender=contender,
                    wiring=wiring.id,
                    title=wiring.title,
                    backend=backend,
                    seconds=median(MEASURES["wall"](trial) for trial in trials) / 1e9,
                    tests_seconds=median(MEASURES["tests"](trial) for trial in trials) / 1e9,
                    trials=len(trials),
                )


def _best(frame: Frame, study: Study, ran: Sequence[Trial], backend: str) -> Iterator[BestPair]:
    """Compare the fastest wiring of each style; chosen from the same blocks, it is a proposal and decides nothing."""
    fastest: list[tuple[Wiring, Cell]] = []
    for contender in study.contenders:
        measured = [
            (median(MEASURES["wall"](trial) for trial in trials), wiring, cell)
            for wiring in study.on(backend)
            if len(wiring.contenders) > 1
            and (trials := timed(ran, cell := study.cell(frame, contender, wiring, backend)))
        ]
        if not measured:
            return
        _, wiring, cell = min(measured, key=lambda each: each[0])
        fastest.append((wiring, cell))
    (own, baseline), (other, candidate) = fastest
    yield BestPair(
        backend=backend,
        baseline=own.title,
        candidate=other.title,
        comparison=compare(
            frame,
            ran,
            baseline=baseline,
            candidate=candidate,
            metric="wall",
            looks=study.looks(alpha=frame.alpha),
            title=f"{study.contenders[1]}: {other.title}",
        ),
    )
