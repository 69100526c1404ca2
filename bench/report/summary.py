"""The summary: a short Markdown text that fits a comment on a pull request."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bench import text
from bench.findings import Analysis
from bench.report import flaking
from bench.report.words import decision_mark, mark_of

_MOST_LINES: Final = 12
_LINE_LIMIT: Final = 300
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#~])")
_MENTION: Final = re.compile(r"(?<!\w)@")


def summary(analysis: Analysis) -> bytes:
    """Write the first screen of the page as Markdown."""
    return ("\n".join(_lines(analysis)).rstrip() + "\n").encode("utf-8")


def _lines(analysis: Analysis) -> Iterator[str]:
    decision = analysis.decision
    yield f"## {decision_mark(decision.decision).sign} {markdown(decision.sentence)}"
    yield ""
    yield from _listing("", decision.reasons)
    yield from _listing("This run is invalid:", analysis.invalid_because)
    yield from _table(("goal", "number", "verdict"), [(g.goal, g.numbers, _verdict(g.words)) for g in analysis.goals])
    yield from _listing("What would flip it:", decision.would_flip)
    yield from _listing("Caveats:", analysis.warnings)
    if analysis.flakiness is not None:
        yield from _listing("Flakes:", flaking.sentences(analysis.flakiness))
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


def markdown(shown: str) -> str:
    """Escape foreign text: it neither formats the comment nor mentions anybody."""
    short = text.shorten(shown, limit=_LINE_LIMIT)
    return _MENTION.sub("@\N{WORD JOINER}", _SPECIAL.sub(r"\\\1", short))
