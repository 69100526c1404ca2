"""The result of a search on the terminal: the suite's bound, then each root cause with its tests and its replay."""

from collections.abc import Sequence
from pathlib import Path

from bench.flakiness.findings import ClusterFinding, FlakeFinding, FlakinessFinding
from bench.terminal import Terminal
from bench.text import shorten

MOST_LISTED = 10


def tell(finding: FlakinessFinding, terminal: Terminal, folder: Path) -> None:
    """Print what was found, and where all of it is kept."""
    for cell in finding.cells:
        terminal.result(f"{cell.tests} tests, trials in which something flaked: {cell.words}")
        for note in cell.notes:
            terminal.result(f"  {note}")
        for never in cell.never_passed[:MOST_LISTED]:
            terminal.result(f"  {shorten(never.test, limit=200)}: {never.words}")
        if len(cell.never_passed) > MOST_LISTED:
            terminal.result(f"  and {len(cell.never_passed) - MOST_LISTED} more that never passed")
    for cluster in finding.clusters:
        _tell_cluster(cluster, [each for each in finding.flakes if each.cluster == cluster.id], terminal)
    for warning in finding.warnings:
        terminal.result(f"warning: {shorten(warning, limit=400)}")
    terminal.result("")
    terminal.result(
        f"{finding.suite_trials} whole-suite and {finding.diagnosis_trials} targeted trials in {finding.seconds:.0f} s"
    )
    terminal.result(f"report: {(folder / 'report.html').resolve().as_uri()}")
    terminal.result(f"data:   {(folder / 'flakes.json').resolve()}")


def _tell_cluster(cluster: ClusterFinding, flakes: Sequence[FlakeFinding], terminal: Terminal) -> None:
    count = f", {len(cluster.tests)} tests" if len(cluster.tests) > 1 else ""
    terminal.result("")
    terminal.result(f"{cluster.id} {cluster.flake_class.value}{count}: {shorten(cluster.cause, limit=400)}")
    if cluster.mend:
        terminal.result(f"  {cluster.mend}")
    for flake in flakes[:MOST_LISTED]:
        terminal.result(f"  {shorten(flake.test, limit=200)}: {shorten(flake.reason, limit=400)}")
        if flake.alike:
            terminal.result(f"    and {len(flake.alike)} more parameters of the same test that fail the same way")
        if flake.replay is not None:
            terminal.result(f"    {flake.replay.words}: {flake.replay.command}")
    if len(flakes) > MOST_LISTED:
        terminal.result(f"  and {len(flakes) - MOST_LISTED} more tests")
