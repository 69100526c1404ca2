"""`python -m bench explain`: the evidence of one claim, down to the single block, or what became of one fault."""

import argparse

from bench.commands import judging, report
from bench.configuration import config
from bench.configuration.config import Config
from bench.errors import ExitCode
from bench.experiments.faults.explaining import explain as faults_explain
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.reading import read_faults
from bench.experiments.faults.sight import best_states
from bench.experiments.faults.study import NAME as FAULTS
from bench.report.document import plain
from bench.report.explanation import explain, lines
from bench.results import Results
from bench.storage import journal, run_folder
from bench.storage.run_folder import Manifest
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Print what a run says of one claim or fault; never measures anything."""
    found = config.read(options.config)
    folder = run_folder.find(options.reports or found.root / "reports", options.run)
    manifest = folder.read_manifest()
    trials, notice = journal.read(folder.journal)
    text = report.amended_claims(options, found, manifest)
    written = judging.judged(manifest, trials, claims_text=text, notices=[notice] if notice else [])
    if (faulty := _fault(written.results, manifest, found, options.claim)) is not None:
        terminal.result(faulty)
        terminal.document({"schema": "explanation/1", "run": manifest.run_id, "fault": faulty})
        return ExitCode.JUDGED
    explanations = explain(written.results, options.claim)
    for explanation in explanations:
        for line in lines(explanation):
            terminal.result(line)
    document = {"run": manifest.run_id, "explanations": plain(explanations)}
    terminal.document({"schema": "explanation/1", **document})
    return ExitCode.JUDGED


def _fault(results: Results, manifest: Manifest, found: Config, name: str) -> str | None:
    """Return what is known of a fault of the run, None where the name is none of a fault."""
    study = manifest.plan.studies.get(FAULTS)
    seen = results.findings.of(FaultsFinding)
    if study is None or seen is None or name not in {fault.id for fault in seen.faults}:
        return None
    faults = read_faults(found.root / study.folder)
    return faults_explain(
        faults,
        next(fault for fault in seen.faults if fault.id == name),
        arms=seen.arms,
        best=best_states(seen.sightings),
        kills=seen.kills,
        proofs=seen.proofs,
    )
