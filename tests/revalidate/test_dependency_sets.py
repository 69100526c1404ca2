"""Sets by name are resolved by the real uv from local wheels; what cannot be resolved is told in its own words."""

import re
from dataclasses import replace

import pytest

from bench.configuration import config
from bench.dependency_sets import LockedSet, Resolver, choose, upgraded
from bench.dependency_sets.resolution import explanation
from bench.errors import ConfigurationError, DependencySetError, RegistryError, UnresolvableError
from tests.revalidate.wheels import wheel

PROJECT = """
[dependency-groups]
base = ["engine"]
subject = [{include-group = "base"}, "driver"]
[tool.bench]
baseline = "one"
[tool.bench.revalidate]
floors = ["engine>=1.1", "driver>=1.0"]
prereleases = ["driver"]
[tool.bench.contenders.one]
dependency_set = "current"
"""


@pytest.fixture
def shop(tmp_path):
    """A folder of wheels as the only place to find packages: engine 1.0 to 2.0, of which 2.0 needs the new driver."""
    wheels = tmp_path / "wheels"
    for version in ("1.0", "1.1", "2.0"):
        wheel(wheels, "engine", version, {}, requires=["driver>=2"] if version == "2.0" else [])
    for version in ("1.0", "2.0", "3.0rc1"):
        wheel(wheels, "driver", version, {})
    (tmp_path / "uv.toml").write_text('no-index = true\nfind-links = ["wheels"]\n', encoding="utf-8")
    return wheels


@pytest.fixture
def found(tmp_path, shop):
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "locks").mkdir()
    return config.read(tmp_path / "pyproject.toml")


@pytest.fixture
def said():
    return []


@pytest.fixture
def resolve(found, said):
    return Resolver(root=found.root, cache=found.resolutions, notify=said.append)


@pytest.fixture
def old(found, resolve):
    return LockedSet(name="old", text=resolve(["engine==1.0", "driver==1.0"], name="old"))


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("latest", {"driver": "2.0", "engine": "2.0"}),
        ("lowest", {"driver": "1.0", "engine": "1.1"}),
        ("next", {"driver": "3.0rc1", "engine": "2.0"}),
    ],
)
def test_named_sets_are_the_newest_the_floors_and_the_pre_releases_of_the_named_packages(
    found, resolve, name, versions
):
    assert choose(name, config=found, resolve=resolve).versions == versions


def test_a_resolved_set_has_hashes_its_day_and_no_address(found, resolve, shop):
    text = choose("latest", config=found, resolve=resolve).text
    assert re.match(r"# releases up to \d{4}-\d\d-\d\d\n", text)
    assert text.count("--hash=sha256:") == 2
    assert str(shop) not in text
    assert "://" not in text


def test_a_committed_lock_is_taken_as_it_is(found, resolve, old):
    (found.locks / "adr.txt").write_text(old.text, encoding="utf-8")
    assert choose("adr", config=found, resolve=resolve) == replace(old, name="adr")


def test_a_file_of_pins_is_taken_as_it_is(found, resolve, old, tmp_path):
    (tmp_path / "mine.txt").write_text(old.text, encoding="utf-8")
    assert choose(str(tmp_path / "mine.txt"), config=found, resolve=resolve) == replace(old, name="mine")


def test_a_file_of_constraints_leaves_the_rest_as_it_was(found, resolve, old, tmp_path):
    (tmp_path / "mine.txt").write_text("# ours\nengine>=1.1,<2  # not yet\n", encoding="utf-8")
    chosen = choose(str(tmp_path / "mine.txt"), config=found, resolve=resolve, base=old)
    assert chosen.versions == {"driver": "1.0", "engine": "1.1"}


def test_an_upgrade_moves_one_package_and_what_it_needs(found, resolve, old):
    assert upgraded(old, ["engine==1.1"], config=found, resolve=resolve).versions == {"driver": "1.0", "engine": "1.1"}
    assert upgraded(old, ["engine"], config=found, resolve=resolve).versions == {"driver": "2.0", "engine": "2.0"}


def test_an_upgrade_has_a_name_of_its_own(found, resolve, old):
    assert upgraded(old, ["engine==1.1", "driver"], config=found, resolve=resolve).name == "old+engine-1.1+driver"


