"""Each variant once per backend, with its work counted and its time of no interest."""

from collections.abc import Iterator, Sequence

from bench.campaign.frame import Frame
from bench.experiments.attempts.study import NAME, Study
from bench.experiments.once import Once
from bench.model import Trial, TrialSpec, Variant, variant_cell
from bench.statistics import draw_block


class Session(Once):
    """The attempts that are still to be made."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Leave out what the journal holds."""
        super().__init__(_specifications(frame, study), trials)


def _specifications(frame: Frame, study: Study) -> Iterator[TrialSpec]:
    for backend in study.backends:
        offered = [v for v in study.variants if backend in (v.backends or frame.contender(v.contender).backends)]
        for position, variant in enumerate(offered):
            yield _specification(frame, variant, backend, position)


def _specification(frame: Frame, variant: Variant, backend: str, position: int) -> TrialSpec:
    cell = variant_cell(variant, frame.contender(variant.contender), backend)
    draw = draw_block((cell,), seed=frame.seed, group=f"{NAME}/{backend}", index=position)
    return TrialSpec(
        experiment=NAME,
        cell=cell,
        block=0,
        position=position,
        warmup=True,
        hash_seed=draw.hash_seed,
        padding_bytes=draw.padding_bytes,
        counting=True,
        arguments=variant.pytest_args,
        environment=variant.environment,
    )
