"""`python -m bench report`: a run's page, summary and data again, from its manifest and journal."""

import argparse

from bench import claims, config, journal, run_folder
from bench.analysis import analyse
from bench.config import Config
from bench.errors import ExitCode
from bench.findings import Analysis
from bench.report import render
from bench.run_folder import Manifest, RunFolder
from bench.storage import json_bytes
from bench.terminal import Terminal
from bench.verdict_document import SCHEMA, verdict_document


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Render a run again; never measures anything."""
    found = config.read(options.config)
    reports = options.reports or found.root / "reports"
    if options.list:
        names = run_folder.listing(reports)
        for name in names:
            terminal.result(name)
        terminal.document({"schema": "runs/1", "runs": names})
        return ExitCode.JUDGED
    folder = run_folder.find(reports, options.run)
    analysis = write(folder, terminal, claims_text=claims_text(options, found, folder.read_manifest()))
    code = ExitCode.UNFIT if analysis.invalid_because else ExitCode.JUDGED
    conclude(analysis, folder, code, terminal)
    return code


def claims_text(options: argparse.Namespace, found: Config, manifest: Manifest) -> str | None:
    """Read the claims to weigh a finished run against; None for those in its manifest."""
    path = options.claims or found.claims
    if not options.claims and (path is None or path.name != manifest.claims_file):
        return None
    known = [*found.names, *(row.id for row in manifest.plan.contenders)]
    return claims.read(path, contenders=list(dict.fromkeys(known)))[0]


def write(folder: RunFolder, terminal: Terminal, *, claims_text: str | None = None) -> Analysis:
    """Analyse the folder's journal and write the report's files beside it.

    `claims_text` that differs from the manifest's is an amendment, and the report says so.
    """
    trials, notice = journal.read(folder.journal)
    analysis = analyse(folder.read_manifest(), trials, claims_text=claims_text, notices=[notice] if notice else [])
    terminal.notice("drawing the report")
    folder.write_files(render(analysis))
    return analysis


def conclude(analysis: Analysis, folder: RunFolder, code: ExitCode, terminal: Terminal) -> None:
    """Write verdict.json, and say the verdict and where everything is, in words or as that JSON."""
    document = verdict_document(analysis, code=code)
    folder.write_files({"verdict.json": json_bytes(SCHEMA, document)})
    terminal.conclude(analysis, folder=folder.path, code=code)
    terminal.document({"schema": SCHEMA, **document, "report": str((folder.path / "report.html").resolve())})
