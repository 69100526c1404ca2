"""Ask uv whether the pins of a set go together, without installing them; answers are kept."""

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from bench.dependency_sets.group import name_of
from bench.dependency_sets.locked import PIN, LockedSet
from bench.dependency_sets.resolution import explanation
from bench.errors import RegistryError
from bench.running import uv_process
from bench.storage.files import json_bytes, write_atomically

SCHEMA = "dry-resolution/1"
# Every version is bound already: a pre-release among them is meant.
COMPILE = ("pip", "compile", "--quiet", "--no-header", "--no-annotate", "--prerelease", "allow")


@dataclass(frozen=True, slots=True, kw_only=True)
class DryResolver:
    """Where to resolve (`root`, whose uv settings count), where answers are kept, and what the suites ask for.

    `requirements` may name packages that a set does not have (httpx2 in an old set): those are not asked for.
    """

    root: Path
    cache: Path
    requirements: Sequence[str]
    run: Callable[..., str | None] = uv_process.run

    def __call__(self, locked: LockedSet) -> str:
        """Return why the set does not go together, '' if it does.

        It goes together if uv, bound to the set's versions, needs nothing that the set lacks. Raises RegistryError if
        nobody answers and uv has not kept what it must know.
        """
        pins = dict(locked.versions_here)
        asked = [text for text in self.requirements if name_of(text) in pins] or sorted(pins)
        question = {"requirements": sorted(asked), "pins": pins, "python": sys.version}
        key = hashlib.sha256(json_bytes(SCHEMA, question)).hexdigest()[:24]
        kept = self.cache / f"dry-{key}.json"
        try:
            return str(json.loads(kept.read_bytes())["because"])
        except (OSError, ValueError, LookupError):
            because = self._resolve(locked.name, _without_versions(asked), pins)
            write_atomically(kept, json_bytes(SCHEMA, {"because": because}))
            return because

    def _resolve(self, name: str, asked: Sequence[str], pins: Mapping[str, str]) -> str:
        with tempfile.TemporaryDirectory(prefix="twinbench-resolve-") as folder:
            wanted, bounds, answer = (Path(folder) / file for file in ("asked.in", "bounds.txt", "answer.txt"))
            wanted.write_text("\n".join([*asked, ""]), encoding="utf-8")
            bounds.write_text("".join(f"{package}=={version}\n" for package, version in pins.items()), encoding="utf-8")
            files = (str(wanted), "--constraint", str(bounds), "--output-file", str(answer))
            options = (*COMPILE, "--python", sys.executable)
            stderr = self.run(*options, *files, cwd=self.root)
            if stderr is not None and uv_process.is_offline(stderr):
                stderr = self.run(*options, "--offline", *files, cwd=self.root)  # what uv has kept may do
            if stderr is None:
                return _lacking(answer.read_text(encoding="utf-8"), pins)
        if uv_process.is_offline(stderr):
            raise RegistryError(
                f"nobody can say whether the dependency set {name!r} goes together: no registry answers",
                cause=explanation(stderr),
                hint="go online and continue with --resume; what was measured is kept",
            )
        return explanation(stderr)


def _without_versions(requirements: Sequence[str]) -> list[str]:
    """Keep names and extras: what the project asks of today must not refuse the versions of an old set."""
    parsed = map(Requirement, requirements)
    return [f"{each.name}[{','.join(sorted(each.extras))}]" if each.extras else each.name for each in parsed]


def _lacking(answer: str, pins: Mapping[str, str]) -> str:
    lacking = sorted({name for name, _, _ in PIN.findall(answer)} - pins.keys())
    return f"it lacks {', '.join(lacking)}" if lacking else ""
