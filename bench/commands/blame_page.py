"""The page of a blame run: its section in a page of its own."""

from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bench import text
from bench.drawing.theme import SIGNS
from bench.experiments.blame.finding import BlameFindings
from bench.experiments.blame.page import TEMPLATE, context, headline
from bench.findings import RunFinding

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ headline }}</title>
<link rel="icon" href="data:,">
<style>
{{ style }}
</style>
</head>
<body>
<main>
<h1>{{ headline }}</h1>
<p>Run {{ run.run_id }}, {{ run.started }}, seed {{ run.seed }}, {{ run.trials }} trials, {{ run.status }}.</p>
{% include template %}
</main>
<footer>
<p>Twinbench {{ run.harness_version }}, revision {{ run.revision }}. This page loads nothing from the network.
Every number on it is in <code>blame.json</code> beside it, every trial in <code>trials.jsonl</code>.</p>
</footer>
</body>
</html>
"""


def page(found: BlameFindings, *, run: RunFinding) -> bytes:
    """Fill the page; the same findings give the same bytes."""
    environment = Environment(
        autoescape=True,
        loader=ChoiceLoader([PackageLoader("bench.experiments.blame", "."), PackageLoader("bench.report")]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    style = PackageLoader("bench.report").get_source(environment, "style.css")[0].strip()
    shown = environment.from_string(PAGE).render(
        headline=headline(found),
        run=run,
        template=TEMPLATE,
        signs=SIGNS,
        style=Markup(style),  # noqa: S704 - a file of this package
        **context(found),
    )
    return shown.encode()


def _shown(expression: object) -> object:
    """Let no control or bidirectional character reach the page raw."""
    return (
        text.visible(expression) if isinstance(expression, str) and not isinstance(expression, Markup) else expression
    )
