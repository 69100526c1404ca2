"""`python -m bench report`: a run's page, summary and data again, from its manifest and journal."""

import argparse
import json
from pathlib import Path

from bench import text
from bench.claims import file as claims
from bench.commands import asking
from bench.configuration import config
from bench.errors import ExitCode, RunError
from bench.storage import run_folder
from bench.storage.run_folder import Manifest, RunFolder
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Render a run again; never measures anything."""
    reports = asking.reports_of(options)
    if options.list:
        return _list(reports, terminal)
    from bench.commands import judging  # noqa: PLC0415 - statistics and drawing take seconds to import, a list needs none

    folder = run_folder.find(reports, options.run)
    if options.against:
        from bench.commands import against  # noqa: PLC0415 - as above

        return against.show(folder, run_folder.find(reports, options.against), terminal)
    amended = amended_claims(options, folder.read_manifest())
    into = folder if amended is None else RunFolder(folder.path / f"amended-{claims.hash_of(amended)[:12]}")
    written = judging.write(folder, terminal, claims_text=amended, into=into)
    code = ExitCode.UNFIT if written.unfit_because else ExitCode.JUDGED
    judging.conclude(written, into, code, terminal)
    return code


def _list(reports: Path, terminal: Terminal) -> ExitCode:
    """Print the runs, the oldest first: when, which profile, how far, and what was decided."""
    names = run_folder.listing(reports)
    rows = [_row(RunFolder(reports / name)) for name in names]
    columns = ("run", "profile", "status", "decision")
    for line in text.aligned([columns, *([row[name] for name in columns] for row in rows)]) if rows else ():
        terminal.result(line)
    terminal.document({"schema": "runs/1", "runs": names, "rows": rows})
    return ExitCode.JUDGED


def _row(folder: RunFolder) -> dict[str, str]:
    try:
        manifest = folder.read_manifest()
    except RunError:
        return {"run": folder.path.name, "profile": "", "status": "cannot be read", "decision": ""}
    try:
        decision = str(json.loads((folder.path / "verdict.json").read_bytes())["decision"])
    except (OSError, ValueError, LookupError, TypeError):
        decision = ""
    return {
        "run": folder.path.name,
        "profile": manifest.plan.frame.profile,
        "status": manifest.status,
        "decision": decision,
    }


def amended_claims(options: argparse.Namespace, manifest: Manifest) -> str | None:
    """Read the claims that the user asks to weigh a finished run against; None for those in its manifest.

    Only `--claims` amends: a claims file that was edited since the run never changes a kept verdict unasked.
    """
    if not options.claims:
        return None
    known = [*config.read(options.config).names, *(row.id for row in manifest.plan.frame.contenders)]
    stated = claims.read(options.claims, contenders=list(dict.fromkeys(known)))[0]
    return None if claims.hash_of(stated) == manifest.claims_hash else stated
