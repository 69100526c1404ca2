"""JUnit XML: only what decides can fail, what is open is skipped with its reason, and no name breaks it."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from bench.claims.weighed import Verdict
from bench.judgement.finding import Decision
from bench.report.junit import junit
from tests.made_up import altered
from tests.report.conftest import HOSTILE


def cases(results, suite):
    root = ET.fromstring(junit(results))
    (found,) = [each for each in root if each.attrib["name"] == suite]
    assert found.attrib["tests"] == str(len(found))
    assert found.attrib["failures"] == str(len(found.findall("testcase/failure")))
    assert found.attrib["skipped"] == str(len(found.findall("testcase/skipped")))
    return {case.attrib["name"]: case for case in found}


@pytest.mark.parametrize(
    ("weight", "verdict", "tag"),
    [
        ("decides", Verdict.REFUTED, "failure"),
        ("informs", Verdict.REFUTED, "system-out"),
        ("decides", Verdict.SUPPORTED, "system-out"),
        ("decides", Verdict.EQUIVALENT, "system-out"),
        ("decides", Verdict.DEPENDS, "skipped"),
        ("informs", Verdict.NOT_MEASURED, "skipped"),
    ],
)
def test_a_claim_fails_if_it_decides_and_is_refuted_and_is_skipped_where_it_is_open(analysis, weight, verdict, tag):
    claim = replace(analysis.claims[0], weight=weight, verdict=verdict)
    (case,) = cases(altered(analysis, claims=(claim,)), "claims").values()
    assert [child.tag for child in case] == [tag]
    assert claim.numbers in "".join(case.itertext())


@pytest.mark.parametrize(
    ("decision", "tag"),
    [(Decision.STANDS, "system-out"), (Decision.CHALLENGED, "failure"), (Decision.UNDETERMINED, "skipped")],
)
def test_the_decision_is_a_case_of_its_own(analysis, decision, tag):
    (case,) = cases(altered(analysis, decision=replace(analysis.decision, decision=decision)), "decision").values()
    assert [child.tag for child in case] == [tag]


def test_every_comparison_is_a_case_and_says_its_ratio(analysis):
    found = cases(analysis, "comparisons")
    case = found["async-session@sqlite/current over sync@sqlite/current"]
    assert "takes" in case.findtext("system-out")


def test_hostile_words_stay_words(analysis):
    claim = replace(analysis.claims[0], statement=HOSTILE, reason=f"{HOSTILE}\x00\x1b[31m", verdict=Verdict.INVALID)
    (case,) = cases(altered(analysis, claims=(claim,)), "claims").values()
    assert "<script>alert(1)</script>" in case.find("skipped").text
