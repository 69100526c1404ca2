"""A configuration is read whole or refused with the line that is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.configuration import config
from bench.configuration.config import Config
from bench.errors import ConfigurationError, ExitCode

GOOD = """\
baseline = "one"

[contenders.one]
title = "the first"
python = "python3"

[contenders.two]
title = "the second"
python = "python3"
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Config]:
    def read(text: str, name: str = "bench.toml") -> Config:
        path = tmp_path / name
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return config.read(path)

    return read


@pytest.fixture
def refusal(read) -> Callable[..., ConfigurationError]:
    def refusal(text: str, name: str = "bench.toml") -> ConfigurationError:
        with pytest.raises(ConfigurationError) as caught:
            read(text, name)
        return caught.value

    return refusal


def test_a_configuration_gives_its_contenders_in_order(read):
    assert [contender.id for contender in read(GOOD).contenders] == ["one", "two"]


def test_a_contender_without_title_is_called_by_its_id(read):
    assert read(GOOD.replace('title = "the second"\n', "")).contenders[1].title == "two"


def test_a_pyproject_keeps_its_configuration_in_its_tool_table(read):
    text = GOOD.replace("baseline", "[tool.bench]\nbaseline").replace("[contenders", "[tool.bench.contenders")
    assert read(text, "pyproject.toml").baseline == "one"


def test_relative_paths_start_at_the_configuration_file(read, tmp_path):
    assert read(GOOD).root == tmp_path.resolve()


def test_a_whole_number_is_a_margin_like_any_other_number(read):
    assert read("load_limit = 2\n" + GOOD).load_limit == 2.0


@pytest.mark.parametrize(
    ("old", "new", "line", "cause"),
    [
        ('baseline = "one"', 'baseline = "three"', 1, "'three' is not a contender"),
        ('baseline = "one"', 'baseline = "one"\nmargins = 0.1', 2, "unknown key 'margins'"),
        ('baseline = "one"', 'baseline = "one"\nmargin = 7', 2, "margin"),
        ('baseline = "one"', 'baseline = "one"\nmargin = nan', 2, "margin"),
        ('baseline = "one"', 'baseline = "one"\nmargin = 1e-9', 2, "margin"),
        ('baseline = "one"', 'baseline = "one"\nalpha = 0.5', 2, "alpha"),
        ('baseline = "one"', 'baseline = "one"\ntimeout_seconds = 0', 2, "timeout_seconds"),
        ('baseline = "one"', 'baseline = "one"\ntimeout_seconds = 1000000000000', 2, "timeout_seconds"),
        ('baseline = "one"', 'baseline = "one"\ntimeout_seconds = 1.5', 2, "Expected `int`, got `float`"),
        ('baseline = "one"', 'baseline = "one"\nload_limit = nan', 2, "load_limit"),
        ('title = "the second"', "title = 2", 8, "contenders.two.title: Expected `str`, got `int`"),
        ('title = "the second"', 'style = "odd"', 8, "contenders.two.style"),
        ('title = "the second"', 'pytest_args = ["-q", 1]', 8, "contenders.two.pytest_args"),
        ('title = "the second"', "environment = { A = 1 }", 8, "contenders.two.environment"),
        ('title = "the second"', 'titel = "typo"', 8, "unknown key 'titel'"),
        ('title = "the second"', 'backends = ["mysql"]', 8, "unknown backend 'mysql'"),
        ('title = "the second"', "backends = []", 8, "no backend"),
        ('title = "the second"', 'directory = "nowhere"', 8, "there is no folder"),
        ('title = "the second"', 'dependency_set = "current"', 7, "either python or dependency_set"),
        ('title = "the second"', 'pytest_args = ["{typo}"]', 8, "unknown placeholder {typo}"),
        ('title = "the second"', 'pytest_args = [\n"-q",\n"{typo}"]', 10, "unknown placeholder {typo}"),
        ('title = "the second"', 'environment = { A = "{typo}" }', 8, "unknown placeholder {typo}"),
        ('title = "the second"', 'environment = { A = "{database_url}" }', 8, "names no database"),
        ('"the second"\npython = "python3"', '"the second"\npython = "{scratch}/python"', 9, "{scratch} in python"),
        ("[contenders.two]", '[contenders."two words"]', 7, "'two words' is not usable"),
        ("[contenders.two]", "[contenders.micro]", 7, "'micro' is not usable"),
        ('"the second"\npython = "python3"', '"the second"', 7, "either python or dependency_set"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(refusal, old, new, line, cause):
    error = refusal(GOOD.replace(old, new))
    assert f"bench.toml, line {line}" in str(error)
    assert cause in error.cause
    assert error.hint
    assert error.exit_code is ExitCode.USAGE


def test_a_wrong_row_of_micro_costs_is_refused_with_its_line(refusal):
    assert "line 11" in str(refusal(GOOD + '[micro]\ntitel = "x"\n'))


def test_a_line_is_found_under_the_prefix_of_a_pyproject(refusal):
    text = "[project]\nmargin = 1\n[tool.bench]\nbaseline = 'one'\nmargin = 1\n[tool.bench.contenders]\n"
    error = refusal(text + "one = { python = 'python3' }\n", "pyproject.toml")
    assert "line 5" in str(error)


def test_a_wrong_inline_row_is_refused_with_the_line_it_stands_on(refusal):
    error = refusal('baseline = "one"\n[contenders]\none = { python = "python3", titel = "x" }\n')
    assert "line 3" in str(error)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('baseline = "one\n', "line 1"),
        ("baseline = 'one'\n\n[contenders.one\n", "line 3"),
        ("\ufeffbaseline = 'one'", "line 1"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_the_line(refusal, text, cause):
    error = refusal(text)
    assert "is not valid TOML" in str(error)
    assert cause in error.cause


def test_a_file_that_is_not_text_is_refused(refusal):
    assert "cannot read" in str(refusal("\udcff\udcfe"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot read the configuration"):
        config.read(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("text", ["", "tool = 5", "[tool]\nbench = 5", "[tool.ruff]\nx = 1"])
def test_a_pyproject_without_the_table_is_refused(refusal, text):
    assert "has no [tool.bench] table" in str(refusal(text, "pyproject.toml"))


@pytest.mark.parametrize("text", ['baseline = "one"\ncontenders = 5', "contenders = {}", 'baseline = "one"', ""])
def test_a_configuration_without_contenders_is_refused(refusal, text):
    assert refusal(text).hint


def test_the_own_configuration_is_good():
    root = Path(__file__).parents[2]
    assert config.read(root / "pyproject.toml").baseline == "sync"


def test_the_foreign_configuration_is_good():
    assert config.read(Path(__file__).parents[1] / "foreign" / "bench.toml").baseline == "one"
