"""From a run's folder to its judgement and the files of its report."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.analysis import analyse
from bench.claims import file as claims
from bench.errors import ExitCode
from bench.judgement.fitness import fitness
from bench.judgement.judge import judge
from bench.model import Trial
from bench.report import render
from bench.report.verdict_document import SCHEMA, verdict_document
from bench.results import Results
from bench.revalidation import Revalidation, revalidate
from bench.storage import journal
from bench.storage.files import json_bytes
from bench.storage.run_folder import Manifest, RunFolder
from bench.terminal import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a report says: the results, of the later dependency set where an upgrade was re-validated."""

    results: Results
    revalidation: Revalidation | None

    @property
    def unfit_because(self) -> tuple[str, ...]:
        """Say why no timing of the run counts."""
        return self.results.invalid_because if self.revalidation is None else self.revalidation.unfit_because


def judged(
    manifest: Manifest, trials: Sequence[Trial], *, claims_text: str | None = None, notices: Sequence[str] = ()
) -> Written:
    """Judge a run of either kind, one dependency set or two."""
    if manifest.revalidation is not None:
        found = revalidate(manifest, trials, claims_text=claims_text, notices=notices)
        return Written(results=found.after, revalidation=found)
    findings = analyse(manifest, trials, claims_text=claims_text, notices=notices)
    stated = claims.parse(manifest.claims_text if claims_text is None else claims_text, source="the claims")
    judgement = judge(findings, stated, fit=fitness(findings))
    return Written(results=Results(findings=findings, judgement=judgement), revalidation=None)


def write(
    folder: RunFolder, terminal: Terminal, *, claims_text: str | None = None, into: RunFolder | None = None
) -> Written:
    """Analyse the folder's journal and write the report's files beside it, or `into` another folder.

    `claims_text` that differs from the manifest's is an amendment, and the report says so; the page of the claims that
    the run was planned with stays as it is.
    """
    trials, notice = journal.read(folder.journal)
    found = judged(folder.read_manifest(), trials, claims_text=claims_text, notices=[notice] if notice else [])
    terminal.notice("drawing the report")
    (into or folder).write_files(render(found.results, found.revalidation))
    return found


def conclude(written: Written, folder: RunFolder, code: ExitCode, terminal: Terminal) -> None:
    """Write verdict.json, and say the verdict and where everything is, in words or as that JSON."""
    document = verdict_document(written.results, code=code, revalidation=written.revalidation)
    folder.write_files({"verdict.json": json_bytes(SCHEMA, document)})
    terminal.conclude(written.results, folder=folder.path, code=code, revalidation=written.revalidation)
    terminal.document({"schema": SCHEMA, **document, "report": str((folder.path / "report.html").resolve())})
