"""Laws of the page: self-contained, readable without a mouse or colour, small."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from itertools import pairwise

import pytest

from bench.report import render
from bench.results import Results
from tests.made_up import altered
from tests.report.reader import PageReader
from tests.report.synthetic import Shape, synthetic_analysis

CHARTS = ("forest", "twins", "spread", "order", "phases", "micro", "flakes", "modes")


def test_page_asks_the_network_for_nothing(files: Mapping[str, bytes], page: PageReader) -> None:
    assert not re.search(r"https?:|//[a-z]|@import", files["report.html"].decode())
    assert {link[:1] for link in page.attribute("href")} == {"#", "d"}
    assert page.attribute("src") == []


def test_page_forbids_all_sources_but_its_own_script(page: PageReader) -> None:
    (script,) = page.all("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    (policy,) = [meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes]
    assert policy == (f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'")


def test_page_runs_no_script_in_attributes(page: PageReader) -> None:
    assert not [name for element in page.elements for name in element.attributes if name.startswith("on")]


def test_page_ids_are_unique(page: PageReader) -> None:
    ids = page.attribute("id")
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("attribute", ["aria-labelledby", "aria-describedby"])
def test_page_labels_exist(page: PageReader, attribute: str) -> None:
    assert set(page.attribute(attribute)) <= set(page.attribute("id"))


def test_page_links_lead_somewhere(page: PageReader) -> None:
    anchors = {link[1:] for link in page.attribute("href") if link.startswith("#")}
    assert anchors <= set(page.attribute("id"))


def test_page_clip_paths_lead_somewhere(files: Mapping[str, bytes], page: PageReader) -> None:
    assert set(re.findall(r"url\(#([^)]+)\)", files["report.html"].decode())) <= set(page.attribute("id"))


def test_page_headings_descend_by_one_step(page: PageReader) -> None:
    levels = [int(element.tag[1]) for element in page.elements if re.fullmatch("h[1-6]", element.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_page_has_landmarks_and_a_skip_link(page: PageReader) -> None:
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert page.all("a")[0].attributes == {"class": "skip", "href": "#answer"}
    assert page.all("html")[0].attributes["lang"] == "en"


def test_page_tables_have_captions_and_scopes(page: PageReader) -> None:
    assert all("caption" in table.tags_within for table in page.all("table"))
    assert {header.attributes["scope"] for header in page.all("th")} == {"col", "row"}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_has_its_finding_its_alternative_its_guide_and_its_numbers(page: PageReader, name: str) -> None:
    figure = page.by_id(f"chart-{name}")
    images = [e for e in page.all("div") if e.attributes.get("role") == "img" and figure in e.inside]
    guides = [e for e in page.all("p") if e.attributes.get("class") == "guide" and figure in e.inside]
    assert {"h3", "svg", "details", "table"} <= set(figure.tags_within)
    assert [len(image.attributes["aria-label"]) > 60 for image in images] == [True]
    assert [len(re.findall(r"\.(?:\s|$)", guide.text)) for guide in guides] == [2]


def test_page_first_screen_comes_first_and_its_pictures_add_nothing_for_a_screen_reader(page: PageReader) -> None:
    answer = page.by_id("answer")
    assert answer.tags_within.count("svg") == 4
    assert [svg.attributes["aria-hidden"] for svg in page.all("svg") if svg.attributes.get("class") == "strip"] == [
        "true"
    ] * 4
    assert page.all("section")[0] is answer


def test_page_first_screen_numbers_stand_in_the_analysis(files: Mapping[str, bytes], page: PageReader) -> None:
    known = json.dumps(json.loads(files["analysis.json"]), ensure_ascii=False)
    shown = set(re.findall(r"\d+(?:\.\d+)?", page.by_id("answer").text))
    assert len(shown) > 5
    assert shown <= set(re.findall(r"\d+(?:\.\d+)?", known))


def test_page_says_what_it_left_out(page: PageReader) -> None:
    captions = " ".join(caption.text for caption in page.all("caption"))
    assert "48 of 1,200 rows" in captions
    assert "1,152 were left out and analysis.json has all" in captions


def test_page_of_a_standard_run_is_small(files: Mapping[str, bytes]) -> None:
    assert len(files["report.html"]) <= 500_000


def test_page_of_a_large_run_is_bounded() -> None:
    large = synthetic_analysis(Shape(blocks=187, tests=300))
    assert len(large.trials) > 3_000
    assert len(render(large)["report.html"]) <= 2_000_000


def test_page_status_is_shape_and_word(page: PageReader) -> None:
    badges = [e for e in page.all("span") if e.attributes.get("class", "").startswith("badge")]
    signs = [e for e in page.all("span") if e.attributes.get("class") == "sign"]
    assert len(signs) == len(badges) + 1
    assert page.by_id("answer-heading").text.split()[:5] == ["✕", "The", "decision", "is", "challenged:"]
    assert {sign.attributes["aria-hidden"] for sign in signs} == {"true"}
    assert all(len(badge.text.split()) > 1 for badge in badges)


def test_page_dark_colours_never_reach_paper(files: Mapping[str, bytes]) -> None:
    style = files["report.html"].decode().split("<style>")[1].split("</style>")[0]
    assert re.findall(r"@media not print \{\s*@media \(prefers-color-scheme: dark\)", style)
    assert style.count("prefers-color-scheme") == 1


def test_page_tells_the_effect_in_every_comparison(page: PageReader, analysis: Results) -> None:
    shown = page.by_id("table-comparisons").tags_within.count("tr")
    assert shown == len(analysis.comparisons) + 1


def test_a_contender_that_was_not_run_has_no_mark_of_a_style_it_may_not_have(small: Results) -> None:
    counted = {**small.suites, "elsewhere": small.suites["sync"]}
    page = PageReader(render(altered(small, suites=counted))["report.html"])
    (own,) = [e for e in page.all("tr") if "elsewhere" in e.text and page.by_id("table-simplicity") in e.inside]
    assert own.text.split()[0] == "elsewhere"
