"""One investigation after the other, each a state machine fed from the journal.

A cell that never ran gets one trial of its own before the block that asks for it: its files are then as warm as those
of the cells it is compared with, and that trial is never analysed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.campaign.frame import Frame
from bench.experiments.blame.blocks import Request
from bench.experiments.blame.chain import Stage
from bench.experiments.blame.failures import FailureInvestigation
from bench.experiments.blame.investigation import Investigation
from bench.experiments.blame.reading import Work, measured, stage_of, work_of
from bench.experiments.blame.study import NAME, Study
from bench.experiments.blame.target import Target
from bench.model import Cell, Outcome, Trial, TrialSpec, cost_seconds
from bench.statistics import draw_block

Inquiry = Investigation | FailureInvestigation


@dataclass(slots=True, kw_only=True)
class Course:
    """One question with its investigation, and the work that its contenders usually do."""

    number: int
    target: Target
    inquiry: Inquiry
    usual: dict[str, Work] = field(default_factory=dict)
    warm: set[Cell] = field(default_factory=set)
    unpaid_seconds: float = 0.0


class Session:
    """The blocks of all questions, taken up from a journal; pure, as all it knows comes from trials."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Feed the investigations what the journal holds."""
        self._frame, self._study, self._chain = frame, study, study.chain
        self.courses = tuple(self._course(number, target) for number, target in enumerate(study.targets))
        self._index = 0
        self._took: dict[str, Trial] = {trial.key: trial for trial in trials if trial.experiment == NAME}
        self._block = self._specify()
        self._advance()

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the block that is wanted now; () when every question is answered or its budget spent."""
        return self._block

    def took(self, trial: Trial) -> None:
        """Take a finished trial; the last one of a block decides what is asked next."""
        self._took[trial.key] = trial
        self._advance()

    def _course(self, number: int, target: Target) -> Course:
        kind = FailureInvestigation if target.is_failure else Investigation
        return Course(number=number, target=target, inquiry=kind(chain=self._chain, rules=self._study.share))

    @property
    def _open(self) -> Course | None:
        return next((course for course in self.courses if course.inquiry.request is not None), None)

    def _advance(self) -> None:
        """Answer requests as long as the trials for them are there."""
        while self._block and all(spec.key in self._took for spec in self._block):
            course = self._open
            assert course is not None, "a block belongs to an open question"
            _answer(course, [self._took[spec.key] for spec in self._block])
            self._index += 1
            self._block = self._specify()

    def _specify(self) -> tuple[TrialSpec, ...]:
        course = self._open
        if course is None or course.inquiry.request is None:
            return ()
        request = course.inquiry.request
        cells = {cell: stage for stage in request.stages for cell in self._cells(course.target, stage)}
        cold = {cell: stage for cell, stage in cells.items() if cell not in course.warm and request.mirrored}
        return tuple(self._specified(course, request, cold or cells, is_warm=bool(cold)))

    def _cells(self, target: Target, stage: Stage) -> Iterator[Cell]:
        for contender in target.contenders:
            yield Cell(
                contender=contender,
                dependency_set=self._study.set_name(stage),
                backend=target.backend,
                copy=stage.copy,
            )

    def _specified(
        self, course: Course, request: Request, cells: Mapping[Cell, Stage], *, is_warm: bool
    ) -> Iterator[TrialSpec]:
        group = f"{NAME}/{course.target.backend}"
        draw = draw_block(tuple(cells), seed=self._frame.seed, group=group, index=self._index)
        is_once = is_warm or not request.mirrored
        for position, cell in enumerate(draw.order[: len(cells)] if is_once else draw.order):
            yield TrialSpec(
                experiment=NAME,
                cell=cell,
                block=self._index,
                position=position,
                warmup=is_warm,
                hash_seed=draw.hash_seed,
                padding_bytes=draw.padding_bytes,
                answers={
                    "question": course.number,
                    "phase": request.phase.value,
                    "units": sorted(cells[cell].units),
                    "copy": cells[cell].copy,
                },
            )


def _answer(course: Course, trials: Sequence[Trial]) -> None:
    """Feed a whole block to its investigation; a warm one only says what work is usual."""
    seconds = cost_seconds(trials) + course.unpaid_seconds
    if trials[0].warmup:
        course.unpaid_seconds = seconds
        course.warm |= {trial.cell for trial in trials}
        for trial in trials:
            if stage_of(trial.spec) == Stage() and trial.outcome is Outcome.PASSED:
                course.usual.setdefault(trial.cell.contender, work_of(trial))
        return
    course.unpaid_seconds = 0.0
    course.inquiry.took(measured(course.target, trials, usual=course.usual, seconds=seconds))
