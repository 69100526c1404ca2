"""Write the synchronous tests from the asynchronous ones.

    python suites/make_twins.py           write suites/sync from suites/async
    python suites/make_twins.py --check   change nothing; exit 1 and say what is stale

Test modules and world.py are made. What the two styles do differently, conftest.py, wiring.py and the scenarios in
concurrency/, is written by hand on both sides.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from unasync import Rule, unasync_files

SUITES = Path(__file__).resolve().parent
ASYNC, SYNC = SUITES / "async", SUITES / "sync"
FOLDERS = ("unit", "integration", "api", "flows")
NAMES = {"AsyncClient": "Client", "AsyncSession": "Session"}
HINT = "edit the file under suites/async, then run: python suites/make_twins.py"


def made_paths(suite: Path) -> Iterator[Path]:
    """Yield the files of a suite that are made, relative to it, in order."""
    yield Path("world.py")
    for folder in FOLDERS:
        yield from sorted(path.relative_to(suite) for path in (suite / folder).rglob("*.py"))


def write_twins(target: Path) -> None:
    """Write the twin of every asynchronous file under the target."""
    sources = [str(ASYNC / path) for path in made_paths(ASYNC)]
    unasync_files(sources, [Rule(f"{ASYNC}/", f"{target}/", additional_replacements=NAMES)])


def stale_files(fresh: Path) -> Iterator[str]:
    """Yield a sentence for each committed file that differs from the fresh one."""
    wanted, present = set(made_paths(fresh)), {path for path in made_paths(SYNC) if (SYNC / path).exists()}
    for path in sorted(wanted | present):
        if path not in present:
            yield f"suites/sync/{path} is missing"
        elif path not in wanted:
            yield f"suites/sync/{path} has no original in suites/async"
        elif (SYNC / path).read_bytes() != (fresh / path).read_bytes():
            yield f"suites/sync/{path} is not the twin of suites/async/{path}"


def replace_twins(fresh: Path) -> None:
    """Put the fresh files in place and remove those without an original."""
    wanted = set(made_paths(fresh))
    for path in set(made_paths(SYNC)) - wanted:
        (SYNC / path).unlink(missing_ok=True)
    for path in wanted:
        (SYNC / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fresh / path, SYNC / path)


def main() -> int:
    """Write or check the twins and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if a twin is stale")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as directory:
        fresh = Path(directory)
        write_twins(fresh)
        if not check:
            replace_twins(fresh)
            return 0
        stale = list(stale_files(fresh))
    for sentence in stale:
        print(f"error: {sentence}", file=sys.stderr)
    if stale:
        print(f"hint:  {HINT}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
