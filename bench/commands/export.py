"""`python -m bench export`: a run for other programs: tables with their columns, a test report, mutation reports."""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from bench.commands import asking, judging
from bench.configuration import config
from bench.configuration.config import Config
from bench.errors import ConfigurationError, ExitCode
from bench.experiments.faults import stryker
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.study import NAME as FAULTS
from bench.report.junit import junit
from bench.report.summary import summary
from bench.storage import frames, journal, run_folder
from bench.storage.files import storage_errors
from bench.storage.run_folder import RunFolder
from bench.terminal import Terminal

SCHEMA: Final = "export/1"
MUTATION_REPORT: Final = "stryker"
TEST_REPORT: Final = "junit"
COMMENT: Final = "github"
BADGE: Final = "badge"
STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
# The colours of the badge's decision, as shields.io names them.
COLOURS: Final = {"stands": "brightgreen", "challenged": "red", "undetermined": "yellow", "compared": "blue"}


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Write the run's frames and the list of their columns; nothing is measured or judged anew."""
    folder = run_folder.find(asking.reports_of(options), options.run)
    into = options.into or folder.path / "export"
    if options.to == MUTATION_REPORT:
        return _mutation_reports(folder, config.read(options.config), into, terminal)
    if options.to == TEST_REPORT:
        return _test_report(folder, into, terminal)
    if options.to == COMMENT:
        return _step_summary(folder, terminal)
    if options.to == BADGE:
        return _badge(folder, into, terminal)
    tables = _tables(folder)
    with storage_errors(into):
        into.mkdir(parents=True, exist_ok=True)
        written = [_write(table, into / f"{name}.{options.to}") for name, table in tables.items()]
        _columns().to_csv(into / "columns.csv", index=False)
    for path, table in zip(written, tables.values(), strict=True):
        terminal.result(f"{path}: {len(table):,} rows")
    terminal.result(f"{into / 'columns.csv'}: what each column holds, and its unit")
    terminal.document({"schema": SCHEMA, "run": folder.path.name, "files": [str(path.resolve()) for path in written]})
    return ExitCode.JUDGED


def _tables(folder: RunFolder) -> Mapping[str, pd.DataFrame]:
    trials, _ = journal.read(folder.journal)
    results = judging.judged(folder.read_manifest(), trials).results
    found = results.flakiness
    return {
        "trials": frames.trials(trials),
        "tests": frames.tests(trials),
        "requests": frames.requests(trials),
        "micro": frames.micro(trials),
        "flakes": frames.flakes(found.flakes if found else ()),
        "claims": frames.claims(results.claims),
    }


def _write(table: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False)
    return path


def _columns() -> pd.DataFrame:
    rows = [
        (name, column, kind, says)
        for name, columns in frames.COLUMNS.items()
        for column, (kind, says) in columns.items()
    ]
    return pd.DataFrame(rows, columns=["table", "column", "type", "holds"])


def _test_report(folder: RunFolder, into: Path, terminal: Terminal) -> ExitCode:
    """Write the decision, the claims and the comparisons as test cases."""
    trials, _ = journal.read(folder.journal)
    written = into / "claims.xml"
    with storage_errors(into):
        into.mkdir(parents=True, exist_ok=True)
        written.write_bytes(junit(judging.judged(folder.read_manifest(), trials).results))
    terminal.result(str(written))
    terminal.document({"schema": SCHEMA, "run": folder.path.name, "files": [str(written.resolve())]})
    return ExitCode.JUDGED


def _step_summary(folder: RunFolder, terminal: Terminal) -> ExitCode:
    """Add the run's summary to the page of a workflow's job; raise ConfigurationError outside one."""
    target = os.environ.get(STEP_SUMMARY)
    if not target:
        raise ConfigurationError(
            f"{STEP_SUMMARY} is not set",
            cause="GitHub sets it in each step of a workflow, and nobody else does",
            hint=f"elsewhere, take {folder.path / 'summary.md'} itself",
        )
    trials, _ = journal.read(folder.journal)
    found = judging.judged(folder.read_manifest(), trials)
    with storage_errors(Path(target)), open(target, "ab") as file:
        file.write(summary(found.results, found.revalidation))
    terminal.result(f"added to {STEP_SUMMARY}: the summary of {folder.path.name}")
    terminal.document({"schema": SCHEMA, "run": folder.path.name, "files": [target]})
    return ExitCode.JUDGED


def _badge(folder: RunFolder, into: Path, terminal: Terminal) -> ExitCode:
    """Write the decision as an endpoint badge of shields.io."""
    trials, _ = journal.read(folder.journal)
    found = judging.judged(folder.read_manifest(), trials).results
    word = "invalid" if found.invalid_because else found.decision.decision.value
    document = {"schemaVersion": 1, "label": "twinbench", "message": word, "color": COLOURS.get(word, "lightgrey")}
    written = into / "badge.json"
    with storage_errors(into):
        into.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(document, indent=1), encoding="utf-8")
    terminal.result(str(written))
    terminal.document({"schema": SCHEMA, "run": folder.path.name, "files": [str(written.resolve())]})
    return ExitCode.JUDGED


def _mutation_reports(folder: RunFolder, found: Config, into: Path, terminal: Terminal) -> ExitCode:
    """Write one mutation report for each arm and database of a fault study."""
    trials, _ = journal.read(folder.journal)
    manifest = folder.read_manifest()
    seen = judging.judged(manifest, trials).results.findings.of(FaultsFinding)
    study = manifest.plan.studies.get(FAULTS)
    if seen is None or study is None:
        raise ConfigurationError(
            f"the run {folder.path.name} put no faults before the suites",
            cause="only a fault study has a mutation report",
            hint="nox -s bench -- faults, then export that run",
        )
    written = []
    with storage_errors(into):
        into.mkdir(parents=True, exist_ok=True)
        for name, report in stryker.reports(found.root, study, seen, trials):
            written.append(into / f"{name}.json")
            written[-1].write_bytes(json.dumps(report, indent=1).encode())
    for path in written:
        terminal.result(str(path))
    terminal.document({"schema": SCHEMA, "run": folder.path.name, "files": [str(path.resolve()) for path in written]})
    return ExitCode.JUDGED
