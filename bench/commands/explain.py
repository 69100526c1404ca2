"""`python -m bench explain`: one claim's evidence, down to the single block, and how to have it again."""

import argparse

from bench.commands import judging, report
from bench.configuration import config
from bench.errors import ExitCode
from bench.report.document import plain
from bench.report.explanation import explain, lines
from bench.storage import journal, run_folder
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Print what a run says of one claim; never measures anything."""
    found = config.read(options.config)
    folder = run_folder.find(options.reports or found.root / "reports", options.run)
    manifest = folder.read_manifest()
    trials, notice = journal.read(folder.journal)
    text = report.amended_claims(options, found, manifest)
    written = judging.judged(manifest, trials, claims_text=text, notices=[notice] if notice else [])
    explanations = explain(written.results, options.claim)
    for explanation in explanations:
        for line in lines(explanation):
            terminal.result(line)
    document = {"run": manifest.run_id, "explanations": plain(explanations)}
    terminal.document({"schema": "explanation/1", **document})
    return ExitCode.JUDGED
