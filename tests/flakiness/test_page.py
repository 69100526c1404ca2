"""The page of a search shows both rates of each cause, the state that is left, and what is open."""

from dataclasses import replace

from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.flakiness.page import section
from bench.flakiness.findings import ContrastFinding, NeverPassed
from tests.flaking import a_cell, a_cluster, a_flake, a_hunt
from tests.made_up import NO_FLAKES

COUNTS = {"same": (1, 10)}
CONTRAST = ContrastFinding(
    cause="under clock", failures=10, runs=10, without_failures=0, without_runs=4, p_value=0.001, words=""
)


def shown(**changes):
    return section(FlakeSearchFinding(search=a_hunt({a_cell(): COUNTS}, **changes), provoked=()))


def cells(table):
    return [entry.words for entry in table.rows[0]]


def test_a_cause_has_both_rates_and_the_state():
    flake = a_flake(a_cell(), COUNTS, contrast=CONTRAST)
    found = shown(flakes=(flake,), clusters=(a_cluster(flake, left=("app.STATE = [1]",), mend="make it anew"),))
    assert cells(found.tables[0])[1:4] == ["app.STATE = [1]", "10 of 10", "0 of 4"]
    assert found.headline == (
        "1 root cause of flakes: 1 shown by the rates with and without the cause, 1 with the state that a test leaves."
    )
    assert found.paragraphs == ("make it anew",)


def test_what_is_not_classified_shows_no_rates():
    flake = a_flake(a_cell(), COUNTS)
    found = shown(flakes=(flake,), clusters=(a_cluster(flake),))
    assert "0 shown by the rates" in found.headline
    assert cells(found.tables[0])[2] == cells(found.tables[0])[3]


def test_notes_and_tests_that_never_passed_are_listed_up_to_a_limit():
    never = tuple(NeverPassed(test=f"test_{number}", runs=9, upper=0.3, words="never passed") for number in range(12))
    hunted = a_hunt({a_cell(): {"same": (0, 10)}})
    cell = replace(hunted.cells[0], notes=("it leaves files",), never_passed=never)
    found = section(FlakeSearchFinding(search=replace(hunted, cells=(cell,)), provoked=()))
    assert found.headline == "No flake was found in 10 whole-suite trials."
    assert found.tables == ()
    assert found.left_out[0] == "sync: it leaves files"
    assert found.left_out[-1] == "sync: 2 more tests never passed"


def test_without_a_search_there_is_no_section():
    assert section(FlakeSearchFinding(search=NO_FLAKES, provoked=())) is None
