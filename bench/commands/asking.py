"""What commands that measure ask before they do: configuration and claims, or the plan of a run that is continued.

Nothing heavy is imported here: a dry run ends after it.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench import program
from bench.campaign.plan import Plan
from bench.campaign.profiles import COMPARE
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
    reports = reports_of(options)
    server = server_of(options.database_url)
    return Question(config=found, reports=reports, claims_path=path, claims_text=text, server=server), stated


def reports_of(options: argparse.Namespace) -> Path:
    """Return the folder of all runs: the one that is named, else the one beside the configuration."""
    return Path(options.reports or options.config.parent.resolve() / "reports")


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
    if manifest.shards or manifest.plan.frame.shard is not None:
        raise RunError(
            f"the run {manifest.run_id} is {'merged from shards' if manifest.shards else 'a shard'}",
            cause="its blocks belong to several machines",
            hint=f"{program.name()} run --plan FILE --shard K/N continues a shard; then merge again",
        )
    begun_by = _begun_by(manifest)
    if begun_by != ("revalidate" if revalidates else _COMMANDS.get(options.command, "run")):
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause=_CAUSES[begun_by],
            hint=resume_command(manifest),
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
    shard = manifest.plan.frame.shard
    if shard is not None:
        return f"{program.name()} run --plan FILE --shard {shard.number}/{shard.of}   (the same command again)"
    return f"{program.session(_begun_by(manifest))} --resume {manifest.run_id}"


# Commands of `run` with one experiment begin runs of the same kind; those of these names have a kind of their own.
_COMMANDS = {name: name for name in ("revalidate", "blame", "flakes", COMPARE)}
_CAUSES = {
    "run": "it measures the contenders of a configuration under one dependency set",
    "revalidate": "a re-validation runs two dependency sets",
    "blame": "only blame builds the sets between two",
    "flakes": "it searches one suite for flakes",
    COMPARE: "it compares commands that were typed",
}


def _begun_by(manifest: Manifest) -> str:
    if "blame" in manifest.plan.studies:
        return "blame"
    if manifest.revalidation is not None:
        return "revalidate"
    return _COMMANDS.get(manifest.plan.frame.profile, "run")
