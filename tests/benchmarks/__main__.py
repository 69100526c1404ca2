"""Print the costs of the tool: the probe, the harness between trials, the rendering, and its start."""

import argparse
from pathlib import Path

from tests.benchmarks import harness_share, probe_cost, rendering, start_up


def main() -> None:
    """Run the benchmarks that were asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="nox -s overhead --", description=__doc__)
    parser.add_argument("which", nargs="*", choices=["probe", "harness", "rendering", "start"], default=[])
    parser.add_argument("--pairs", type=int, default=12, help="mirrored blocks of the probe's cost")
    parser.add_argument("--run", default=None, help="the run whose harness share is read (default: the newest)")
    options = parser.parse_args()
    which = options.which or ["probe", "harness", "rendering", "start"]
    if "probe" in which:
        print(probe_cost.words(Path.cwd(), blocks=options.pairs))
    if "harness" in which:
        print(harness_share.words(Path("reports"), options.run))
    if "rendering" in which:
        print(rendering.words(trials=3000, tests=300))
    if "start" in which:
        print(start_up.words())


main()
