"""Resolve requirements to hashed pins with uv, and remember the answer for a day without a registry."""

import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.dependency_sets.locked import DAY, dated
from bench.errors import DependencySetError, RegistryError, UnresolvableError
from bench.running import uv_process
from bench.storage.files import json_bytes, write_atomically

# Requirements format with hashes: the one output of uv that holds no registry's address.
COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate"),
)
UNKNOWN = re.compile(r"(?:Because |and )([\w.-]+) was not found in the (?:package registry|provided package locations)")
EXPLANATION_LIMIT = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Where to resolve (`root`, whose uv settings count), where answers are kept, and whom to tell."""

    root: Path
    cache: Path
    notify: Callable[[str], None]

    def __call__(
        self,
        requirements: Sequence[str],
        *,
        name: str,
        arguments: Sequence[str] = (),
        constraints: str = "",
        preferences: str = "",
    ) -> str:
        """Give the pins; versions of `preferences` are kept wherever the rest allows.

        Without a registry the answer to the same question is taken from an earlier day, and that is said.
        Raises UnresolvableError with uv's explanation, and RegistryError where there is no answer at all.
        """
        question = {
            "requirements": sorted(requirements),
            "arguments": list(arguments),
            "constraints": constraints,
            "preferences": preferences,
        }
        kept = self.cache / f"{name}-{hashlib.sha256(json_bytes('resolution/1', question)).hexdigest()[:16]}.txt"
        try:
            pins = self._compile(requirements, name, arguments, constraints, preferences)
        except RegistryError:
            if not kept.exists():
                raise
            answer = kept.read_text(encoding="utf-8")
            day = DAY.search(answer)
            when = day[1] if day else "a past day"
            self.notify(f"note: no registry answers; {name!r} is as it was resolved on {when}")
            return answer
        answer = dated(pins, day=datetime.now(UTC).date().isoformat())
        write_atomically(kept, answer.encode())
        return answer

    def _compile(
        self, requirements: Sequence[str], name: str, arguments: Sequence[str], constraints: str, preferences: str
    ) -> str:
        with tempfile.TemporaryDirectory(prefix="twinbench-resolve-") as folder:
            asked, bounds, answer = (Path(folder) / file for file in ("asked.in", "bounds.txt", "answer.txt"))
            asked.write_text("\n".join(requirements) + "\n", encoding="utf-8")
            bounds.write_text(constraints, encoding="utf-8")
            answer.write_text(preferences, encoding="utf-8")
            files = (str(asked), "--constraint", str(bounds), "--output-file", str(answer))
            stderr = uv_process.run(*COMPILE, *arguments, *files, cwd=self.root)
            if stderr is not None:
                raise _failure(name, stderr)
            return answer.read_text(encoding="utf-8")


def _failure(name: str, stderr: str) -> DependencySetError:
    unknown = UNKNOWN.search(stderr)
    if uv_process.is_offline(stderr):
        return RegistryError(
            f"the dependency set {name!r} cannot be resolved: no registry answers",
            cause=explanation(stderr),
            hint="go online once: what was resolved is kept, and is used again offline",
        )
    if unknown:
        return UnresolvableError(
            f"the dependency set {name!r} asks for an unknown package: {unknown[1]}",
            cause=explanation(stderr),
            hint="check the spelling; a package of your own needs its index in UV_INDEX or UV_FIND_LINKS",
        )
    return UnresolvableError(
        f"the dependency set {name!r} has no solution",
        cause=explanation(stderr),
        hint="loosen one of the requirements that uv names",
    )


def explanation(stderr: str) -> str:
    """Shorten uv's words to its reasoning, as one paragraph without a registry's address."""
    lines = [re.sub(r"^\s*(?:error|cause|hint):\s*", "", line).strip() for line in stderr.splitlines()]
    because = next((place for place, line in enumerate(lines) if line.startswith("Because")), 0)
    said = " ".join(filter(None, lines[because:]))
    return said if len(said) <= EXPLANATION_LIMIT else f"{said[:EXPLANATION_LIMIT]} [...]"
