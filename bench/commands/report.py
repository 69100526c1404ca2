"""`python -m bench report`: a run's page, summary and data again, from its manifest and journal."""

import argparse

from bench.claims import file as claims
from bench.commands import asking
from bench.configuration import config
from bench.errors import ExitCode
from bench.storage import run_folder
from bench.storage.run_folder import Manifest, RunFolder
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Render a run again; never measures anything."""
    reports = asking.reports_of(options)
    if options.list:
        names = run_folder.listing(reports)
        for name in names:
            terminal.result(name)
        terminal.document({"schema": "runs/1", "runs": names})
        return ExitCode.JUDGED
    from bench.commands import judging  # noqa: PLC0415 - statistics and drawing take seconds to import, a list needs none

    folder = run_folder.find(reports, options.run)
    amended = amended_claims(options, folder.read_manifest())
    into = folder if amended is None else RunFolder(folder.path / f"amended-{claims.hash_of(amended)[:12]}")
    written = judging.write(folder, terminal, claims_text=amended, into=into)
    code = ExitCode.UNFIT if written.unfit_because else ExitCode.JUDGED
    judging.conclude(written, into, code, terminal)
    return code


def amended_claims(options: argparse.Namespace, manifest: Manifest) -> str | None:
    """Read the claims that the user asks to weigh a finished run against; None for those in its manifest.

    Only `--claims` amends: a claims file that was edited since the run never changes a kept verdict unasked.
    """
    if not options.claims:
        return None
    known = [*config.read(options.config).names, *(row.id for row in manifest.plan.frame.contenders)]
    stated = claims.read(options.claims, contenders=list(dict.fromkeys(known)))[0]
    return None if claims.hash_of(stated) == manifest.claims_hash else stated
