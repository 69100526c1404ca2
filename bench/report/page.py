"""The page: one self-contained file, filled from values that are ready to be shown."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bench import text
from bench.drawing import words
from bench.drawing.svg import inline
from bench.drawing.tables import Table
from bench.drawing.theme import SIGNS
from bench.findings import TrialPoint
from bench.model import on_backend
from bench.report import exercised, flaking, sections, selection, strips, upgrade
from bench.report.charts import Chart, Drawing
from bench.results import Results
from bench.revalidation import Revalidation, changes

_MOST_FAILURES: Final = 20
_FIRST: Final = 3
_MESSAGE_LIMIT: Final = 2_000
_BEFORE_UNIT: Final = re.compile(r"(?<=\d) (?=(?:%|[nµm]?s|min|h|MiB|GiB)(?!\w))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart as the page shows it."""

    chart: Chart
    svg: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A trial that did not pass, with the beginning of what it said."""

    heading: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A list of which the first items are seen at once and the rest on demand."""

    first: tuple[str, ...]
    rest: tuple[str, ...]


def page(
    analysis: Results, drawings: Mapping[str, tuple[Chart, Drawing]], revalidation: Revalidation | None = None
) -> bytes:
    """Fill the page; the same findings and drawings give the same bytes."""
    context = _context(analysis, drawings) | _upgrade(revalidation)
    return _environment().get_template("page.html.j2").render(context).encode("utf-8")


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("bench.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["shorten"] = text.shorten
    environment.filters["mark_of"] = words.mark_of
    environment.filters["drawn"] = strips.drawn
    return environment


def _shown(expression: Any) -> Any:
    # Whatever a template prints passes here: no control or bidirectional character reaches the page raw,
    # and no line breaks between a number and its unit.
    if isinstance(expression, Markup) or not isinstance(expression, str):
        return expression
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text.visible(expression))


def _context(analysis: Results, drawings: Mapping[str, tuple[Chart, Drawing]]) -> dict[str, Any]:
    script = _asset("script.js")
    failed = [trial for trial in analysis.trials if selection.is_failure(trial)]
    return {
        "analysis": analysis,
        "run": analysis.run,
        "decision_mark": words.decision_mark(analysis.decision.decision),
        "reasons": _folded(analysis.decision.reasons),
        "would_flip": _folded(analysis.decision.would_flip),
        "caveats": _folded(analysis.warnings),
        "facts_of_run": _facts_of_run(analysis),
        "figures": {
            name: Figure(chart=chart, svg=Markup(inline(drawing, prefix=name)))  # noqa: S704 - drawn by us, escaped by ElementTree
            for name, (chart, drawing) in drawings.items()
        },
        "deciding": sections.claim_table(analysis, "decides"),
        "informing": sections.claim_table(analysis, "informs"),
        "cells": sections.cell_table(analysis),
        "alternatives": sections.alternative_table(analysis),
        "layers": sections.layer_table(analysis),
        "exercised": exercised.exercised_table(analysis),
        "never_exercised": exercised.sentences(analysis),
        "attempts": exercised.attempt_table(analysis),
        "reliability": sections.failure_table(analysis),
        "flaking": flaking.context(analysis),
        "sections": analysis.sections,
        "simplicity": sections.simplicity_table(analysis),
        "probe_facts": sections.fact_table(analysis),
        "packages": _packages(analysis),
        "comparison_warnings": _comparison_warnings(analysis),
        "failures": [_failure(trial) for trial in failed[:_MOST_FAILURES]],
        "failures_left_out": max(len(failed) - _MOST_FAILURES, 0),
        "signs": SIGNS,
        "style": Markup(_asset("style.css")),  # noqa: S704 - a file of this package
        "script": Markup(script),  # noqa: S704 - a file of this package
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    }


def _folded(items: tuple[str, ...]) -> Folded:
    return Folded(first=items[:_FIRST], rest=items[_FIRST:])


def _upgrade(found: Revalidation | None) -> dict[str, Any]:
    if found is None:
        return {"revalidation": None}
    return {
        "revalidation": found,
        "upgrade_counts": upgrade.counts(found),
        "upgrade_changes": changes.lines(found.changes),
        "upgrade_turned": upgrade.turned(found),
        "upgrade_sets": upgrade.sets(found),
        "upgrade_claims": upgrade.claim_table(found),
        "upgrade_problems": upgrade.problem_table(found),
        "upgrade_packages": upgrade.package_table(found),
    }


def _asset(name: str) -> str:
    loader = PackageLoader("bench.report")
    return loader.get_source(Environment(autoescape=True), name)[0].strip()


def _facts_of_run(analysis: Results) -> list[str]:
    run = analysis.run
    return [
        f"run {text.shorten(run.run_id)}",
        f"profile {run.profile}",
        run.status,
        text.count(run.trials, "trial"),
        _blocks(run.blocks),
        f"{text.long_duration(run.measured_seconds)} measured",
    ]


def _blocks(blocks: Mapping[str, int]) -> str:
    if len(blocks) > 1 and len(set(blocks.values())) == 1:
        return f"{text.count(next(iter(blocks.values())), 'block')} per backend"
    shown = [f"{text.count(many, 'block')}{on_backend(name)}" for name, many in blocks.items() if many]
    return text.listing(shown) or "no timed block"


def _packages(analysis: Results) -> list[Table]:
    return [
        sections.package_table(name, packages, number=number)
        for number, (name, packages) in enumerate(sorted(analysis.run.packages.items()))
    ]


def _comparison_warnings(analysis: Results) -> list[str]:
    found: dict[str, list[str]] = {}
    for comparison in analysis.comparisons:
        said = dict.fromkeys((*comparison.warnings, *(comparison.estimate.warnings if comparison.estimate else ())))
        where = f"{comparison.rival_contender}{on_backend(comparison.backend)}, {comparison.metric}"
        for warning in said:
            found.setdefault(warning, []).append(where)
    return [f"{warning} ({'; '.join(where)})" for warning, where in found.items()]


def _failure(trial: TrialPoint) -> Failure:
    message = trial.message.strip()
    cut = (
        f"{message[:_MESSAGE_LIMIT]} … (cut; all of it in analysis.json)" if len(message) > _MESSAGE_LIMIT else message
    )
    block = "warm block" if trial.warmup else f"block {trial.block}"
    return Failure(
        heading=f"trial {trial.order}: {text.shorten(trial.cell)}, {block}", outcome=trial.outcome, message=cut
    )
