"""The store builds a set when a trial first names it, once, and records it before that."""

import threading
import time
from pathlib import Path

import pytest

from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.store import EnvironmentStore, NotBuilt
from bench.errors import ConfigurationError, DependencySetError, RegistryError
from bench.running.environments import SubjectEnvironment


def an_environment(name, text):
    return SubjectEnvironment(
        dependency_set=name, python=Path(name), python_version="3.11", sha256="", text=text, packages={}
    )


class Builder:
    """Builds nothing and remembers what it was asked for."""

    def __init__(self, *failures):
        self.asked, self.failures = [], list(failures)

    def __call__(self, name, text):
        self.asked.append(name)
        if self.failures:
            raise self.failures.pop(0)
        return an_environment(name, text)


def a_set(name, version="1"):
    return LockedSet(name=name, text=f"engine=={version}\n")


def test_nothing_is_built_before_a_trial_names_it():
    build = Builder()
    store = EnvironmentStore([a_set("old"), a_set("new", "2")], build=build)
    assert (build.asked, dict(store.built)) == ([], {})
    assert store.environment("new").text == "engine==2\n"
    assert build.asked == ["new"]
    assert list(store.built) == ["new"]


def test_a_set_is_built_once():
    build = Builder()
    store = EnvironmentStore([a_set("old")], build=build)
    assert store.environment("old") is store.environment("old")
    assert build.asked == ["old"]


def test_a_set_made_on_the_way_is_built_like_any_other():
    store = EnvironmentStore([a_set("old")], build=Builder())
    store.add(a_set("mix-1", "1.5"))
    assert store.environment("mix-1").text == "engine==1.5\n"
    assert list(store.sets) == ["old", "mix-1"]


def test_a_set_is_recorded_once_and_before_it_is_built():
    events = []
    build = Builder(RegistryError("no answer"))
    store = EnvironmentStore(
        [a_set("old")],
        build=lambda name, text: events.append(f"build {name}") or build(name, text),
        record=lambda each: events.append(f"record {each.name}"),
    )
    with pytest.raises(RegistryError):
        store.environment("old")
    store.environment("old")
    assert events == ["record old", "build old", "build old"]


def test_a_set_that_does_not_install_is_an_answer_and_is_remembered():
    build = Builder(DependencySetError("no", cause="hash mismatch"))
    store = EnvironmentStore([a_set("old")], build=build)
    assert store.environment("old") == store.environment("old") == NotBuilt(because="no: hash mismatch")
    assert build.asked == ["old"]
    assert dict(store.built) == {}


def test_a_registry_that_is_away_is_asked_again_later():
    store = EnvironmentStore([a_set("old")], build=Builder(RegistryError("no answer")))
    with pytest.raises(RegistryError):
        store.environment("old")
    assert store.environment("old") == an_environment("old", "engine==1\n")


def test_one_name_never_means_two_sets():
    store = EnvironmentStore([a_set("mix")], build=Builder())
    store.add(LockedSet(name="mix", text="# made again\nengine==1\n"))
    with pytest.raises(ConfigurationError, match="two dependency sets are called 'mix'"):
        store.add(a_set("mix", "2"))


def test_an_unknown_set_is_a_defect():
    with pytest.raises(KeyError):
        EnvironmentStore([], build=Builder()).environment("nowhere")


def test_several_sets_are_built_at_the_same_time_and_each_once():
    together = threading.Barrier(2, timeout=10)
    asked = []

    def build(name, text):
        asked.append(name)
        together.wait()
        return an_environment(name, text)

    store = EnvironmentStore([a_set("old"), a_set("new", "2")], build=build)
    assert list(store.environments(["old", "new", "old"])) == ["old", "new"]
    assert sorted(asked) == ["new", "old"]


def test_two_threads_that_name_one_set_get_one_build():
    asked = []

    def build(name, text):
        asked.append(name)
        time.sleep(0.05)
        return an_environment(name, text)

    store = EnvironmentStore([a_set("old")], build=build)
    threads = [threading.Thread(target=store.environment, args=("old",)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert asked == ["old"]
