"""A run's folder under `reports/`: its manifest, written before the first trial, and its files."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import msgspec

from bench.campaign import plan as plans
from bench.campaign.plan import Plan
from bench.errors import RunError
from bench.flakiness.ledger import EarlierTrials
from bench.storage.files import json_bytes, storage_errors, write_atomically
from bench.storage.history import History
from bench.storage.noise_floor import NoiseFloorHistory

SCHEMA = "manifest/2"
Status = Literal["running", "complete", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencySet:
    """A dependency set as it was measured: the lock's text and what was really installed.

    A re-validation knows more: `locked` are the versions that the text asks for on this platform, `modules` maps a
    top-level module to the distribution that holds it, and `considered_until` is the day up to which releases were
    considered, '' where nobody knows.
    """

    text: str
    sha256: str
    python: str
    packages: Mapping[str, str]
    locked: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    considered_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFailure:
    """Why a dependency set could not be measured at all."""

    stage: Literal["resolve", "install"]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevalidationRecord:
    """What a re-validation was about: the two sets, those of them that failed, and the earlier re-validations."""

    before: str
    after: str
    failures: Mapping[str, SetFailure] = field(default_factory=dict)
    history: History = field(default_factory=History)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardRecord:
    """One of the machines whose trials were merged: its number, the name of its run, what it is, and its trials."""

    number: int
    run_id: str
    status: Status
    machine: Mapping[str, str]
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything about a run that its journal does not tell.

    `probe` is the folder of the plugins as it is reached from the folder of the configuration. `command` is the command
    line that the run was begun with, in full: it starts the same schedule again. `program` is how ours was called.
    `server` identifies the database
    server, '' without one: a run is never continued on another. `shards` are the machines that a merged run is from.
    """

    run_id: str
    started: str
    status: Status
    plan: Plan
    plan_hash: str
    claims_file: str
    claims_text: str
    claims_hash: str
    dependency_sets: Mapping[str, DependencySet]
    noise_floor: NoiseFloorHistory
    machine: Mapping[str, str]
    harness_version: str
    revision: str
    earlier_trials: EarlierTrials = field(default_factory=EarlierTrials)
    probe: str = "bench/probe"
    command: str = ""
    program: str = "python -m bench"
    server: str = ""
    revalidation: RevalidationRecord | None = None
    shards: tuple[ShardRecord, ...] = ()


class RunFolder:
    """The files of one run."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is read yet."""
        self.path = path

    @property
    def journal(self) -> Path:
        """Give the path of the journal."""
        return self.path / "trials.jsonl"

    def write_manifest(self, manifest: Manifest) -> None:
        """Write the manifest in one step."""
        write_atomically(self._manifest, json_bytes(SCHEMA, msgspec.to_builtins(manifest)))

    def read_manifest(self) -> Manifest:
        """Read the manifest; raise RunError when it is missing or of another version."""
        try:
            document = msgspec.json.decode(self._manifest.read_bytes())
            schema = document.pop("schema", None) if isinstance(document, dict) else None
            if schema != SCHEMA:
                raise msgspec.ValidationError(f"its schema is {schema!r}, this version reads {SCHEMA!r}")
            return replace(msgspec.convert(document, Manifest), plan=plans.decode(document["plan"]))
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise RunError(
                f"the run {self.path.name} has no readable manifest",
                cause=str(error),
                hint="python -m bench report --list shows the runs that can be read",
            ) from error

    def set_status(self, status: Status) -> None:
        """Change only the manifest's status."""
        self.write_manifest(replace(self.read_manifest(), status=status))

    def write_files(self, files: Mapping[str, bytes]) -> None:
        """Write the rendered files, each in one step."""
        for name, content in files.items():
            write_atomically(self.path / name, content)

    @property
    def _manifest(self) -> Path:
        return self.path / "manifest.json"


def create(reports: Path, manifest: Manifest) -> RunFolder:
    """Make the folder of a new run and lead `reports/latest` to it; raise RunError if it exists."""
    run_id = manifest.run_id
    folder = RunFolder(reports / run_id)
    with storage_errors(folder.path):
        try:
            folder.path.mkdir(parents=True)
        except FileExistsError as error:
            raise RunError(
                f"the run {run_id} exists already",
                cause="a run is never written twice",
                hint=f"continue it with --resume {run_id}, or wait a second for another name",
            ) from error
    folder.write_manifest(manifest)
    _point_latest(reports, run_id)
    return folder


def find(reports: Path, run_id: str | None) -> RunFolder:
    """Find a run by its name or path, the newest without one or as `latest`; raise RunError if there is none."""
    runs = listing(reports)
    name = "latest" if run_id is None else Path(run_id).name
    if name == "latest" and runs:
        return RunFolder(reports / runs[-1])
    if name in runs:
        return RunFolder(reports / name)
    raise RunError(
        f"there is no run {run_id}" if run_id else "there is no run yet",
        cause=f"{reports} holds {', '.join(runs[-5:]) or 'no runs'}",
        hint="measure one with: nox -s bench",
    )


def listing(reports: Path) -> list[str]:
    """Name the runs under `reports`, oldest first."""
    if not reports.is_dir():
        return []
    return sorted(path.parent.name for path in reports.glob("*/manifest.json") if not path.parent.is_symlink())


def _point_latest(reports: Path, run_id: str) -> None:
    """Lead `reports/latest` to the run; a system without symbolic links goes without."""
    temporary = reports / f".latest.{os.getpid()}"
    with suppress(OSError):
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(run_id, target_is_directory=True)
        temporary.replace(reports / "latest")
