"""Sets between two others: metadata, text, whether they go together, from local wheels by the real uv."""

import sys
from pathlib import Path

import pytest

from bench.dependency_sets.dry_resolution import DryResolver
from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.metadata import of_environment, of_wheel
from bench.dependency_sets.mixture import entries, mixture
from bench.errors import DependencySetError, RegistryError
from bench.running import uv_process
from tests.revalidate.wheels import wheel

OLD = """# releases up to 2025-01-01
engine==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
    # via us
gone==1.0 \\
    --hash=sha256:ba
tz==1 ; sys_platform == 'win32' \\
    --hash=sha256:ca
"""
NEW = """engine==2.0 \\
    --hash=sha256:da
New_One==1.0 \\
    --hash=sha256:ea
tz==1 ; sys_platform == 'win32' \\
    --hash=sha256:ca
"""


@pytest.fixture
def ends():
    return LockedSet(name="old", text=OLD), LockedSet(name="new", text=NEW)


def test_a_mixture_has_the_moved_packages_of_the_later_set_and_the_rest_of_the_earlier(ends):
    found = mixture(*ends, moved={"engine"}, name="mix")
    assert found.versions == {"engine": "2.0", "gone": "1.0", "tz": "1"}
    assert "sha256:da" in found.text
    assert "sha256:aa" not in found.text


def test_packages_come_and_go_where_they_move(ends):
    assert mixture(*ends, moved={"new-one", "gone"}, name="mix").versions == {
        "engine": "1.0",
        "new-one": "1.0",
        "tz": "1",
    }


def test_the_ends_of_the_way_are_the_two_sets(ends):
    old, new = ends
    assert mixture(old, new, moved=set(), name="mix").holds_the_same_as(old)
    assert mixture(old, new, moved={"engine", "gone", "new-one"}, name="mix").holds_the_same_as(new)


def test_equal_mixtures_have_equal_texts_whatever_the_comments_say(ends):
    old, new = ends
    other = LockedSet(name="old", text=old.text.replace("# via us", "# via them"))
    assert mixture(old, new, moved={"engine"}, name="a").text == mixture(other, new, moved={"engine"}, name="a").text


def test_options_of_a_requirements_file_belong_to_no_package():
    assert entries("a==1\n--no-index\n    --hash=sha256:00\n") == {"a": ("a==1", "    --hash=sha256:00")}


@pytest.fixture
def shop(tmp_path):
    """Wheels as the only place to find packages: engine 2.0 needs driver 2.x and the new trust."""
    wheels = tmp_path / "wheels"
    wheel(wheels, "engine", "1.0", {"engine.py": ""}, requires=["driver"])
    wheel(wheels, "engine", "2.0", {"engine/__init__.py": ""}, requires=["driver>=2", "trust; extra == 'safe'"])
    for version in ("1.0", "2.0"):
        wheel(wheels, "driver", version, {"driver.py": ""})
    wheel(wheels, "trust", "1.0", {"trust.py": ""})
    (tmp_path / "uv.toml").write_text('no-index = true\nfind-links = ["wheels"]\n', encoding="utf-8")
    return wheels


def test_a_wheel_declares_its_requirements_and_modules(shop):
    found = of_wheel(shop / "engine-2.0-py3-none-any.whl")
    assert (found.name, found.version, found.modules) == ("engine", "2.0", {"engine"})
    assert found.requires == ("driver>=2", "trust; extra == 'safe'")


def test_a_wheel_that_is_none_is_told(tmp_path):
    (tmp_path / "a-1-py3-none-any.whl").write_bytes(b"no zip")
    with pytest.raises(DependencySetError, match=r"the wheel a-1-py3-none-any\.whl cannot be read"):
        of_wheel(tmp_path / "a-1-py3-none-any.whl")


def test_an_environment_declares_what_is_installed_in_it():
    found = of_environment(Path(sys.executable))
    assert found["pytest"].version == pytest.__version__
    assert any(text.startswith("pluggy") for text in found["pytest"].requires)
    assert "_pytest" in found["pytest"].modules


def test_an_interpreter_that_does_not_answer_is_told(tmp_path):
    with pytest.raises(DependencySetError, match="cannot be listed"):
        of_environment(tmp_path / "no-python")


@pytest.fixture
def resolver(tmp_path, shop):
    def resolver(*requirements, **changes):
        return DryResolver(root=tmp_path, cache=tmp_path / "cache", requirements=requirements, **changes)

    return resolver


def a_set(**pins):
    return LockedSet(name="mix", text="".join(f"{name}=={version}\n" for name, version in pins.items()))


def test_a_set_that_goes_together_has_no_reason_against_it(resolver):
    assert resolver("engine")(a_set(engine="2.0", driver="2.0")) == ""


def test_a_set_of_versions_that_refuse_each_other_says_so_in_the_words_of_uv(resolver):
    assert "driver" in resolver("engine")(a_set(engine="2.0", driver="1.0"))


def test_a_set_that_lacks_a_package_says_which(resolver):
    assert resolver("engine[safe]")(a_set(engine="2.0", driver="2.0")) == "it lacks trust"


def test_what_is_asked_for_and_not_in_the_set_does_not_count(resolver):
    assert resolver("engine>=1", "trust")(a_set(engine="1.0", driver="1.0")) == ""


def test_the_versions_of_the_requirements_do_not_refuse_an_old_set(resolver):
    assert resolver("engine>=2")(a_set(engine="1.0", driver="1.0")) == ""


def test_a_package_that_nothing_needs_is_no_harm(resolver):
    assert resolver("driver")(a_set(driver="1.0", trust="1.0")) == ""


@pytest.mark.parametrize("driver", ["1.0", "2.0"])
def test_an_answer_is_kept_whether_yes_or_no(resolver, driver):
    asked = []

    def run(*arguments, cwd):
        asked.append(arguments)
        return uv_process.run(*arguments, cwd=cwd)

    first = resolver("engine", run=run)(a_set(engine="2.0", driver=driver))
    assert resolver("engine", run=run)(a_set(engine="2.0", driver=driver)) == first
    assert len(asked) == 1


def test_without_a_registry_what_uv_has_kept_may_do(resolver):
    asked = []

    def run(*arguments, cwd):
        asked.append("--offline" in arguments)
        return None if "--offline" in arguments and Path(arguments[-1]).write_text("driver==1.0\n") else "dns error"

    assert resolver("driver", run=run)(a_set(driver="1.0")) == ""
    assert asked == [False, True]


def test_without_a_registry_and_nothing_kept_nothing_is_claimed_and_nothing_is_remembered(resolver):
    away = resolver("driver", run=lambda *_, **__: "dns error")
    with pytest.raises(RegistryError, match="no registry answers") as caught:
        away(a_set(driver="1.0"))
    assert "--resume" in caught.value.hint
    assert resolver("driver")(a_set(driver="1.0")) == ""
