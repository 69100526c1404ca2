"""Imports point one way: what comes later in the pipeline is unknown to what comes before."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "bench").rglob("*.py") if "probe" not in path.parts)

# A module may import from its own layer's package and from the layers above it in this list.
LAYERS = (
    ("errors", "statistics"),
    ("model", "text"),
    ("storage", "checkout"),
    ("configuration", "simplicity"),
    ("plan",),
    ("running",),
    ("dependency_sets",),
    ("flakiness",),
    ("findings",),
    ("records",),
    ("blocks", "equal_work"),
    ("experiments",),
    ("campaign",),
    ("verdicts", "decision"),
    ("analysis",),
    ("revalidation",),
    ("report", "terminal", "progress", "verdict_document"),
    ("commands", "calibration"),
    ("cli",),
    ("__main__",),
)
SUBJECT_PACKAGES = {"fastapi", "starlette", "sqlmodel", "sqlalchemy", "httpx", "httpx2", "app", "suites", "pytest"}


def layer_of(module: str) -> int:
    return next((number for number, names in enumerate(LAYERS) if module in names), -1)


def part_of(path: Path) -> str:
    return path.relative_to(ROOT / "bench").with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)


def imported_parts(path: Path) -> set[str]:
    parts = (name.split(".") for name in imported(path))
    return {own[1] for own in parts if own[0] == "bench" and len(own) > 1 and layer_of(own[1]) >= 0}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in SOURCES if part_of(path) != "__init__"], ids=name_of)
def test_a_module_belongs_to_a_layer(path):
    assert layer_of(part_of(path)) >= 0, f"add bench.{part_of(path)} to LAYERS, as early as its imports allow"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_imports_only_from_earlier_layers(path):
    own = part_of(path)
    later = {part for part in imported_parts(path) - {own} if layer_of(part) > layer_of(own) >= 0}
    assert not later


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_harness_never_imports_what_a_subject_needs(path):
    assert not {name.partition(".")[0] for name in imported(path)} & SUBJECT_PACKAGES


@pytest.mark.parametrize("part", ["trial", "databases", "environments", "preparation", "process"])
def test_analysis_never_runs_anything(part):
    weighing = ("findings", "blocks", "equal_work", "experiments", "verdicts", "decision")
    analysing = (*weighing, "analysis", "revalidation", "report")
    assert not [path for path in SOURCES if part_of(path) in analysing and part in imported_parts(path)]


@pytest.mark.parametrize("path", [path for path in SOURCES if part_of(path) == "statistics"], ids=name_of)
def test_statistics_know_nothing_of_the_pipeline(path):
    assert imported_parts(path) <= {"statistics"}
