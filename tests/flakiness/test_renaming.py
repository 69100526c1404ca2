"""A test whose id differs in each process is the same test in early trials and in later ones."""

from dataclasses import replace

import pytest

from bench.flakiness.conditions import Circumstances, under
from bench.flakiness.outcomes import Observation
from bench.flakiness.renaming import renamed
from bench.model import ExecutedTest, FailedPhase

FUNCTION = "a.py::test"


@pytest.fixture
def observed(make_trial):
    """Observe a trial of these ids under circumstances; the last one failed."""

    def observed(*ids, circumstances, **changes):
        tests = tuple(ExecutedTest(test, "passed", 1, 1, 1) for test in ids)
        failures = (FailedPhase(ids[-1], "call", "a.py", 1, "no"),)
        trial = make_trial(tests=tests, failures=failures, **changes)
        return Observation(circumstances=circumstances, trial=trial)

    return observed


def ids(seen):
    return [[test.id for test in each.trial.tests] for each in seen]


def test_numbers_are_those_of_collection_forth_and_back(observed):
    forth = observed("a.py::test[x]", "a.py::test[y]", "a.py::other[1]", circumstances=Circumstances())
    back = observed("a.py::other[1]", "a.py::test[w]", "a.py::test[v]", circumstances=under("reverse-order"))
    assert ids(renamed([forth, back], [FUNCTION])) == [
        ["a.py::test[0]", "a.py::test[1]", "a.py::other[1]"],
        ["a.py::other[1]", "a.py::test[1]", "a.py::test[0]"],
    ]


def test_the_only_test_of_a_function_is_known_in_any_order(observed):
    seen = observed("a.py::b", "a.py::test[x]", circumstances=under("random-order", 3))
    (found,) = renamed([seen], [FUNCTION])
    assert ids([found]) == [["a.py::b", "a.py::test[0]"]]
    assert found.trial.failures[0].id == "a.py::test[0]"


def test_what_was_shuffled_by_an_id_that_is_gone_cannot_be_followed(observed):
    seen = observed("a.py::test[x]", "a.py::b", "a.py::test[y]", circumstances=under("random-order", 3))
    (found,) = renamed([seen], [FUNCTION])
    assert ids([found]) == [["a.py::b"]]
    assert found.trial.failures == ()


def test_notes_of_a_test_follow_it(observed):
    facts = {"left": [["a.py::test[x]", ["app.X = 1"]]], "delayed": ["a.py::test[x]"], "tree": [["+", "f"]]}
    seen = observed("a.py::test[x]", circumstances=Circumstances(), facts=facts)
    (found,) = renamed([seen], [FUNCTION])
    assert found.trial.facts == {
        "left": [["a.py::test[0]", ["app.X = 1"]]],
        "delayed": ["a.py::test[0]"],
        "tree": [["+", "f"]],
    }


def test_a_polluter_with_an_id_of_its_process_is_named_by_number(make_suite, after):
    later = make_suite(tests=["a.py::victim", "a.py::test[0]", "a.py::z"])
    later.behaviours = {"a.py::victim": after("a.py::test[0]")}
    numbered = Circumstances(numbered=(FUNCTION,))
    seen = later.survey(replace(numbered, hash_seed=3), replace(under("reverse-order"), numbered=(FUNCTION,)))
    for place, circumstances in enumerate((Circumstances(), under("reverse-order"))):
        raw = make_suite(tests=["a.py::victim", f"a.py::test[{place}x]", "a.py::z"])
        raw.behaviours = {"a.py::victim": after(f"a.py::test[{place}x]")}
        seen.insert(place, *raw.survey(circumstances))
    (found,) = later.examine(seen).diagnoses
    assert (found.test, found.causes) == ("a.py::victim", ("a.py::test[0]",))
    assert found.replay.circumstances.numbered == (FUNCTION,)
    assert {each.numbered for each in later.runs[2:]} == {(FUNCTION,)}
