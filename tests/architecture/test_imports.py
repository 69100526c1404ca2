"""Imports point one way: what comes later in the pipeline is unknown to what comes before."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "bench").rglob("*.py") if not {"probe", "subject"} & {*path.parts})

# A module may import from its own room and from the rooms above it in this list. Part of a room may stand by itself.
LAYERS = (
    ("errors", "statistics"),
    ("model", "text", "program"),
    ("storage.files", "storage.checkout"),
    ("storage.frames",),
    ("claims.lines", "claims.claim", "claims.kind"),
    ("configuration", "campaign.frame"),
    ("running",),
    ("dependency_sets",),
    ("flakiness",),
    ("paired",),
    ("findings", "drawing"),
    ("claims.weighed",),
    ("experiments",),
    ("experiments.registry",),
    ("claims.file", "campaign.plan", "claims.unmeasured"),
    ("storage", "running.preparation"),
    ("campaign",),
    ("claims",),
    ("judgement",),
    ("analysis",),
    ("results",),
    ("revalidation",),
    ("report", "terminal", "campaign.progress"),
    ("commands", "calibration"),
    ("cli",),
    ("__main__",),
)
SUBJECT_PACKAGES = {"fastapi", "starlette", "sqlmodel", "sqlalchemy", "httpx", "httpx2", "app", "suites", "pytest"}


PLACES = {name: number for number, names in enumerate(LAYERS) for name in names}


def layer_of(module: str) -> int:
    """Give the number of a module's layer, -1 for one that has none: that of its longest name in LAYERS."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((PLACES[name] for name in names if name in PLACES), -1)


def module_of(path: Path) -> str:
    """Name a module below `bench`; a package is named like its folder."""
    return ".".join(part for part in path.relative_to(ROOT / "bench").with_suffix("").parts if part != "__init__")


def room_of(path: Path) -> str:
    return module_of(path).partition(".")[0]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)


def imported_modules(path: Path) -> set[str]:
    return {name.removeprefix("bench.") for name in imported(path) if name.startswith("bench.")}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in SOURCES if module_of(path)], ids=name_of)
def test_a_module_belongs_to_a_layer(path):
    assert layer_of(module_of(path)) >= 0 or list(path.parent.glob("*.py")) != [path], f"add {path} to LAYERS"


def later_imports(path: Path) -> set[str]:
    own = layer_of(module_of(path))
    return {name for name in imported_modules(path) if layer_of(name) > own >= 0}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_imports_only_from_earlier_layers(path):
    assert not later_imports(path)


def test_a_module_that_imports_from_a_later_layer_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.architecture.test_imports.ROOT", tmp_path)
    module = tmp_path / "bench" / "statistics" / "wrong.py"
    module.parent.mkdir(parents=True)
    module.write_text("from bench.commands import run\nfrom bench.statistics import judge\n", encoding="utf-8")
    assert later_imports(module) == {"commands.run"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_harness_never_imports_what_a_subject_needs(path):
    assert not {name.partition(".")[0] for name in imported(path)} & SUBJECT_PACKAGES


RUNNING = ("trial", "databases", "environments", "preparation", "process", "keeper")
PURE = ("paired", "experiments", "claims", "judgement", "analysis", "results", "revalidation", "report", "drawing")
# What shows on a real server that a fault does damage runs that server.
RUNS = ("experiments.faults.verification", "experiments.faults.witnessing")


PURE_SOURCES = [path for path in SOURCES if room_of(path) in PURE and module_of(path) not in RUNS]


@pytest.mark.parametrize("path", PURE_SOURCES, ids=name_of)
def test_analysis_never_runs_anything(path):
    assert not [name for name in imported_modules(path) if name.startswith(tuple(f"running.{m}" for m in RUNNING))]


@pytest.mark.parametrize("path", [path for path in SOURCES if room_of(path) == "statistics"], ids=name_of)
def test_statistics_know_nothing_of_the_pipeline(path):
    assert {name.partition(".")[0] for name in imported_modules(path)} <= {"statistics"}
