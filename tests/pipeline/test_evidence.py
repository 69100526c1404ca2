"""What a process left behind is read as far as it goes, and never stops the harness."""

import json

import pytest

from bench.running.evidence import read_benchmarks, read_events, read_tail

STATS = {"min": 1e-6, "max": 3e-6, "median": 2e-6, "iqr": 1e-6, "rounds": 5, "iterations": 1, "mean": 9}
BENCHMARK = {"name": "test_a", "group": None, "extra_info": {"title": "a"}, "stats": STATS}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


def test_events_of_a_process_that_wrote_none_are_none(path):
    assert read_events(path) == []


@pytest.mark.parametrize("torn", [b'["run", "b', b"[", b"", b"5\n", b"null\n", b"{}\n", b"[]\n", b"\xff\n"])
def test_a_line_that_is_no_event_is_dropped(path, torn):
    path.write_bytes(b'["run", "a"]\n' + torn)
    assert read_events(path) == [["run", "a"]]


def test_lone_surrogates_become_escapes_that_a_file_can_hold(path):
    path.write_bytes(b'["test", "a\\udc80", {"b\\udfff": ["\\ud800"]}]\n')
    assert read_events(path) == [["test", "a\\udc80", {"b\\udfff": ["\\ud800"]}]]


def test_a_pair_of_surrogates_is_the_letter_it_stands_for(path):
    path.write_bytes(b'["\\ud83d\\udc1b"]\n')
    assert read_events(path) == [["\U0001f41b"]]


def test_a_tail_is_the_end_of_a_file(path):
    path.write_bytes(b"x" * 10_000 + b"\xff the end\n")
    assert read_tail(path).endswith("\\xff the end")
    assert len(read_tail(path, limit=20)) < 30


def test_a_tail_of_no_file_is_empty(path):
    assert read_tail(path) == ""


def test_benchmarks_keep_what_analysis_needs(path):
    path.write_text(json.dumps({"benchmarks": [BENCHMARK]}), encoding="utf-8")
    kept = {key: STATS[key] for key in ("min", "max", "median", "iqr", "rounds", "iterations")}
    assert read_benchmarks(path) == ({"name": "test_a", "group": "", "extra": {"title": "a"}, "stats": kept},)


@pytest.mark.parametrize(
    "content",
    [None, b"", b'{"benchmarks": [{"na', b"[]", b"{}", b'{"benchmarks": [5]}', b'{"benchmarks": [{"stats": NaN}]}'],
)
def test_benchmarks_that_were_cut_off_are_none(path, content):
    path.write_bytes(content) if content is not None else None
    assert read_benchmarks(path) == ()
