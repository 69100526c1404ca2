"""The page in a real browser: silent, self-contained, accessible, and whole without a script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.report.conftest import HOSTILE

NAMES = ("standard", "hostile", "invalid", "large", "upgrade", "comparison", "live", "newest")
OPEN_DETAILS = "document.querySelectorAll('details').forEach((found) => { found.open = true; })"
SHOWN_CONTENDERS = (
    "(table) => [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[1].innerText)"
)
WALL_TIMES = "(table) => [...table.tBodies[0].rows].map((row) => Number(row.cells[7].dataset.sort))"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_for_nothing_and_complains_of_nothing(visit, pages, name):
    seen = visit(name)
    seen.page.evaluate(OPEN_DETAILS)
    assert seen.requests == [pages[name].as_uri()]
    assert seen.complaints == []


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("standard", "desktop", "light"),
        ("hostile", "desktop", "light"),
        ("invalid", "phone", "dark"),
        ("upgrade", "desktop", "light"),
        ("upgrade", "phone", "dark"),
        ("comparison", "desktop", "light"),
        ("live", "phone", "dark"),
        ("newest", "desktop", "dark"),
    ],
)
def test_axe_finds_no_violation(visit, name, width, scheme):
    seen = visit(name, width=width, color_scheme=scheme)
    seen.page.evaluate(OPEN_DETAILS)
    found = Axe().run(seen.page)
    assert found.violations_count == 0, found.generate_report()


def test_every_link_leads_into_the_page(visit):
    seen = visit("standard")
    links = seen.page.locator("a[href]").all()
    assert len(links) > 10
    for link in links:
        link.focus()
        seen.page.keyboard.press("Enter")
        target = seen.page.locator(link.get_attribute("href"))
        assert target.bounding_box()["y"] < 800
        assert target.locator("h1, h2").first.is_visible()


def test_a_table_sorts_by_number_both_ways(visit):
    table = visit("standard").page.locator("#table-cells")
    column = table.locator("thead th", has_text="Wall")
    column.locator("button").click()
    assert column.get_attribute("aria-sort") == "ascending"
    orders = table.evaluate(WALL_TIMES)
    assert orders == sorted(orders)
    column.locator("button").click()
    assert column.get_attribute("aria-sort") == "descending"
    assert table.evaluate(WALL_TIMES) == sorted(orders, reverse=True)


def test_a_table_sorts_from_the_keyboard(visit):
    seen = visit("standard")
    column = seen.page.locator("#table-cells thead th").first
    column.locator("button").focus()
    seen.page.keyboard.press("Enter")
    assert column.get_attribute("aria-sort") == "ascending"


def test_a_long_table_is_filtered_and_says_how_many_rows_are_left(visit):
    seen = visit("standard")
    seen.page.evaluate(OPEN_DETAILS)
    table = seen.page.locator("#table-comparisons")
    field = seen.page.locator("#chart-forest .filter")
    field.locator("input").fill("async-session")
    contenders = table.evaluate(SHOWN_CONTENDERS)
    assert len(contenders) == 6
    assert all("async-session" in contender for contender in contenders)
    assert field.locator("output").inner_text() == "6 of 18"
    field.locator("input").fill("")
    assert len(table.evaluate(SHOWN_CONTENDERS)) == 18


def test_without_a_script_everything_is_still_there(visit):
    seen = visit("standard", java_script_enabled=False)
    seen.picture("without-script")
    assert seen.page.locator("th button, .filter").count() == 0
    assert seen.page.locator("#answer h1").is_visible()
    assert seen.page.locator("figure.chart svg").count() == seen.page.locator("figure.chart").count() >= 6
    seen.page.locator("#chart-forest summary").click()
    assert seen.page.locator("#table-comparisons").is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_paper_is_light_and_holds_what_is_folded_on_the_screen(visit, scripts):
    seen = visit("standard", color_scheme="dark", java_script_enabled=scripts)
    seen.page.emulate_media(media="print", color_scheme="dark")
    assert seen.page.locator("#answer h1").is_visible()
    assert not seen.page.locator("nav").is_visible()
    assert seen.page.locator("#chart-forest table tbody tr").last.bounding_box()["height"] > 0


def test_the_page_prints(visit):
    seen = visit("standard", color_scheme="dark")
    paper = seen.page.pdf(path="screenshots/report.pdf", prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 60


def test_hostile_names_are_text(visit):
    seen = visit("hostile")
    seen.page.evaluate(OPEN_DETAILS)
    seen.picture("hostile")
    assert HOSTILE[:32] in seen.page.locator("#answer h1").inner_text()
    assert "\\u202egnp.exe" in seen.page.locator("#answer h1").inner_text()
    assert seen.page.locator("script").count() == 1
    assert seen.complaints == []


@pytest.mark.parametrize(("name", "limit_bytes"), [("standard", 500_000), ("large", 2_000_000)])
def test_the_page_is_small_and_says_how_fast_it_opens(visit, pages, capsys, name, limit_bytes):
    page = visit(name).page
    opened_ms = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    painted_ms = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
    size_bytes = pages[name].stat().st_size
    with capsys.disabled():
        print(f"\n{name}: {size_bytes / 1e3:.0f} kB, loaded in {opened_ms:.0f} ms, painted at {painted_ms:.0f} ms")
    assert size_bytes <= limit_bytes


def test_paper_keeps_the_heading_of_each_failed_trial(visit):
    seen = visit("standard")
    seen.page.evaluate(OPEN_DETAILS)
    seen.page.emulate_media(media="print")
    headings = seen.page.locator("#reliability summary").all()
    assert len(headings) == 2
    assert all(heading.is_visible() for heading in headings)
