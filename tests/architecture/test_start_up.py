"""What needs no statistics and draws nothing starts without the packages that do."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "scipy", "matplotlib", "pandas", "statsmodels", "jinja2")
LOADED = f"""
import contextlib, io, sys
from bench import cli
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    cli.main(sys.argv[1:])
print([name for name in {HEAVY!r} if name in sys.modules])
"""


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("run", "--dry-run", "--profile", "smoke"), ("report", "--list"), ("doctor",), ("flakes", "--help")],
    ids=" ".join,
)
def test_a_command_that_measures_nothing_imports_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_wheel_asks_for_what_the_harness_is_locked_to():
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert document["project"]["dependencies"] == document["dependency-groups"]["harness"]
