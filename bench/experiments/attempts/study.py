"""Which changes are tried, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.campaign.frame import Frame
from bench.experiments.contract import Request
from bench.model import Variant

NAME = "attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The variants to try, each once on each of the backends that its contender offers."""

    variants: tuple[Variant, ...]
    backends: tuple[str, ...]


def plan(request: Request) -> Study | None:
    """Try what the configuration declares in standard and full campaigns; in standard on the first backend alone."""
    small = request.size not in ("standard", "full")
    if small or request.alone or request.is_named or request.frame.dependency_sets:
        return None
    compared = {contender.id for contender in request.frame.contenders}
    variants = tuple(
        variant
        for variant in request.config.attempts
        if variant.contender in compared and request.size in (variant.tried_from, "full")
    )
    backends = request.frame.backends if request.size == "full" else request.frame.backends[:1]
    return Study(variants=variants, backends=backends) if variants else None


def announce(frame: Frame, study: Study) -> Iterator[str]:  # noqa: ARG001 - one shape for all experiments
    """Name the variants."""
    yield f"tried once, not timed: {', '.join(variant.id for variant in study.variants)}"
