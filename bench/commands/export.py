"""`python -m bench export`: a run as tables for other programs, CSV or Parquet, with what each column holds."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from bench.commands import judging
from bench.configuration import config
from bench.errors import ExitCode
from bench.storage import frames, journal, run_folder
from bench.storage.files import storage_errors
from bench.storage.run_folder import RunFolder
from bench.terminal import Terminal

SCHEMA: Final = "export/1"


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Write the run's frames and the list of their columns; nothing is measured or judged anew."""
    reports = options.reports or config.read(options.config).root / "reports"
    folder = run_folder.find(reports, options.run)
    into = options.into or folder.path / "export"
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
