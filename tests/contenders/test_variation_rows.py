"""A factor or an attempt is a row, too, and a wrong one is refused with its place and a way out."""

from pathlib import Path

import pytest

from bench.campaign import planning
from bench.configuration import config
from bench.errors import ConfigurationError

ROWS = """
baseline = "sync"
[contenders.sync]
python = "python"
[contenders.async]
python = "python"
compared_from = { none = "full" }
"""


@pytest.fixture
def read(tmp_path: Path):
    def read(text):
        path = tmp_path / "bench.toml"
        path.write_text(ROWS + text, encoding="utf-8")
        return config.read(path)

    return read


@pytest.mark.parametrize("table", ["factors", "attempts"])
def test_a_variant_adds_plugins_arguments_and_environment(read, table):
    row = 'contender = "sync"\nplugins = ["p"]\npytest_args = ["-x"]\nenvironment = { A = "1" }\n'
    (found,) = getattr(read(f"[{table}.scope]\n{row}"), table)
    assert (found.id, found.pytest_args, found.environment) == ("scope", ("-p", "p", "-x"), {"A": "1"})


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ('[factors.scope]\ncontender = "nobody"', "factors.scope changes the unknown contender 'nobody'"),
        ('[attempts.scope]\ncontender = "sync"\nplugin = "p"', "unknown key 'plugin'"),
        ("[factors.scope]\ntitle = 'no contender'", "missing required field `contender`"),
        ('[factors."a b"]\ncontender = "sync"', "the id 'a b' is not usable"),
        ('[factors.scope]\ncontender = "sync"\nenvironment = { A = "{home}" }', "unknown placeholder {home}"),
    ],
)
def test_a_wrong_variation_is_refused_with_its_line(read, row, cause):
    with pytest.raises(ConfigurationError) as refused:
        read(row)
    assert cause in refused.value.cause
    assert "line" in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("places", "cause"),
    [('{ sqlite = "full" }', "does not run on 'sqlite'"), ('{ none = "huge" }', "Invalid enum value 'huge'")],
)
def test_a_contender_cannot_be_left_to_a_profile_or_a_backend_that_is_not_there(tmp_path, places, cause):
    path = tmp_path / "bench.toml"
    path.write_text(ROWS.replace('{ none = "full" }', places), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line") as refused:
        config.read(path)
    assert cause in refused.value.cause
    assert refused.value.hint


def test_claims_may_speak_of_attempts_and_factors(read):
    found = read('[factors.scope]\ncontender = "sync"\n[attempts.shared]\ncontender = "sync"\n')
    assert found.names == ("sync", "async", "shared", "scope")


def test_a_factor_study_plans_the_contenders_that_factors_change(read):
    planned = planning.make(read('[factors.scope]\ncontender = "async"\n'), profile="factors", seed=1)
    study = planned.studies["factors"]
    assert [row.id for row in study.varied(planned.frame, planned.frame.backends[0])] == ["async"]


def test_a_factor_study_without_factors_is_refused(read):
    with pytest.raises(ConfigurationError, match="there is no factor to study"):
        planning.make(read(""), profile="factors", seed=1)


def test_a_factor_study_of_a_contender_without_factors_is_refused(read):
    with pytest.raises(ConfigurationError, match="there is no factor to study"):
        planning.make(read('[factors.scope]\ncontender = "sync"\n'), profile="factors", seed=1, contenders=["async"])


@pytest.mark.parametrize("profile", ["smoke", "factors"])
def test_a_profile_without_attempts_plans_none(read, profile):
    found = read('[factors.scope]\ncontender = "sync"\n[attempts.shared]\ncontender = "sync"\n')
    assert "attempts" not in planning.make(found, profile=profile, seed=1).studies


def test_an_attempt_is_made_where_its_contender_is_compared(read):
    found = read('[attempts.one]\ncontender = "sync"\n[attempts.two]\ncontender = "async"\n')
    study = planning.make(found, profile="standard", seed=1).studies["attempts"]
    assert [attempt.id for attempt in study.variants] == ["one"]


def test_an_attempt_may_be_for_full_campaigns_and_single_backends(read):
    one = '[attempts.one]\ncontender = "sync"\ntried_from = "full"\n'
    found = read(one + '[attempts.two]\ncontender = "sync"\nbackends = ["sqlite"]\n')
    tried = {
        profile: [v.id for v in planning.make(found, profile=profile, seed=1).studies["attempts"].variants]
        for profile in ("standard", "full")
    }
    assert tried == {"standard": ["two"], "full": ["one", "two"]}
    assert found.attempts[1].backends == ("sqlite",)
