"""One place speaks to the user."""

import ast
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
# The calibration and the proof of the faults are programs of their own, which are their terminals.
PROGRAMS = (BENCH / "calibration" / "__main__.py", BENCH / "experiments" / "faults" / "verification.py")
SPEAKING = (BENCH / "terminal.py", *PROGRAMS)
SILENT = sorted(path for path in BENCH.rglob("*.py") if path not in SPEAKING)


def calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", SILENT, ids=lambda path: str(path.relative_to(BENCH)))
def test_only_the_terminal_prints(path):
    assert not {"print", "sys.stdout.write", "sys.stderr.write"} & set(calls(path))