def test_an_unknown_set_is_told_with_those_that_are_known(found, resolve):
    with pytest.raises(ConfigurationError, match="there is no dependency set 'newest'") as caught:
        choose("newest", config=found, resolve=resolve)
    assert "latest, lowest, next" in caught.value.cause


def test_an_unknown_package_is_told_with_the_nearest(found, resolve, old):
    with pytest.raises(ConfigurationError, match="has no package 'engin'") as caught:
        upgraded(old, ["engin"], config=found, resolve=resolve)
    assert caught.value.cause == "did you mean engine?"


@pytest.mark.parametrize("package", ["engine = 2", "", "==2"])
def test_what_is_no_requirement_is_told(found, resolve, old, package):
    with pytest.raises(ConfigurationError, match="is no requirement"):
        upgraded(old, [package], config=found, resolve=resolve)


def test_a_line_of_a_constraints_file_that_is_none_is_told(found, resolve, tmp_path):
    (tmp_path / "mine.txt").write_text("engine >= < 2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is no requirement"):
        choose(str(tmp_path / "mine.txt"), config=found, resolve=resolve)


def test_conflicting_constraints_are_told_in_the_words_of_uv(found, resolve, tmp_path):
    (tmp_path / "mine.txt").write_text("engine==2.0\ndriver<2\n", encoding="utf-8")
    with pytest.raises(UnresolvableError, match="the dependency set 'mine' has no solution") as caught:
        choose(str(tmp_path / "mine.txt"), config=found, resolve=resolve)
    assert caught.value.cause.startswith("Because engine>=2.0 depends on driver>=2")


def test_a_version_that_does_not_exist_has_no_solution(found, resolve, old):
    with pytest.raises(UnresolvableError) as caught:
        upgraded(old, ["engine==9"], config=found, resolve=resolve)
    assert "no version of engine==9" in caught.value.cause


def test_a_package_that_nobody_has_is_told(resolve):
    with pytest.raises(UnresolvableError, match="unknown package: nowhere"):
        resolve(["nowhere"], name="mine")


def test_without_a_group_there_is_nothing_to_resolve(found, resolve):
    (found.root / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no dependency group 'subject'"):
        choose("latest", config=found, resolve=resolve)


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Leave a registry that nobody answers at, and an empty cache."""

    def offline():
        (tmp_path / "uv.toml").unlink()
        monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))

    return offline


def test_offline_a_set_that_was_resolved_before_is_used_again_and_that_is_said(found, resolve, offline, said):
    before = choose("latest", config=found, resolve=resolve)
    offline()
    assert choose("latest", config=found, resolve=resolve) == before
    assert said == [f"note: no registry answers; 'latest' is as it was resolved on {before.considered_until}"]


def test_offline_with_nothing_kept_is_an_error_without_the_registrys_address(found, resolve, offline):
    offline()
    with pytest.raises(RegistryError, match="no registry answers") as caught:
        choose("latest", config=found, resolve=resolve)
    assert "127.0.0.1" not in caught.value.cause
    assert "go online once" in caught.value.hint


def test_a_uv_that_cannot_be_started_is_told(resolve, monkeypatch):
    monkeypatch.setattr("uv.find_uv_bin", lambda: "/no/such/uv")
    with pytest.raises(DependencySetError, match="uv cannot be started"):
        resolve(["engine"], name="mine")


def test_an_explanation_is_short_and_starts_with_the_reason():
    said = f"error: No solution found\n  cause: Because {'a ' * 1000}\n\nhint: none"
    assert explanation(said).startswith("Because a a")
    assert len(explanation(said)) < 1000


def test_sets_that_differ_in_comments_hold_the_same(old):
    assert old.holds_the_same_as(LockedSet(name="x", text=f"# a comment\n{old.text}"))
    assert not old.holds_the_same_as(LockedSet(name="x", text=old.text.replace("engine==1.0", "engine==1.1")))


def test_pins_for_another_platform_are_not_expected_here():
    text = "here==1 \\\n    --hash=sha256:00\nthere==1 ; sys_platform == 'nowhere' \\\n    --hash=sha256:00\n"
    assert LockedSet(name="x", text=text).versions_here == {"here": "1"}
