"""The first screen of a re-validation says what changed, before anybody scrolls to the upgrade."""

from bench.report import render
from tests.report.reader import PageReader


def test_the_first_screen_says_what_the_upgrade_changed(two_sets):
    found = two_sets({"async@old": 1.3, "async@new": 1.3})
    answer = PageReader(render(found.after, found)["report.html"]).by_id("answer")
    assert found.sentence in answer.text
    assert "changes 1 package; claims: 2 held" in answer.text


def test_the_first_screen_says_how_a_ratio_changed(two_sets):
    found = two_sets({"async@old": 1.3, "async@new": 1.0})
    answer = PageReader(render(found.after, found)["report.html"]).by_id("answer")
    assert "async on SQLite: 1.299x before, 0.998x after; change 0.768x (0.764-0.773)" in " ".join(answer.text.split())


def test_the_first_screen_of_a_plain_run_says_nothing_of_an_upgrade(two_sets):
    found = two_sets()
    assert "What changed" not in PageReader(render(found.after)["report.html"]).by_id("answer").text
