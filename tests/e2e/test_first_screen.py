"""The first screen says whether the decision stands, why, and what would flip it, before anybody scrolls."""

import re

import pytest

WIDTHS = ("desktop", "phone")
SCHEMES = ("light", "dark")
GOALS = ("speed on SQLite", "speed on PostgreSQL", "reliability", "simplicity", "fault detection")
BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
WHAT_COUNTS = ("#answer h1", "#answer .goals", "#answer .flip")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_counts_is_seen_without_scrolling(visit, width, scheme):
    seen = visit("standard", width=width, color_scheme=scheme)
    seen.picture(f"first-screen-{width}-{scheme}")
    assert [part for part in WHAT_COUNTS if seen.bottom(part) > 800] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sentence_of_a_real_run_is_seen_without_scrolling(visit, width):
    seen = visit("newest", width=width)
    seen.picture(f"newest-{width}")
    assert seen.bottom("#answer h1") < 800


@pytest.mark.parametrize("width", WIDTHS)
def test_an_invalid_run_is_said_without_scrolling(visit, width):
    seen = visit("invalid", width=width)
    seen.picture(f"invalid-{width}")
    assert seen.bottom("#answer .invalid") < 800


def test_each_goal_has_a_line(visit):
    assert set(visit("standard").page.locator(".goals th[scope=row]").all_text_contents()) >= set(GOALS)


@pytest.mark.parametrize("name", ["standard", "hostile", "newest"])
def test_the_page_never_scrolls_sideways_on_a_phone(visit, name):
    seen = visit(name, width="phone")
    seen.page.evaluate("document.querySelectorAll('details').forEach((found) => { found.open = true; })")
    assert seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_page_follows_the_colour_scheme(visit, scheme, is_dark):
    colour = visit("standard", color_scheme=scheme).page.evaluate(BACKGROUND)
    assert (sum(int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(",")) < 3 * 128) is is_dark


@pytest.mark.parametrize("width", WIDTHS)
def test_a_comparison_leads_with_its_ratio_and_what_may_explain_it(visit, width):
    seen = visit("comparison", width=width)
    seen.picture(f"comparison-{width}")
    heading = seen.page.locator("h1")
    assert "async takes 1.500x the time of sync" in heading.inner_text()
    assert "sleeping" in seen.page.locator("#answer .reasons").inner_text()
    assert seen.bottom("h1") < 800


def test_the_page_of_a_run_that_goes_on_shows_no_ratio(visit):
    seen = visit("live")
    seen.picture("live-desktop")
    assert "Measuring" in seen.page.locator("h1").inner_text()
    assert not re.search(r"\d\.\d+x", seen.page.locator("main").inner_text())
