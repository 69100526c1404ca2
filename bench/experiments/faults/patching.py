"""Change copies of an application; the user's files are only ever read."""

import difflib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.experiments.faults.fault import Change, Fault

LEFT_OUT = ("__pycache__", ".git", ".venv", "node_modules", "*.pyc", "*.db", "*.sqlite")


class MovedError(Exception):
    """The code is no longer what the fault changes; the text says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyFile:
    """A file before and after; `lines` are the numbers, in the clean file, whose execution can meet the change."""

    path: str
    before: str
    after: str
    lines: tuple[int, ...]

    @property
    def diff(self) -> str:
        """Show the change as a unified diff."""
        names = (f"a/{self.path}", f"b/{self.path}")
        return "".join(
            difflib.unified_diff(self.before.splitlines(keepends=True), self.after.splitlines(keepends=True), *names)
        )


def faulty_files(application: Path, fault: Fault) -> tuple[FaultyFile, ...]:
    """Return each file that a fault changes; raise MovedError if an anchor does not match exactly once."""
    before = {name: _read(application, name) for name in fault.files}
    after = dict(before)
    for change in fault.changes:
        after[change.file] = _exchanged(after[change.file], change)
    files = tuple(
        FaultyFile(path=name, before=before[name], after=after[name], lines=changed_lines(before[name], after[name]))
        for name in fault.files
    )
    for file in files:
        _check_compiles(file)
    return files


def changed_lines(before: str, after: str) -> tuple[int, ...]:
    """Return the lines of `before` that are replaced or deleted, and the neighbours of what is inserted."""
    matcher = difflib.SequenceMatcher(a=before.splitlines(), b=after.splitlines(), autojunk=False)
    lines: set[int] = set()
    for tag, begin, end, _, _ in matcher.get_opcodes():
        if tag in ("replace", "delete"):
            lines.update(range(begin + 1, end + 1))
        elif tag == "insert":
            lines.update((begin, begin + 1))
    return tuple(sorted(line for line in lines if line > 0))


def copy_application(application: Path, target: Path) -> Path:
    """Copy a folder or file below `target` under the same name and return where the copy is."""
    copied = target / application.name
    target.mkdir(parents=True, exist_ok=True)
    if application.is_dir():
        shutil.copytree(application, copied, ignore=shutil.ignore_patterns(*LEFT_OUT))
    else:
        shutil.copy2(application, copied)
    return copied


def faulty_copy(application: Path, fault: Fault | None, target: Path) -> Path:
    """Copy an application and put a fault into the copy, none for None; return `target`, which suites import from.

    Raises MovedError before anything is copied.
    """
    files = faulty_files(application, fault) if fault is not None else ()
    copied = copy_application(application, target)
    for file in files:
        place = copied / file.path if application.is_dir() else copied
        place.write_text(file.after, encoding="utf-8")
    return target


def diff_of(application: Path, fault: Fault) -> str:
    """Show a fault as a unified diff."""
    return "".join(file.diff for file in faulty_files(application, fault))


def moved(application: Path, faults: tuple[Fault, ...]) -> Mapping[str, str]:
    """Return why faults cannot be put into this application, by the fault's id; none is missing from it by accident."""
    reasons = {}
    for fault in faults:
        try:
            faulty_files(application, fault)
        except MovedError as error:
            reasons[fault.id] = str(error)
    return reasons


def _read(application: Path, name: str) -> str:
    path = application / name if application.is_dir() else application
    if not application.is_dir() and name != application.name:
        raise MovedError(f"{name} is not the application, which is the one file {application.name}")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MovedError(f"{name} cannot be read: {error}") from error


def _exchanged(text: str, change: Change) -> str:
    occurrences = text.count(change.anchor)
    if occurrences != 1:
        where = "is not there any more" if not occurrences else f"occurs {occurrences} times"
        raise MovedError(f"the anchor in {change.file} {where}: {change.anchor.strip().splitlines()[0]!r}")
    return text.replace(change.anchor, change.replacement)


def _check_compiles(file: FaultyFile) -> None:
    if not file.path.endswith(".py"):
        return
    try:
        compile(file.after, file.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise MovedError(f"the changed {file.path} is no Python: {error.msg} (line {error.lineno})") from error
