"""Which factors are studied, and for how many blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.campaign.frame import Frame
from bench.errors import ConfigurationError
from bench.experiments.contract import Request
from bench.model import Cell, Contender, Variant, contender_cell, variant_cell
from bench.paired import planned
from bench.statistics.looks import Looks

NAME = "factors"
BLOCKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Every varied contender runs as it is and with each one thing changed, `blocks` times."""

    variants: tuple[Variant, ...]
    blocks: int = BLOCKS

    def looks(self, *, alpha: float) -> Looks:
        """Return the one look that is taken."""
        return Looks(blocks=(self.blocks,), alpha=alpha)

    def offered(self, frame: Frame, backend: str) -> tuple[Variant, ...]:
        """List the factors whose contender offers the backend."""
        return tuple(v for v in self.variants if backend in frame.contender(v.contender).backends)

    def varied(self, frame: Frame, backend: str) -> tuple[Contender, ...]:
        """List the contenders that a factor changes, the baseline first."""
        names = {variant.contender for variant in self.offered(frame, backend)}
        varied = [contender for contender in frame.contenders if contender.id in names]
        return tuple(sorted(varied, key=lambda contender: contender.id != frame.baseline))

    def cells(self, frame: Frame, backend: str) -> tuple[Cell, ...]:
        """List what runs in a block: the contenders, their changes, and the A/A copy of the first contender."""
        varied = self.varied(frame, backend)
        return (
            *(contender_cell(contender, backend) for contender in varied),
            *(variant_cell(v, frame.contender(v.contender), backend) for v in self.offered(frame, backend)),
            *(contender_cell(contender, backend, copy=1) for contender in varied[:1]),
        )


def plan(request: Request) -> Study | None:
    """Study the declared factors where they are asked for; raise ConfigurationError if there is none to study."""
    if not request.alone:
        return None
    chosen = {contender.id for contender in request.frame.contenders}
    variants = tuple(variant for variant in request.config.factors if variant.contender in chosen)
    if not variants:
        raise _nothing_to_study(sorted(chosen), {variant.contender for variant in request.config.factors})
    study = Study(variants=variants)
    planned.check((study.blocks,), alpha=request.frame.alpha, profile=request.frame.profile)
    return study


def announce(frame: Frame, study: Study) -> Iterator[str]:
    """Name the factors."""
    changed = [f"{variant.contender} with {variant.id} changed" for variant in study.variants]
    yield f"{', '.join(changed)}, on {' and '.join(frame.backends)}"
    yield f"at most {study.blocks} blocks per backend, judged at {study.blocks}"


def _nothing_to_study(names: Sequence[str], varied: set[str]) -> ConfigurationError:
    return ConfigurationError(
        "there is no factor to study",
        cause=f"the factors change {', '.join(sorted(varied))}, not {', '.join(names)}"
        if varied
        else "the configuration has no table [tool.bench.factors.NAME]",
        hint='declare one: contender = "NAME" and the plugins, pytest_args or environment that it changes',
    )
