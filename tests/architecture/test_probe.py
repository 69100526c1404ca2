"""The probe lives in environments that are not ours, so it needs nothing and is old enough for all of them."""

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "bench" / "probe"
PROBE = FOLDER / "twinbench_probe.py"
COUNTERS = FOLDER / "twinbench_counters.py"
WHERE_WORK_IS_COUNTED = [FOLDER / f"twinbench_{name}.py" for name in ("surroundings", "without")]
PARTS = [FOLDER / f"twinbench_{name}.py" for name in ("calls", "events", "instead", "stacks")]


def imported(path: Path) -> set[str]:
    imports = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, IMPORTS)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


IMPORTS = (ast.Import, ast.ImportFrom)


@pytest.mark.parametrize("path", [PROBE, COUNTERS, *PARTS, *WHERE_WORK_IS_COUNTED], ids=lambda path: path.stem)
def test_the_probe_compiles_for_python_3_9(path):
    assert ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_the_probe_imports_the_standard_library_pytest_and_its_own_parts():
    assert imported(PROBE) == {"pytest", *(part.stem for part in (COUNTERS, *PARTS))}


@pytest.mark.parametrize("path", [*PARTS, *WHERE_WORK_IS_COUNTED], ids=lambda path: path.stem)
def test_a_part_of_the_probe_imports_the_standard_library_pytest_and_other_parts_only(path):
    assert imported(path) <= {"pytest", *(part.stem for part in PARTS)}


def test_the_probe_imports_the_counters_in_no_trial_that_is_timed():
    at_once = [node for node in ast.parse(PROBE.read_text(encoding="utf-8")).body if isinstance(node, IMPORTS)]
    assert "twinbench_counters" not in {alias.name for node in at_once for alias in node.names}


def test_the_counters_import_the_standard_library_and_what_notes_the_surroundings():
    assert imported(COUNTERS) == {"twinbench_surroundings"}
