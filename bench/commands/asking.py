"""What commands that measure ask before they do: configuration and claims, or the plan of a run that is continued.

Nothing heavy is imported here: a dry run ends after it.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.campaign.plan import Plan
from bench.claims import file as claims
from bench.claims.claim import Claim
from bench.configuration.config import Config
from bench.errors import ConfigurationError, RunError
from bench.storage.run_folder import Manifest, RunFolder

DECISIONS = ("challenged", "undetermined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked and where the answers go: a checked configuration, the claims, the folder of all runs."""

    config: Config
    reports: Path
    claims_path: Path | None
    claims_text: str
    server: str = ""


def question(options: argparse.Namespace, found: Config) -> tuple[Question, tuple[Claim, ...]]:
    """Read the claims that the options name, else those of the configuration."""
    path = options.claims or found.claims
    text, stated = claims.read(path, contenders=found.names)
    reports = options.reports or found.root / "reports"
    server = server_of(options.database_url)
    return Question(config=found, reports=reports, claims_path=path, claims_text=text, server=server), stated


def server_of(database_url: str | None) -> str:
    """Name a database server without its password; '' for the embedded one."""
    if not database_url:
        return ""
    parts = urlsplit(database_url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}"


def fail_on(text: str) -> frozenset[str]:
    """Read the decisions of --fail-on; raise ConfigurationError for any other word."""
    words = frozenset(filter(None, (word.strip() for word in text.split(","))))
    unknown = words - {*DECISIONS}
    if unknown:
        raise ConfigurationError(
            f"--fail-on does not know {min(unknown)!r}", hint="use challenged, undetermined, or both with a comma"
        )
    return words


FIXED = (
    "claims",
    "profile",
    "budget",
    "backend",
    "contender",
    "dependency_set",
    "seed",
    "load_limit",
    "from",
    "to",
    "upgrade",
)


def resumed_plan(resumed: RunFolder, options: argparse.Namespace, *, revalidates: bool = False) -> Plan:
    """Give the plan that a run was begun with; raise if it was edited since, or if the options ask for another."""
    given = [name for name in FIXED if getattr(options, name, None) not in (None, [])]
    if given:
        raise ConfigurationError(
            f"--{given[0].replace('_', '-')} cannot be changed for a run that was begun",
            cause=f"the plan of {resumed.path.name} was written down before its first trial",
            hint="leave the option out, or start a new run without --resume",
        )
    manifest = resumed.read_manifest()
    if (manifest.revalidation is not None) != revalidates:
        session = "bench" if revalidates else "revalidate"
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause="a re-validation runs two dependency sets, a bench one",
            hint=f"nox -s {session} -- --resume {manifest.run_id}",
        )
    if ("blame" in manifest.plan.studies) != (options.command == "blame"):
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause="only blame builds the sets between two",
            hint=resume_command(manifest),
        )
    if manifest.plan.frame.profile == "flakes" and options.command != "flakes":
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause="it searches one suite for flakes",
            hint=f"python -m bench flakes --resume {manifest.run_id}",
        )
    if manifest.plan.hash != manifest.plan_hash:
        raise RunError(
            f"the plan of the run {manifest.run_id} was changed after it was begun",
            cause=f"its hash is {manifest.plan.hash[:12]}, the manifest says {manifest.plan_hash[:12]}",
            hint="restore manifest.json, or start a new run without --resume",
        )
    return manifest.plan


def resume_command(manifest: Manifest) -> str:
    """Return the command that continues a run, as it has to be typed."""
    if "blame" in manifest.plan.studies:
        return f"nox -s blame -- --resume {manifest.run_id}"
    session = "bench" if manifest.revalidation is None else "revalidate"
    return f"nox -s {session} -- --resume {manifest.run_id}"
