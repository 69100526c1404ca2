"""`python -m bench explain`: the evidence of one claim, down to the single block, or what became of one fault."""

import argparse
from pathlib import Path

from bench.commands import asking, judging, report
from bench.errors import ExitCode
from bench.experiments.registry import EXPERIMENTS
from bench.report.document import plain
from bench.report.explanation import explain, lines
from bench.results import Results
from bench.storage import journal, run_folder
from bench.storage.run_folder import Manifest
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Print what a run says of one claim or fault; never measures anything."""
    folder = run_folder.find(asking.reports_of(options), options.run)
    manifest = folder.read_manifest()
    trials, notice = journal.read(folder.journal)
    text = report.amended_claims(options, manifest)
    written = judging.judged(manifest, trials, claims_text=text, notices=[notice] if notice else [])
    if (said := _named(written.results, manifest, options.config.parent.resolve(), options.claim)) is not None:
        terminal.result(said)
        terminal.document({"schema": "explanation/1", "run": manifest.run_id, "named": options.claim, "text": said})
        return ExitCode.JUDGED
    explanations = explain(written.results, options.claim)
    for explanation in explanations:
        for line in lines(explanation):
            terminal.result(line)
    document = {"run": manifest.run_id, "explanations": plain(explanations)}
    terminal.document({"schema": "explanation/1", **document})
    return ExitCode.JUDGED


def _named(results: Results, manifest: Manifest, root: Path, name: str) -> str | None:
    """Return what an experiment of the run knows of a thing that it names itself, a fault for example."""
    for experiment, study in manifest.plan.studies.items():
        found = results.findings.by_experiment.get(experiment)
        said = None if found is None else EXPERIMENTS[experiment].explain(root, study, found, name)
        if said is not None:
            return said
    return None
