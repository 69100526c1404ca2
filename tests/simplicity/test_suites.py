"""Whole suites are counted from the files that a contender's row names; what cannot be read is said clearly."""

from pathlib import Path

import pytest

from bench.configuration import config
from bench.errors import ConfigurationError
from bench.experiments.simplicity import counting as simplicity

ROOT = Path(__file__).parents[2]
CONTENDERS = config.read(ROOT / "pyproject.toml").contenders


def test_a_contender_without_sources_is_not_counted(make_contender, tmp_path):
    assert simplicity.count(make_contender(), root=tmp_path) is None


def test_a_file_that_is_named_twice_is_counted_once(count):
    assert count("x = 1\n", sources=("suite", "suite/test_it.py", "suite")).logical_lines == 1


def test_files_in_folders_below_are_counted(count):
    assert count("x = 1\n", files={"suite/unit/test_b.py": "y = 2\n", "suite/notes.txt": "z = 3\n"}).files == 2


def test_names_are_counted_once_over_all_files(count):
    assert count("import asyncio\n", files={"suite/more.py": "import asyncio\n"}).plumbing_names == 1


def test_the_directory_of_the_row_holds_its_sources(count):
    assert count(files={"sub/own/test_it.py": "x = 1\n"}, directory="sub", sources=("own",)).logical_lines == 1


def test_a_suite_without_tests_has_no_lines_per_test(count):
    assert count("x = 1\n").lines_per_test == 0.0


def test_a_source_that_is_not_there_is_refused(count):
    with pytest.raises(ConfigurationError, match="elsewhere of a contender is not there") as caught:
        count(sources=("elsewhere",))
    assert "mend `sources`" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "place"),
    [("x = 1\ndef broken(:\n", ", line 2"), ("\n\nx = (1\n", ", line 3"), ("x = '\n", ", line 1"), ("\0", "")],
)
def test_a_file_that_is_not_python_is_refused_with_its_line(count, text, place):
    with pytest.raises(ConfigurationError, match=rf"test_it\.py{place}.* is not Python") as caught:
        count(text)
    assert caught.value.cause
    assert caught.value.hint == "mend the file, or leave it out of the contender's `sources`"


def test_a_file_of_unknown_encoding_is_refused(count, tmp_path):
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "bytes.py").write_bytes(b"x = '\xff'\n")
    with pytest.raises(ConfigurationError, match=r"bytes\.py is not Python"):
        count()


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.id)
def test_the_projects_own_suites_are_counted(contender):
    found = simplicity.count(contender, root=ROOT)
    assert found is not None
    assert found.tests > 200
    assert min(found.files, found.fixtures, found.configuration_keys, found.cyclomatic_complexity) > 0


def test_the_twins_hold_the_same_tests():
    counted = {contender.id: simplicity.count(contender, root=ROOT) for contender in CONTENDERS}
    assert counted["sync"].tests == counted["async-session"].tests
    assert counted["sync"].async_tokens < counted["async-session"].async_tokens / 10
