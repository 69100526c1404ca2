"""A run as JUnit XML, which every CI shows: the decision, the claims and the comparisons as test cases.

Only what decides can fail: a challenged decision, a deciding claim that is refuted. What is open is skipped, with its
reason. All else passes, and says what was found. The elements are those of the schema that Jenkins and GitLab read.
"""

from xml.etree import ElementTree as ET

from bench import text
from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.judgement.finding import Decision
from bench.paired.finding import ComparisonFinding
from bench.results import Results

_OPEN = (Verdict.DEPENDS, Verdict.INCONCLUSIVE, Verdict.INVALID, Verdict.NOT_MEASURED)


def junit(results: Results) -> bytes:
    """Return the document; the same findings give the same bytes."""
    suites = {
        "decision": [_decision(results)],
        "claims": [_claim(claim) for claim in results.claims],
        "comparisons": [_comparison(compared) for compared in results.comparisons],
    }
    root = ET.Element("testsuites", name=_plain(f"twinbench {results.run.run_id}"))
    for name, cases in suites.items():
        suite = ET.SubElement(root, "testsuite", {"name": name, **_counted(cases)})
        suite.extend(cases)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _counted(cases: list[ET.Element]) -> dict[str, str]:
    counts = {"failures": "failure", "skipped": "skipped"}
    found = {key: str(sum(case.find(tag) is not None for case in cases)) for key, tag in counts.items()}
    return {"tests": str(len(cases)), "errors": "0", **found}


def _decision(results: Results) -> ET.Element:
    found = results.decision
    lines = "\n".join(found.reasons)
    if found.decision is Decision.CHALLENGED:
        return _case("decision", "decision", failure=found.sentence, says=lines)
    if found.decision is Decision.UNDETERMINED:
        return _case("decision", "decision", skipped=found.sentence, says=lines)
    return _case("decision", "decision", says="\n".join([found.sentence, *found.reasons]))


def _claim(claim: ClaimFinding) -> ET.Element:
    words = f"{claim.verdict.value}: {claim.reason}"
    says = "\n".join(filter(None, [claim.statement, claim.numbers, f"what would flip it: {claim.would_flip}"]))
    group = f"claims.{claim.goal}"
    if claim.verdict is Verdict.REFUTED and claim.weight == "decides":
        return _case(group, claim.id, failure=words, says=says)
    if claim.verdict in _OPEN:
        return _case(group, claim.id, skipped=words, says=says)
    return _case(group, claim.id, says=f"{words}\n{says}")


def _comparison(compared: ComparisonFinding) -> ET.Element:
    name = f"{compared.rival} over {compared.baseline}"
    group = f"comparisons.{compared.metric}"
    if compared.estimate is None:
        return _case(group, name, skipped=compared.words)
    says = text.takes(compared.rival_contender, compared.baseline_contender, compared.estimate)
    return _case(group, name, says=f"{compared.words}\n{says}")


def _case(group: str, name: str, *, failure: str = "", skipped: str = "", says: str = "") -> ET.Element:
    case = ET.Element("testcase", classname=_plain(group), name=_plain(name), time="0")
    for tag, message in (("failure", failure), ("skipped", skipped)):
        if message:
            ET.SubElement(case, tag, message=_plain(message)).text = _plain(says)
    if says and not failure and not skipped:
        ET.SubElement(case, "system-out").text = _plain(says)
    return case


def _plain(words: str) -> str:
    """Make control characters visible: XML has no place for them."""
    return "\n".join(map(text.visible, words.split("\n")))
