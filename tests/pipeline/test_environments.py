"""An environment is built once from its dependency set, and again when it is not what the set says."""

import json
import sys
from pathlib import Path

import pytest

from bench.errors import DependencySetError, RegistryError, StorageError
from bench.running import environments

LOCK = "pytest==9.0.0 \\\n    --hash=sha256:00\n"


@pytest.fixture
def locks(tmp_path):
    folder = tmp_path / "locks"
    folder.mkdir()
    (folder / "current.txt").write_text(LOCK, encoding="utf-8")
    return folder


@pytest.fixture
def build(tmp_path, locks):
    """Build the set and give the environment with what was said meanwhile."""

    def build(name="current"):
        said = []
        return environments.build(locks, name, cache=tmp_path / "cache", notify=said.append), said

    return build


def test_a_set_is_installed_with_its_hashes_checked(build, uv):
    environment, said = build()
    assert "--require-hashes" in uv[1].read_text(encoding="utf-8")
    assert said == ["building the environment of dependency set 'current' with uv"]
    assert environment.python.exists()
    assert environment.text == LOCK


def test_a_built_environment_is_used_again(build, uv):
    first, _ = build()
    assert build() == (first, [])


def test_another_lock_gives_another_environment(build, uv, locks):
    first, _ = build()
    (locks / "current.txt").write_text(LOCK + "six==1 --hash=sha256:00\n", encoding="utf-8")
    second, said = build()
    assert first.python != second.python
    assert said


@pytest.mark.parametrize("damage", [None, b"", b"{", b"\xff", b'{"python": "2.7", "packages": {}}'])
def test_an_environment_that_is_not_what_its_marker_says_is_built_anew(build, uv, damage):
    environment, _ = build()
    marker = environment.python.parents[1] / "complete.json"
    marker.unlink() if damage is None else marker.write_bytes(damage)
    rebuilt, said = build()
    assert said
    assert rebuilt == environment
    assert json.loads(marker.read_bytes())["python"] == environment.python_version


def test_an_environment_whose_interpreter_is_gone_is_built_anew(build, uv):
    environment, _ = build()
    environment.python.unlink()
    assert build()[1]


def test_a_failed_installation_is_told_in_the_words_of_uv_and_leaves_no_marker(build, uv, tmp_path):
    uv[0].write_text("hash mismatch for pytest", encoding="utf-8")
    with pytest.raises(DependencySetError, match="uv could not install the dependency set 'current'") as caught:
        build()
    assert caught.value.cause == "hash mismatch for pytest"
    assert "git checkout -- locks/" in caught.value.hint
    assert list((tmp_path / "cache").rglob("complete.json")) == []


def test_without_a_registry_uv_is_asked_for_what_it_has_kept(build, uv):
    uv[0].write_text("error sending request for url (https://somewhere/simple/pytest/)", encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        build()
    assert "somewhere" not in caught.value.cause
    first, second = uv[1].read_text(encoding="utf-8").splitlines()
    assert second == f"{first} --offline"


def test_a_failed_installation_is_tried_again(build, uv):
    uv[0].write_text("no network", encoding="utf-8")
    with pytest.raises(DependencySetError):
        build()
    uv[0].unlink()
    assert build()[1]


@pytest.mark.parametrize("where", ["/no/such/uv", __file__])
def test_a_uv_that_cannot_be_started_is_told(build, monkeypatch, where):
    monkeypatch.setattr("uv.find_uv_bin", lambda: where)
    with pytest.raises(DependencySetError, match="uv cannot be started") as caught:
        build()
    assert "pip install" in caught.value.hint


def test_a_missing_set_is_told_with_those_that_are_there(build):
    with pytest.raises(DependencySetError, match="there is no dependency set 'latest'") as caught:
        build("latest")
    assert "committed sets: current" in caught.value.cause


@pytest.mark.parametrize("text", ["", "pytest\n", "pytest==9.0.0\n", "# pytest==9.0.0 --hash=sha256:00\n"])
def test_a_set_without_hashed_pins_is_refused_before_anything_is_installed(build, locks, uv, text):
    (locks / "current.txt").write_text(text, encoding="utf-8")
    with pytest.raises(DependencySetError, match="holds no hashed pins"):
        build()
    assert not uv[1].exists()


def test_a_cache_that_cannot_be_written_is_a_storage_error(locks, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError):
        environments.build(locks, "current", cache=tmp_path / "file" / "cache", notify=print)


def test_an_interpreter_of_the_user_is_looked_into():
    environment = environments.foreign(sys.executable, directory=Path())
    assert environment.packages["pytest"]
    assert environment.python_version == ".".join(map(str, sys.version_info[:3]))


def test_an_interpreter_can_be_named_as_on_the_command_line(tmp_path):
    assert environments.foreign("python3", directory=tmp_path).python.name == "python3"


def test_a_folder_of_the_interpreters_name_is_not_the_interpreter(tmp_path):
    (tmp_path / "python3").mkdir()
    assert environments.foreign("python3", directory=tmp_path).python.is_file()


@pytest.mark.parametrize("python", ["/no/such/python", "/bin/true", "no-such-python-anywhere"])
def test_an_interpreter_that_does_not_answer_is_refused(python, tmp_path):
    with pytest.raises(DependencySetError, match="does not answer"):
        environments.foreign(python, directory=tmp_path)


@pytest.mark.parametrize(
    ("python", "packages", "cause"),
    [
        ("3.8.1", {"pytest": "9.0"}, "Python 3.8.1"),
        ("3.11.0", {"pytest": "6.2.5"}, "pytest 6.2.5"),
        ("3.11.0", {}, "no pytest"),
    ],
)
def test_an_interpreter_on_which_the_probe_cannot_run_is_refused(monkeypatch, python, packages, cause):
    monkeypatch.setattr(environments, "_inspect", lambda *_, **__: {"python": python, "packages": packages})
    with pytest.raises(DependencySetError, match="cannot be measured") as caught:
        environments.foreign("python3", directory=Path())
    assert cause in caught.value.cause
