"""The probe lives in environments that are not ours, so it needs nothing and is old enough for all of them."""

import ast
import sys
from pathlib import Path

PROBE = Path(__file__).parents[2] / "bench" / "probe" / "twinbench_probe.py"
SOURCE = PROBE.read_text(encoding="utf-8")


def test_the_probe_is_one_file():
    assert [path.name for path in PROBE.parent.glob("*.py")] == [PROBE.name]


def test_the_probe_compiles_for_python_3_9():
    assert ast.parse(SOURCE, feature_version=(3, 9))


def test_the_probe_imports_the_standard_library_and_pytest_only():
    imports = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    # Starlette is imported only to count requests, where the suite has it.
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == {"pytest", "starlette"}
