"""What is wrong with a dependency set: what did not resolve or install, and what its trials and warnings say."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from bench.experiments.speed.study import NAME as TIMING
from bench.model import Outcome, Trial
from bench.paired.equal_work import failed
from bench.revalidation.attribution import Blame, blame
from bench.revalidation.findings import Problem, Stage, Standing
from bench.revalidation.packages import normalised
from bench.storage.run_folder import DependencySet, Manifest

LINE_LIMIT = 300
NAMED = r"((?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Warning|Exception)\b.*)$"
MARKED = re.compile(rf"^E\s+{NAMED}", flags=re.MULTILINE)
ERROR = re.compile(rf"^{NAMED}", flags=re.MULTILINE)
SHOUTED = re.compile(r"^(?:ERROR|.*\berror): (.*)$", flags=re.MULTILINE)
DETAIL = re.compile(r"^E\s+(.+)$", flags=re.MULTILINE)
VARYING = re.compile(r"0x[0-9a-f]+|\d+")
STAGES = {"resolve": Stage.RESOLVE, "install": Stage.INSTALL}


class Complaint(NamedTuple):
    """One thing that went wrong in one trial, before equal ones are put together."""

    stage: Stage
    contender: str
    backend: str
    test: str
    line: str
    words: str

    @property
    def key(self) -> tuple[Stage, str]:
        """Tell equal complaints by their stage and their line without what varies."""
        return self.stage, VARYING.sub("#", self.line)


def problems(
    manifest: Manifest, trials: Sequence[Trial], *, before: str, after: str, changed: Collection[str]
) -> tuple[Problem, ...]:
    """List what is wrong with either set, what is new first."""
    modules = {
        module: package
        for name in (before, after)
        if name in manifest.dependency_sets
        for module, package in manifest.dependency_sets[name].modules.items()
    }
    found = {name: _grouped(_complaints(manifest, trials, name)) for name in (before, after)}
    common = found[before].keys() & found[after].keys()
    told: list[tuple[str, Standing, list[Complaint]]] = [
        *((after, "under both" if key in common else "new", group) for key, group in found[after].items()),
        *((before, "gone", group) for key, group in found[before].items() if key not in common),
    ]
    listed = [
        _problem(name, standing, group, blame(_words(group), modules=modules, changed=changed))
        for name, standing, group in told
    ]
    order = ("new", "under both", "gone")
    return tuple(sorted(listed, key=lambda problem: (order.index(problem.standing), list(Stage).index(problem.stage))))


def _grouped(complaints: Iterable[Complaint]) -> dict[tuple[Stage, str], list[Complaint]]:
    groups: dict[tuple[Stage, str], list[Complaint]] = {}
    for complaint in complaints:
        groups.setdefault(complaint.key, []).append(complaint)
    return groups


def _words(group: Sequence[Complaint]) -> str:
    return "\n".join(complaint.words for complaint in group[:3])


def _problem(dependency_set: str, standing: Standing, group: Sequence[Complaint], suspect: Blame) -> Problem:
    tests = sorted({complaint.test for complaint in group} - {""})
    return Problem(
        stage=group[0].stage,
        dependency_set=dependency_set,
        standing=standing,
        contenders=tuple(dict.fromkeys(c.contender for c in group if c.contender)),
        backends=tuple(dict.fromkeys(c.backend for c in group if c.backend)),
        tests=len(tests),
        first_test=tests[0] if tests else "",
        line=group[0].line,
        package=suspect.package,
        because=suspect.because,
    )


def _complaints(manifest: Manifest, trials: Sequence[Trial], name: str) -> Iterator[Complaint]:
    record = manifest.revalidation
    if record is not None and name in record.failures:
        failure = record.failures[name]
        yield Complaint(STAGES[failure.stage], "", "", "", _first_line(failure.message), failure.message)
    if name in manifest.dependency_sets:
        yield from _not_landed(manifest.dependency_sets[name])
    own = [trial for trial in trials if trial.experiment == TIMING and trial.cell.dependency_set == name]
    seen = set()
    for trial in failed(own):
        if replace(trial.cell, copy=0) not in seen:
            seen.add(replace(trial.cell, copy=0))
            yield from _of_trial(trial)
    for trial in own:
        yield from _deprecations(trial)


def _not_landed(found: DependencySet) -> Iterator[Complaint]:
    """Compare what was locked with what `importlib.metadata` saw: a pin that did not land was not measured."""
    installed = {normalised(name): version for name, version in found.packages.items()}
    for name, version in found.locked.items() if installed else ():
        if installed.get(name) == version:
            continue
        words = f"{name} is locked as {version}, installed is {installed.get(name, 'nothing')}"
        yield Complaint(Stage.LANDED, "", "", "", words, words)


def _of_trial(trial: Trial) -> Iterator[Complaint]:
    place = (trial.cell.contender, trial.cell.backend)
    if trial.outcome is not Outcome.FAILED or not trial.failures:
        line = _first_line(trial.message)
        yield Complaint(_stage(trial), *place, trial.unfinished, line, trial.message)
        return
    for failure in trial.failures:
        line = failure.message.strip().partition("\n")[0][:LINE_LIMIT]
        traceback = trial.message if failure.id in trial.message else ""
        stage = Stage.WARNING if _is_warning(line) else Stage.TEST
        yield Complaint(stage, *place, failure.id, line, f"{traceback}\n{failure.path}\n{failure.message}")


def _stage(trial: Trial) -> Stage:
    if trial.outcome in (Outcome.HUNG, Outcome.KILLED):
        return Stage.ENDED
    if _is_warning(_first_line(trial.message)):
        return Stage.WARNING
    return Stage.IMPORT if re.search(r"ImportError|ModuleNotFoundError", trial.message) else Stage.COLLECT


def _is_warning(line: str) -> bool:
    return line.partition(":")[0].endswith("Warning")


def _first_line(message: str) -> str:
    """Give the detail that pytest marks and that names the error, else such a line, else the first detail or line."""
    found = next((match for kind in (MARKED, ERROR, SHOUTED, DETAIL) if (match := kind.search(message))), None)
    return (found[1] if found else message.strip().partition("\n")[0]).strip()[:LINE_LIMIT]


def _deprecations(trial: Trial) -> Iterator[Complaint]:
    """Read the warnings that the counting trial saw and the suite let pass."""
    for warning in trial.facts.get("warnings", []):
        category, message, path = (str(warning.get(key, "")) for key in ("category", "message", "path"))
        line = f"{category}: {message.partition(chr(10))[0]}"[:LINE_LIMIT]
        place = (trial.cell.contender, trial.cell.backend)
        yield Complaint(Stage.DEPRECATION, *place, "", line, f"{path}\n{message}")
