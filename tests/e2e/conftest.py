"""A real browser and the pages it opens.

The dependency set `dev` has no browser driver, so `nox -s tests` collects nothing here; `nox -s e2e` does.
"""

import dataclasses
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bench.commands import judging
from bench.experiments import differences
from bench.report import render
from bench.report.live import live_page
from tests.conftest import FakeExecutor, a_contender, a_manifest, a_plan, run_campaign
from tests.made_up import altered
from tests.report.conftest import hostile_analysis
from tests.report.synthetic import Shape, synthetic_analysis
from tests.revalidate.conftest import planted

collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]

SCREENSHOTS = Path("screenshots")
NEWEST = Path("reports/latest/report.html")
DEPRECATED = {"warnings": [{"category": "DeprecationWarning", "message": "old", "path": "site-packages/pluggy/x.py"}]}
QUIET = {"loops": {"run": 1, "debug": 0}, "spent": {"sleep": [0, 0]}}
SLEEPS = {
    "sync": {"facts": {"surroundings": QUIET}},
    "async": {"facts": {"surroundings": {**QUIET, "spent": {"sleep": [9, 400_000_000]}}}},
}
# No background networking, no first-run pages: what is asked for, the page asks for.
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
WIDTHS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 800}}


@dataclasses.dataclass(frozen=True)
class Visit:
    """An opened page, with what it said on its console and what it asked for."""

    page: Any
    complaints: list[str]
    requests: list[str]

    def bottom(self, part: str) -> float:
        """Give the lower edge of an element, in pixels below the top of the window."""
        box = self.page.locator(part).bounding_box()
        return float(box["y"] + box["height"])

    def picture(self, name: str) -> None:
        """Keep what the window shows, for whoever reads the artefacts."""
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Write the pages: a standard run, one with hostile names, an invalid one, 3,000 trials of 300 tests.

    `upgrade` is the page of a re-validation, `comparison` that of a run without claims, `live` the one while a run goes
    on, `newest` the page of the newest real run, if there is one.
    """
    small = synthetic_analysis(Shape(blocks=6, tests=9))
    runs = {
        "standard": synthetic_analysis(Shape(tests=300)),
        "hostile": hostile_analysis(),
        "invalid": altered(small, invalid_because=("the baseline differs from its own copy (A/A)",)),
        "large": synthetic_analysis(Shape(blocks=187, tests=300)),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, analysis in runs.items():
        (folder / f"{name}.html").write_bytes(render(analysis)["report.html"])
    upgrade = planted(
        folder / "trials.jsonl", {"async@old": 1.3, "async@new": 0.8}, {"async@new": {"facts": DEPRECATED}}
    )
    (folder / "upgrade.html").write_bytes(render(upgrade.after, upgrade)["report.html"])
    plan = a_plan(a_contender("sync"), a_contender("async"))
    plan = dataclasses.replace(plan, studies={**plan.studies, "differences": differences.Study()})
    trials = run_campaign(plan, FakeExecutor(seconds={"async": 1.5}, changes=SLEEPS), folder / "compared.jsonl")
    (folder / "comparison.html").write_bytes(render(judging.judged(a_manifest(plan), trials).results)["report.html"])
    words = {"run_id": "20260101-000000", "at": "noon", "resume": "nox -s bench -- --resume", "due": "Soon."}
    (folder / "live.html").write_bytes(live_page(plan, trials, **words))
    made = (*runs, "upgrade", "comparison", "live")
    return {name: folder / f"{name}.html" for name in made} | {"newest": NEWEST.resolve()}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the Chromium of this machine once."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - absent where this folder is not collected

    SCREENSHOTS.mkdir(exist_ok=True)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, pages: Mapping[str, Path]) -> Iterator[Callable[..., Visit]]:
    """Open a page: `visit("standard", width="phone", color_scheme="dark")`; takes the options of a context."""
    contexts = []

    def open_page(name: str, *, width: str = "desktop", **options: Any) -> Visit:
        if not pages[name].exists():
            pytest.skip("there is no run in reports/")
        context = browser.new_context(viewport=WIDTHS[width], **options)
        context.set_default_timeout(5_000)
        contexts.append(context)
        found = Visit(page=context.new_page(), complaints=[], requests=[])
        found.page.on("console", lambda said: found.complaints.append(said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.goto(pages[name].as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()
