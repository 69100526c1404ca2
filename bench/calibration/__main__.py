"""Print how often the method is right on simulated campaigns, beside the rules of other tools."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

from bench.calibration.blame import blame_tables
from bench.calibration.tables import calibrate
from bench.calibration.text import as_text
from bench.storage.files import json_bytes

DEFAULT_RUNS = 4000
DEFAULT_SEED = 20_251_018


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the calibration and print it; the exit code is 1 if a promise is broken."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    tables = [*calibrate(runs=options.runs, seed=options.seed), *blame_tables(runs=options.runs, seed=options.seed)]
    if options.json:
        fields = {"runs": options.runs, "seed": options.seed, "tables": [asdict(table) for table in tables]}
        sys.stdout.write(json_bytes("calibration/1", fields).decode())
    else:
        sys.stdout.write(as_text(tables, runs=options.runs, seed=options.seed))
    sys.stderr.write(f"calibrated in {time.monotonic() - started:.0f} s\n")
    return 1 if any(table.broken for table in tables) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.calibration", description=__doc__)
    parser.add_argument("--runs", type=_positive, default=DEFAULT_RUNS, help="simulated campaigns per noise")
    parser.add_argument("--seed", type=_natural, default=DEFAULT_SEED, help="seed of the simulation")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    return parser


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")
    return int(text)


def _positive(text: str) -> int:
    number = _natural(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one campaign is needed")
    return number


if __name__ == "__main__":
    sys.exit(main())
