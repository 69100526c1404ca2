"""Which wirings both styles are timed in, and for how many blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bench import text
from bench.campaign.frame import Frame
from bench.configuration.config import Config
from bench.configuration.rows import LevelRow, WiringRow
from bench.errors import ConfigurationError
from bench.experiments.contract import Request
from bench.model import BACKEND_TITLES, Cell, Variant, variant_cell
from bench.paired import planned
from bench.statistics.looks import Looks

NAME = "wiring"
BLOCKS = 6
"""The fewest that give a 95 % interval: here it is many cells that cost, and an effect is a mean over four of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """One level of each choice, by choice; `contenders` can be wired so, on these `backends`.

    `title` names the levels in the order in which they are declared. The `is_crossed` ones are balanced: effects are
    taken from them alone.
    """

    title: str
    levels: Mapping[str, str]
    contenders: tuple[str, ...]
    backends: tuple[str, ...]
    is_crossed: bool

    @property
    def id(self) -> str:
        """Name the wiring in cells and tables."""
        return self.title.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Two contenders, the baseline first, timed in the same wirings.

    `variants` holds what each wiring changes in each contender that can have it, `titles` what each level means.
    """

    contenders: tuple[str, str]
    wirings: tuple[Wiring, ...]
    variants: tuple[Variant, ...]
    titles: Mapping[str, str]
    blocks: int = BLOCKS

    def looks(self, *, alpha: float) -> Looks:
        """Return the one look that is taken."""
        return Looks(blocks=(self.blocks,), alpha=alpha)

    def on(self, backend: str) -> tuple[Wiring, ...]:
        """List the wirings that the backend offers."""
        return tuple(wiring for wiring in self.wirings if backend in wiring.backends)

    def cell(self, frame: Frame, contender: str, wiring: Wiring, backend: str) -> Cell:
        """Return the cell of a contender in a wiring."""
        return variant_cell(self.variant(contender, wiring.id), frame.contender(contender), backend)

    def variant(self, contender: str, wiring: str) -> Variant:
        """Return what a wiring changes in a contender."""
        return next(v for v in self.variants if (v.contender, v.id) == (contender, wiring))

    def cells(self, frame: Frame, backend: str) -> tuple[Cell, ...]:
        """List what runs in a block: every wiring in both styles, and the A/A copy of the baseline's first one."""
        cells = tuple(
            self.cell(frame, contender, wiring, backend)
            for wiring in self.on(backend)
            for contender in wiring.contenders
        )
        return (*cells, *(replace(cell, copy=1) for cell in cells[:1]))


def plan(request: Request) -> Study | None:
    """Study the declared wirings where they are asked for; raise ConfigurationError if there are none."""
    if not request.alone:
        return None
    row = request.config.wiring
    if row is None:
        raise ConfigurationError(
            "there is no wiring to study",
            cause="the configuration has no table [tool.bench.wiring]",
            hint="declare one: contenders, levels and crossed, as docs/wiring.md shows",
        )
    chosen = {contender.id: contender for contender in request.frame.contenders}
    missing = [name for name in row.contenders if name not in chosen]
    if missing:
        raise ConfigurationError(
            f"the wiring of {missing[0]} cannot be studied",
            cause=f"the study compares {' with '.join(row.contenders)}, and {missing[0]} was left out",
            hint="leave out --contender",
        )
    offered = tuple(b for b in request.frame.backends if all(b in chosen[name].backends for name in row.contenders))
    wirings = tuple(_wirings(row, offered))
    study = Study(
        contenders=(row.contenders[0], row.contenders[1]),
        wirings=wirings,
        variants=tuple(_variant(row, wiring.title, name) for wiring in wirings for name in wiring.contenders),
        titles={name: level.title or name for name, level in row.levels.items()},
    )
    planned.check((study.blocks,), alpha=request.frame.alpha, profile=request.frame.profile)
    return study


def announce(frame: Frame, study: Study) -> Iterator[str]:
    """Name the wirings, what the balanced part cannot tell apart, and the number of blocks."""
    offered = [wiring for wiring in study.wirings if {*wiring.backends} & {*frame.backends}]
    crossed = [wiring.title for wiring in offered if wiring.is_crossed]
    beside = [wiring.title for wiring in offered if not wiring.is_crossed]
    yield f"{' and '.join(study.contenders)}, both wired as {'; '.join(crossed)}"
    if beside:
        yield f"beside the balanced part: {'; '.join(beside)}"
    on = " and ".join(BACKEND_TITLES[backend] for backend in frame.backends)
    yield f"{text.count(study.blocks, 'block')} on {on}, judged at {study.blocks}"


def _wirings(row: WiringRow, offered: tuple[str, ...]) -> Iterator[Wiring]:
    listed: list[tuple[str, tuple[str, ...], bool]] = [(levels, row.contenders, True) for levels in row.crossed]
    listed += [(levels, row.contenders, False) for levels in row.beside]
    listed += [(levels, (name,), False) for name, several in row.only.items() for levels in several]
    for levels, contenders, is_crossed in listed:
        named = levels.split()
        yield Wiring(
            title=" ".join(named),
            levels={row.levels[name].choice: name for name in named},
            contenders=tuple(contenders),
            backends=tuple(b for b in offered if all(b in (row.levels[name].backends or offered) for name in named)),
            is_crossed=is_crossed,
        )


def variant_of(config: Config, levels: str, contender: str) -> Variant:
    """Return what levels, apart by spaces, change in a contender; raise ConfigurationError for an unknown one."""
    row = config.wiring
    unknown = [name for name in levels.split() if row is None or name not in row.levels]
    if row is None or unknown:
        raise ConfigurationError(
            f"{contender} cannot be wired as {levels!r}",
            cause=f"{unknown[0]!r} is no level of [tool.bench.wiring]",
            hint=f"name some of: {', '.join(row.levels if row else ()) or 'none are declared; see docs/wiring.md'}",
        )
    return _variant(row, levels, contender)


def _variant(row: WiringRow, written: str, contender: str) -> Variant:
    levels = [row.levels[name] for name in written.split()]
    plugins = dict.fromkeys((*row.plugins, *(plugin for level in levels for plugin in level.plugins)))
    return Variant(
        id=written.replace(" ", "-"),
        title=written,
        contender=contender,
        pytest_args=(
            *(part for plugin in plugins for part in ("-p", plugin)),
            *(argument for level in levels for argument in _arguments(level, contender)),
        ),
        environment={name: value for level in levels for name, value in level.environment.items()},
    )


def _arguments(level: LevelRow, contender: str) -> tuple[str, ...]:
    return (*level.pytest_args, *level.pytest_args_of.get(contender, ()))
