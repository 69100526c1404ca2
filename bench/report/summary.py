"""The summary: a short Markdown text that fits a comment on a pull request."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bench import text
from bench.drawing.words import backend_title, decision_mark, mark_of
from bench.report import flaking, upgrade
from bench.results import Results
from bench.revalidation import Revalidation
from bench.revalidation.findings import ChangeFinding, Transition

_MOST_LINES: Final = 12
_LINE_LIMIT: Final = 300
_PACKAGES_LIMIT: Final = 4_000
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#~])")
_MENTION: Final = re.compile(r"(?<!\w)@")


def summary(analysis: Results, revalidation: Revalidation | None = None) -> bytes:
    """Write the first screen of the page as Markdown."""
    return ("\n".join(_lines(analysis, revalidation)).rstrip() + "\n").encode("utf-8")


def _lines(analysis: Results, revalidation: Revalidation | None) -> Iterator[str]:
    decision = analysis.decision
    yield f"## {decision_mark(decision.decision).sign} {markdown(decision.sentence)}"
    yield ""
    if decision.plain:
        yield markdown(decision.plain)
        yield ""
    if revalidation is not None:
        yield from _upgrade(revalidation)
    yield from _listing("", decision.reasons)
    yield from _listing("This run is invalid:", analysis.invalid_because)
    yield from _table(("goal", "number", "verdict"), [(g.goal, g.numbers, _verdict(g.words)) for g in analysis.goals])
    yield from _listing("What would flip it:", decision.would_flip)
    yield from _listing("Caveats:", analysis.warnings)
    if analysis.flakiness is not None:
        yield from _listing("Flakes:", flaking.sentences(analysis.flakiness))
    yield from _listing("Found:", [f"{shown.title}: {shown.headline}" for shown in analysis.sections.values()])
    claims = [(claim.id, claim.numbers, _verdict(claim.verdict.value)) for claim in analysis.claims]
    if claims:
        yield f"<details><summary>{text.count(len(claims), 'claim')}</summary>"
        yield ""
        yield from _table(("claim", "number", "verdict"), claims)
        yield "</details>"
        yield ""
    run = analysis.run
    yield (
        f"Run {markdown(run.run_id)}: profile {markdown(run.profile)}, seed {run.seed}, "
        f"{text.count(run.trials, 'trial')}, {text.long_duration(run.measured_seconds)} measured. "
        "All numbers, charts and commands are in report.html and analysis.json."
    )


def _upgrade(found: Revalidation) -> Iterator[str]:
    """Say what the upgrade changed: ratios, claims that did not hold, what is wrong, and the packages."""
    yield markdown(found.sentence)
    yield ""
    yield from _table(
        (
            "wall time",
            f"before: {markdown(found.before_set.name)}",
            f"after: {markdown(found.after_set.name)}",
            "change",
        ),
        [
            (f"{change.rival_contender}, {backend_title(change.backend)}", *_ratios(change), _verdict(change.words))
            for change in found.changes
            if change.metric == "wall"
        ],
    )
    yield from _listing(
        "Claims that did not hold:",
        [
            f"{claim.id}: {claim.transition.value} ({claim.before.value} to {claim.after.value})"
            for claim in found.claims
            if claim.transition not in (Transition.HELD, Transition.OPEN)
        ],
    )
    yield from _listing("What the clients show otherwise:", upgrade.turned(found))
    yield from _listing(
        "New problems:",
        [
            f"{problem.stage.value}{f' (a guess: {problem.package})' if problem.package else ''}: {problem.line}"
            for problem in found.problems
            if problem.standing == "new"
        ],
    )
    if found.packages:
        yield f"<details><summary>{text.count(len(found.packages), 'package differs', 'packages differ')}</summary>"
        yield ""
        shown = [f"{each.name} {each.before or 'none'} to {each.after or 'none'}" for each in found.packages]
        yield markdown(", ".join(shown), limit=_PACKAGES_LIMIT)
        yield ""
        yield "</details>"
        yield ""


def _ratios(change: ChangeFinding) -> tuple[str, str]:
    before, after = (
        f"{text.estimate_ratio(found)} ({text.estimate_interval(found)})" if found else text.NOTHING
        for found in (change.before, change.after)
    )
    return before, after


def _verdict(words: str) -> str:
    return f"{mark_of(words).sign} {words}"


def _listing(heading: str, items: Sequence[str]) -> Iterator[str]:
    if not items:
        return
    if heading:
        yield heading
        yield ""
    yield from (f"- {markdown(item)}" for item in items[:_MOST_LINES])
    yield from _rest(len(items))
    yield ""


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield _row(headings)
    yield _row(["---"] * len(headings))
    yield from (_row(markdown(shown) for shown in row) for row in rows[:_MOST_LINES])
    yield ""
    yield from _rest(len(rows))


def _row(shown: Iterable[str]) -> str:
    return f"| {' | '.join(shown)} |"


def _rest(number: int) -> Iterator[str]:
    if number > _MOST_LINES:
        yield f"- … and {number - _MOST_LINES} more in report.html"


def markdown(shown: str, *, limit: int = _LINE_LIMIT) -> str:
    """Escape foreign text: it neither formats the comment nor mentions anybody."""
    short = text.shorten(shown, limit=limit)
    return _MENTION.sub("@\N{WORD JOINER}", _SPECIAL.sub(r"\\\1", short))
