"""Run `python -m bench`, or `twinbench` where it is installed."""

import sys

from bench.cli import main


def run() -> int:
    """Run the command line of this process and return its exit code."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
