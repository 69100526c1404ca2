"""Laws of foreign text: names and messages are data, never markup, and nothing in them is unseen."""

import json
import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import pytest

from bench.report.summary import markdown
from tests.report.conftest import HOSTILE
from tests.report.reader import PageReader

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CHARTS = ("forest", "twins", "spread", "order", "phases", "micro", "flakes", "modes")


def test_hostile_text_adds_no_element(hostile_files: Mapping[str, bytes]) -> None:
    page = PageReader(hostile_files["report.html"])
    assert [element.tag for element in page.elements].count("script") == 1
    assert sum(svg.attributes.get("class") != "strip" for svg in page.all("svg")) == len(CHARTS)
    assert "alert(1)" not in page.all("script")[0].text


def test_hostile_text_is_shown_escaped(hostile_files: Mapping[str, bytes]) -> None:
    page = PageReader(hostile_files["report.html"])
    assert "<script>alert(1)</script>\"'&amp;\\u202egnp.exe" in page.by_id("answer-heading").text


@pytest.mark.parametrize("name", ["report.html", "summary.md", *(f"charts/{chart}.svg" for chart in CHARTS)])
def test_hostile_text_hides_no_character(hostile_files: Mapping[str, bytes], name: str) -> None:
    assert UNSEEN.findall(hostile_files[name].decode("utf-8")) == []


def test_hostile_text_is_not_a_template(hostile_files: Mapping[str, bytes]) -> None:
    assert b"{{ 7*7 }}" in hostile_files["report.html"]


@pytest.mark.parametrize("chart", CHARTS)
def test_hostile_text_leaves_charts_well_formed(hostile_files: Mapping[str, bytes], chart: str) -> None:
    root = ET.fromstring(hostile_files[f"charts/{chart}.svg"])
    assert [element for element in root.iter() if element.tag.endswith("script")] == []


def test_long_names_are_cut_on_the_page_and_whole_in_the_json(hostile_files: Mapping[str, bytes]) -> None:
    page = PageReader(hostile_files["report.html"])
    cells = [e for e in page.elements if e.attributes.get("class") == "code" and e.tag in {"th", "td"}]
    assert max(len(cell.text) for cell in cells) <= 80
    assert (
        json.loads(hostile_files["analysis.json"])["findings"]["by_experiment"]["speed"]["twins"][0]["test"] == HOSTILE
    )


def test_summary_fits_a_comment_whatever_it_holds(hostile_files: Mapping[str, bytes]) -> None:
    assert len(hostile_files["summary.md"].decode()) < 65_536
    assert b"<script>" not in hostile_files["summary.md"]


@pytest.mark.parametrize(
    ("foreign", "escaped"),
    [
        ("a|b", "a\\|b"),
        ("<b>", "\\<b\\>"),
        ("*bold*", "\\*bold\\*"),
        ("two\nlines", "two\\\\nlines"),
        ("async-session@sqlite", "async-session@sqlite"),
    ],
)
def test_summary_escapes_what_markdown_would_read(foreign: str, escaped: str) -> None:
    assert markdown(foreign) == escaped


def test_summary_mentions_nobody() -> None:
    assert "@team" not in markdown("ask @team")
