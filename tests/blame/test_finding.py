"""What was found is said in one sentence with exact versions, as rows for the page, and as JSON with a schema."""

import json

import jsonschema
import msgspec
import pytest

from bench.experiments.blame.failures import FailureInvestigation
from bench.experiments.blame.finding import BlameFindings, json_schema
from bench.experiments.blame.investigation import Investigation
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.summing_up import of_failure, of_time
from tests.blame.conftest import PlantedMachine, a_chain, finished

RULES = Rules()
ASKED = {"what": "the wall time of sync", "before": "adr", "after": "current"}


@pytest.fixture
def time_finding():
    def time_finding(level, chain=None):
        chain = chain or a_chain(8, {5: {2}})
        return of_time(
            finished(Investigation(chain=chain, rules=RULES), PlantedMachine(level=level)), chain, RULES, **ASKED
        )

    return time_finding


@pytest.fixture
def failure_finding():
    def failure_finding(fails):
        chain = a_chain(8)
        machine = PlantedMachine(level=lambda units: float(fails(units)))
        conclusion = finished(FailureInvestigation(chain=chain, rules=RULES), machine)
        return of_failure(conclusion, chain, RULES, **{**ASKED, "what": "test_login"})

    return failure_finding


def test_a_package_alone_is_named_with_its_versions_and_the_size_of_the_change(time_finding):
    found = time_finding(lambda units: 0.0953 * (4 in units))
    assert found.sentence.startswith("p4 alone changed the wall time of sync (1.10")
    assert found.sentence.endswith(": p4 1 -> 2.")
    assert "the probability that any innocent package is named is at most 5 %" in found.notes


def test_a_pair_is_named_together(time_finding):
    found = time_finding(lambda units: 0.1 * ({1, 4} <= units))
    assert found.sentence.startswith("p4 with p1 changed the wall time of sync (")
    assert found.roles == dict.fromkeys(("p4", "p1"), "changes it only where other packages have moved, too")


def test_nobody_is_named_without_a_change(time_finding):
    found = time_finding(lambda _: 0.0)
    assert found.sentence.startswith("Nothing to attribute for the wall time of sync: ")
    assert (found.named, found.commands, found.confirmation) == ((), (), ())


def test_the_commands_go_without_the_package_and_what_needs_it_or_upgrade_only_it(time_finding):
    found = time_finding(lambda units: 0.1 * (2 in units))
    assert [row.command for row in found.commands] == [
        "uv pip install 'p2==1' 'p5==1'",
        "uv pip install 'p2==2'",
        "nox -s revalidate -- --from adr --upgrade p2==2",
    ]
    assert found.commands[0].purpose == "stay on 'current' without p2"


def test_every_step_says_what_it_saw_and_what_followed(time_finding):
    found = time_finding(lambda units: 0.1 * (4 in units))
    assert [row.units for row in found.steps[:2]] == [("p0", "p1", "p2", "p3"), ("p4", "p5", "p6", "p7")]
    assert [row.decided for row in found.steps[:2]] == ["left: no effect worth following", "followed"]
    assert all(row.low <= row.ratio <= row.high for row in found.steps)


def test_the_confirmation_shows_both_contexts_and_what_is_left(time_finding):
    found = time_finding(lambda units: 0.1 * (4 in units))
    assert [(row.unit, row.context, row.shown) for row in found.confirmation] == [
        ("p4", "added to the earlier set", True),
        ("p4", "taken out of the later set", True),
        ("p4", "what is left of the change without it", False),
    ]
    assert found.placebo.shown is False


def test_a_merged_unit_says_why(time_finding):
    found = time_finding(lambda units: 0.1 * (1 in units), a_chain(8).merged(1, "p1 does not move without p2"))
    assert found.units[1].name == "p1 (+1)"
    assert "p1 does not move without p2" in found.notes


def test_a_failure_is_counted_and_not_estimated(failure_finding):
    found = failure_finding(lambda units: 4 in units)
    assert found.sentence == "p4 alone changed test_login (8 of 8 runs fail, was 0 of 8 runs): p4 1 -> 2."
    assert [row.counts for row in found.confirmation] == ["fails in 4 of 4 runs with it, in 0 of 4 runs without it"] * 2
    assert found.steps[0].units == ("the earlier set with p0, p1, p2 and p3",)
    assert found.steps[0].decided == "it passes: go on"


@pytest.mark.parametrize("effect", [0.0, 0.1])
def test_a_finding_is_json_of_its_schema_and_comes_back_equal(time_finding, failure_finding, effect):
    for found in (
        time_finding(lambda units: effect * (4 in units)),
        failure_finding(lambda units: effect and 4 in units),
    ):
        written = msgspec.json.encode(BlameFindings(questions=(found,)))
        jsonschema.validate(json.loads(written), json_schema())
        assert msgspec.json.decode(written, type=BlameFindings).questions == (found,)


def test_the_schema_refuses_what_is_no_finding():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"blame": "alone"}, json_schema())
