"""The small pictures of the first screen show the words' own numbers, and stay on their scale."""

import re
from dataclasses import replace

import pytest

from bench.judgement import goals
from bench.judgement.finding import Strip
from bench.report.strips import HEIGHT, WIDTH, drawn
from tests.made_up import findings_of
from tests.report.synthetic import synthetic_analysis


def strip(ratio=0.9, low=0.8, high=1.0, *, floor=(0.98, 1.03)):
    return Strip(ratio=ratio, low=low, high=high, margin=0.05, floor=floor)


def places(picture, name, *keys):
    (found,) = re.findall(rf'<\w+ class="{name}"[^>]*>', picture)
    return [float(re.search(rf'\b{key}="([^"]+)"', found).group(1)) for key in keys]


def test_one_is_in_the_middle_and_half_and_twice_are_at_the_edges():
    assert places(drawn(strip()), "one", "x1", "x2") == [WIDTH / 2, WIDTH / 2]
    assert places(drawn(strip(1.0, 0.5, 2.0)), "interval", "x1", "x2") == [0.0, WIDTH]


def test_what_lies_beyond_the_scale_ends_at_its_edge():
    assert places(drawn(strip(3.0, 0.1, 9.0)), "interval", "x1", "x2") == [0.0, WIDTH]
    assert places(drawn(strip(3.0, 0.1, 9.0)), "ratio", "cx") == [WIDTH]


def test_the_ratio_lies_in_its_interval_and_the_margin_around_one():
    picture = drawn(strip())
    low, high = places(picture, "interval", "x1", "x2")
    (ratio,) = places(picture, "ratio", "cx")
    assert low < ratio < high == WIDTH / 2
    x, width, height = places(picture, "margin", "x", "width", "height")
    assert (x + width / 2, height) == (pytest.approx(WIDTH / 2, abs=0.1), HEIGHT - 2)


def test_without_a_copy_there_is_no_line_of_it_and_without_an_interval_only_the_ratio():
    picture = drawn(strip(0.9, None, None, floor=None))
    assert 'class="floor"' not in picture
    low, high = places(picture, "interval", "x1", "x2")
    assert low == high == places(picture, "ratio", "cx")[0]
    assert 'aria-hidden="true"' in picture


def test_the_first_screen_has_the_pairs_that_decide_alone_where_claims_decide():
    found = synthetic_analysis()
    (claim,) = [claim for claim in found.claims if claim.id == "speed-session@sqlite"]
    comparisons = [each for each in found.comparisons if each.backend == "sqlite"]
    shown = goals.lines([claim], findings_of(comparisons=comparisons))
    assert [line.numbers.split()[0] for line in shown if line.strip] == ["async-session"]
    both = goals.lines([claim], findings_of(comparisons=found.comparisons))
    assert [line.goal for line in both if line.strip] == ["speed on SQLite", *["speed on PostgreSQL"] * 2]
    every = goals.lines([replace(claim, weight="informs")], findings_of(comparisons=comparisons))
    assert [line.numbers.split()[0] for line in every if line.strip] == ["async-function", "async-session"]


def test_a_strip_holds_the_interval_of_the_copy_on_the_same_database():
    found = synthetic_analysis()
    lines = goals.lines((), findings_of(comparisons=found.comparisons))
    copies = {
        each.backend: each.estimate for each in found.comparisons if each.is_noise_floor and each.metric == "wall"
    }
    assert [line.strip.floor for line in lines if line.goal == "speed on SQLite"] == [
        (copies["sqlite"].low, copies["sqlite"].high)
    ] * 2
