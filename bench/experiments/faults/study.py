"""Which faults are put into the application, and which suites are to see them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from bench import text
from bench.campaign.frame import Frame
from bench.configuration.config import Config
from bench.configuration.rows import FaultsRow
from bench.errors import ConfigurationError
from bench.experiments.contract import Request
from bench.experiments.faults.arm import Arm
from bench.experiments.faults.choosing import changed_functions
from bench.experiments.faults.fault import Fault
from bench.experiments.faults.patching import MovedError, faulty_files
from bench.experiments.faults.reading import read_faults
from bench.experiments.wiring.study import variant_of
from bench.model import BACKEND_TITLES, Cell, Variant, contender_cell, variant_cell

NAME = "faults"
SAMPLE = 12
SAMPLE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiedArm:
    """An arm, the contender that runs it, and what its wiring changes there, None for the contender as it is."""

    arm: Arm
    contender: str
    variant: Variant | None = None

    def cell(self, frame: Frame, backend: str) -> Cell:
        """Return what runs on a backend."""
        contender = frame.contender(self.contender)
        return (
            contender_cell(contender, backend)
            if self.variant is None
            else variant_cell(self.variant, contender, backend)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What a fault makes of the application's files, by path in it; or, without files, `why_not`.

    `functions` are those that it changes, as `choosing.changed_functions` names them; () where it concerns all tests.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The faults of a set, the arms, and where both are; paths are relative to the configuration's folder.

    `patches` has what each fault changes, as the code was when the study was planned. A study beside others is a sample
    of `faults_in_set`, on some `backends` alone, and takes at most `seconds`; () and 0 for all of them and the budget.
    """

    folder: str
    application: str
    title: str
    faults: tuple[Fault, ...]
    patches: Mapping[str, Patch]
    arms: tuple[StudiedArm, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    faults_in_set: int = 0
    backends: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_sample(self) -> bool:
        """Tell a part of the set from all of it."""
        return bool(self.seconds)

    def on(self, backend: str) -> tuple[Fault, ...]:
        """List the faults of a backend."""
        return tuple(fault for fault in self.faults if backend in fault.backends)

    def where(self, frame: Frame) -> tuple[str, ...]:
        """List the databases of a campaign on which faults are studied."""
        return tuple(backend for backend in frame.backends if backend in (self.backends or frame.backends))


def plan(request: Request) -> Study | None:
    """Study all declared faults where they are asked for, and a sample in standard and full campaigns.

    Raises ConfigurationError if there are none to study.
    """
    if not request.alone:
        return _sample(request)
    row = request.config.faults
    if row is None:
        raise ConfigurationError(
            "there are no faults to study",
            cause="the configuration has no table [tool.bench.faults]",
            hint='declare one: folder = "faults" and arms, as docs/faults.md shows',
        )
    study = _whole(request, row)
    if not study.arms:
        raise ConfigurationError(
            "no suite is there to see faults",
            cause=f"the arms are of {', '.join(dict.fromkeys(arm.split()[0] for arm in row.arms))}, which was left out",
            hint="leave out --contender",
        )
    return study


def _whole(request: Request, row: FaultsRow) -> Study:
    root = request.config.root
    found = read_faults(root / row.folder)
    return Study(
        folder=_relative(root / row.folder, root),
        application=_relative(found.application, root),
        title=found.title,
        faults=tuple(_in_turn(found.faults)),
        patches={fault.id: _patch(found.application, fault) for fault in found.faults},
        arms=tuple(_arms(request.config, row, request.frame)),
        environment=found.environment,
        faults_in_set=len(found.bugs),
    )


def _sample(request: Request) -> Study | None:
    """Draw some faults of each class on the first database, for one arm of each contender."""
    row, frame = request.config.faults, request.frame
    is_too_small = request.size not in ("standard", "full") or request.is_named or bool(frame.dependency_sets)
    if row is None or is_too_small:
        return None
    whole = _whole(request, row)
    arms = tuple({studied.contender: studied for studied in reversed(whole.arms)}.values())[::-1]
    backend = frame.backends[0]
    drawn = list(whole.on(backend))
    random.Random(f"{frame.seed}/{NAME}").shuffle(drawn)  # noqa: S311 - a recorded schedule
    faults = tuple(_in_turn([fault for fault in drawn if not fault.is_control]))[:SAMPLE]
    if len(arms) < 2 or not faults:
        return None
    return replace(
        whole,
        faults=faults,
        patches={fault.id: whole.patches[fault.id] for fault in faults},
        arms=arms,
        backends=(backend,),
        seconds=SAMPLE_SECONDS,
    )


def announce(frame: Frame, study: Study) -> Iterator[str]:
    """Say how many faults meet which arms."""
    bugs = sum(not fault.is_control for fault in study.faults)
    controls = len(study.faults) - bugs
    changes = text.count(controls, "correct change")
    if study.is_sample:
        yield f"{bugs} of {study.faults_in_set} faults of {study.title}, each proved first, in {study.seconds:.0f} s"
        return
    yield f"{text.count(bugs, 'fault')} and {changes} of {study.title}, each proved first"
    yield f"seen by {text.listing([studied.arm.id for studied in study.arms])}?"
    places = [f"{len(study.on(backend))} on {BACKEND_TITLES[backend]}" for backend in study.where(frame)]
    yield f"{text.listing(places)}, not timed"


def _in_turn(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Order faults so that classes take turns: a study that ends with its budget has then seen some of each."""
    kinds = dict.fromkeys(fault.kind for fault in faults)
    by_kind = [[fault for fault in faults if fault.kind == kind] for kind in kinds]
    for turn in zip_longest(*by_kind):
        yield from (fault for fault in turn if fault is not None)


def _patch(application: Path, fault: Fault) -> Patch:
    other = [name for name in fault.files if not name.endswith(".py")]
    if other:
        return Patch(why_not=f"{', '.join(other)} is no module, and only modules can be exchanged for a suite")
    try:
        files = faulty_files(application, fault)
    except MovedError as error:
        return Patch(why_not=str(error))
    changed = [changed_functions(module_of(application.name, each.path), each.before, each.lines) for each in files]
    return Patch(
        files={file.path: file.after for file in files},
        functions=() if None in changed else tuple(sorted(name for names in changed for name in names or ())),
    )


def module_of(application: str, path: str) -> str:
    """Name the module that a file of the application is; `application` is the name of its folder or file."""
    package = PurePosixPath(application)
    parts = (package.name, *PurePosixPath(path).with_suffix("").parts) if package.suffix != ".py" else (package.stem,)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _relative(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


def _arms(config: Config, row: FaultsRow, frame: Frame) -> Iterator[StudiedArm]:
    compared = {contender.id: contender for contender in frame.contenders}
    for written in row.arms:
        contender, _, levels = written.partition(" ")
        if contender not in {known.id for known in config.contenders}:
            raise ConfigurationError(
                f"the arm {written!r} is of an unknown contender",
                cause="an arm is the name of a contender, and then the levels of a wiring",
                hint=f"name one of: {', '.join(known.id for known in config.contenders)}",
            )
        if contender not in compared:
            continue
        own = compared[contender]
        variant = None if not levels else variant_of(config, levels, contender)
        yield StudiedArm(
            arm=Arm(
                id=written, title=f"{own.title}, {levels}" if levels else own.title, style=own.style, wiring=levels
            ),
            contender=contender,
            variant=variant,
        )
