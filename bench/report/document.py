"""The analysis as JSON: every number of the page, from the same objects that the page is drawn from."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bench.model import Json
from bench.results import Results
from bench.revalidation import Revalidation

SCHEMA = "analysis/2"


def analysis_json(analysis: Results, revalidation: Revalidation | None = None) -> bytes:
    """Write the analysis with `schema` first and sorted keys; what an upgrade changed goes under `revalidation`.

    Raises ValueError on a number that is not finite: an analysis holds none.
    """
    content = plain(analysis)
    assert isinstance(content, dict), "a dataclass becomes an object"
    if revalidation is not None:
        beside = plain(revalidation)
        content["revalidation"] = {name: beside[name] for name in beside if name != "after"}
    ordered = {"schema": SCHEMA} | {key: content[key] for key in sorted(content)}
    return (json.dumps(ordered, indent=1, allow_nan=False) + "\n").encode("ascii")


def plain(found: Any) -> Json:
    """Turn findings into what JSON knows: objects with sorted keys, arrays, texts and numbers."""
    if isinstance(found, str | bool | int | float) or found is None:
        return found
    if dataclasses.is_dataclass(found):
        found = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    if isinstance(found, Mapping):
        return {str(key): plain(found[key]) for key in sorted(found, key=str)}
    if isinstance(found, Sequence):
        return [plain(item) for item in found]
    raise TypeError(f"{type(found).__name__} has no place in an analysis")
