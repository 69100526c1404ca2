"""A plan in a file of its own: what several machines measure together, decided before the first of them begins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from bench.campaign import plan as plans
from bench.campaign.plan import Plan
from bench.errors import ConfigurationError
from bench.storage.files import json_bytes, write_atomically

SCHEMA: Final = "frozen/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A plan with its claims, and what has to be the same on every machine.

    `name` begins the names of the shards' runs. `code` names the code in each contender's directory, and `locks` the
    text of each dependency set by its hash; `revision` is that of the harness.
    """

    name: str
    plan: Plan
    claims_file: str
    claims_text: str
    command: str
    harness_version: str
    revision: str
    code: Mapping[str, str]
    locks: Mapping[str, str]


def write(path: Path, frozen: Frozen) -> None:
    """Write the plan to `path`; raise ConfigurationError if the file exists."""
    if path.exists():
        raise ConfigurationError(
            f"{path} exists", cause="a plan that machines may measure by is never overwritten", hint="name another file"
        )
    write_atomically(path, json_bytes(SCHEMA, msgspec.to_builtins(frozen)))


def read(path: Path) -> Frozen:
    """Read a plan; raise ConfigurationError if it is none, or one of another version."""
    try:
        document = msgspec.json.decode(path.read_bytes())
        schema = document.pop("schema", None) if isinstance(document, dict) else None
        if schema != SCHEMA:
            raise msgspec.ValidationError(f"its schema is {schema!r}, this version reads {SCHEMA!r}")
        return replace(msgspec.convert(document, Frozen), plan=plans.decode(document["plan"]))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} holds no plan", cause=str(error), hint="make one with --freeze FILE, of run or compare"
        ) from error
