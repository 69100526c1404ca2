"""The project's own claims: complete, well-formed, and each from a section that the record has."""

import tomllib
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from bench.claims import file as claims
from bench.claims.claim import Claim
from bench.configuration import config

ROOT = Path(__file__).parents[2]
FILE = ROOT / "bench" / "claims.toml"
TEXT = FILE.read_text(encoding="utf-8")
KINDS = claims.kinds()
CLAIMS = claims.parse(TEXT, source="bench/claims.toml")

# The record's sections, each with its subsections and labelled paragraphs.
SECTIONS = {
    "Overview": ("Why This Approach?",),
    "Context": ("Research Sources", "Problems Encountered"),
    "Problems Encountered": (
        "Greenlet spawn errors",
        "Event loop conflicts",
        "Pytest-asyncio complexity",
        "Unreliable tests",
        "Development friction",
    ),
    "Architecture Goals": ("Reliability", "Simplicity", "Speed", "Official Pattern", "Maintainability"),
    "Decision 1": ("Rationale", "Key Features"),
    "Alternative 1": ("Approach", "Pros", "Cons", "Verdict"),
    "Alternative 2": ("Approach", "Pros", "Cons", "Verdict"),
    "Alternative 3": ("Approach", "Pros", "Cons", "Trade-offs", "Mitigation", "Verdict"),
    "Component 1": ("Purpose", "Responsibilities", "Interfaces", "Dependencies"),
    "Component 2": ("Purpose", "Responsibilities", "Interfaces", "Dependencies", "Configuration"),
    "Component 3": ("Purpose", "Responsibilities", "Session-scoped database", "Function-scoped session"),
    "Pattern 1": (),
    "Pattern 2": (),
    "Pattern 3": (),
    "Code Organization": (),
    "Configuration": ("Test Database", "Test Session", "Test Client", "Pytest Configuration"),
    "Application vs Test Code": ("Application Code", "Test Code"),
    "How TestClient Works Internally": ("Result",),
    "Security Considerations": (),
    "Performance Considerations": ("Testing Performance Metrics", "Comparison to Async Testing"),
    "Testing Performance Metrics": ("Unit tests", "Integration tests", "API tests", "Full suite"),
    "Comparison to Async Testing": ("Synchronous", "Async", "Verdict"),
    "Testing Strategy": ("Unit Tests", "Integration Tests", "End-to-End Tests"),
    "Future Enhancements": ("If Async Testing Becomes Necessary", "Potential Scenarios"),
}
# Where the record states something that a measurement or a fact can meet; the rest are examples and references.
STATING = {
    "Overview",
    "Problems Encountered",
    "Architecture Goals",
    "Decision 1",
    "Alternative 1",
    "Alternative 2",
    "Alternative 3",
    "Component 2",
    "Component 3",
    "Pattern 1",
    "Configuration",
    "How TestClient Works Internally",
    "Security Considerations",
    "Performance Considerations",
    "Testing Performance Metrics",
    "Future Enhancements",
}


def places(claim: Claim) -> list[tuple[str, str]]:
    """Split `section` into pairs of a section and a part of it, '' for the whole."""
    pairs = (part.partition(": ") for part in claim.section.split("; "))
    return [(section, part) for section, _, part in pairs]


def named(claim: Claim) -> str:
    return claim.id


def test_claims_cover_the_record():
    assert len(CLAIMS) >= 25


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_a_claim_cites_sections_of_the_record(claim):
    assert [(s, p) for s, p in places(claim) if s not in SECTIONS or p not in ("", *SECTIONS[s])] == []


@pytest.mark.parametrize("section", sorted(STATING))
def test_a_section_that_states_something_is_cited(section):
    assert any(section == cited for claim in CLAIMS for cited, _ in places(claim))


def test_ids_are_unique():
    assert max(Counter(claim.id for claim in CLAIMS).values()) == 1


def test_statements_are_unique():
    assert max(Counter(claim.statement for claim in CLAIMS).values()) == 1


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_a_claim_has_the_keys_of_its_kind(claim):
    assert [key for key in KINDS[claim.kind].needs if getattr(claim, key, claim.terms.get(key)) is None] == []


def test_claims_speak_of_configured_names_only():
    names = config.read(ROOT / "pyproject.toml").names
    claims.check_names(CLAIMS, contenders=names, source="bench/claims.toml", text=TEXT)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_has_its_weigher(kind):
    module, _, function = kind.weigher.partition(":")
    assert callable(getattr(import_module(module), function))


def test_every_kind_is_explained_at_the_head_of_the_file():
    head = TEXT.partition("[[claim]]")[0]
    assert [kind for kind in KINDS if f"# {kind} " not in head] == []


def test_a_timing_claim_that_decides_states_margin_alpha_and_blocks_beforehand():
    deciding = [claim for claim in CLAIMS if claim.kind == "faster" and claim.weight == "decides"]
    assert deciding
    assert [claim for claim in deciding if None in (claim.margin, claim.alpha, claim.minimum_blocks)] == []


def test_what_decides_can_be_measured():
    assert [claim.id for claim in CLAIMS if claim.weight == "decides" and claim.kind in ("opinion", "unmeasured")] == []


def test_the_goals_of_the_record_all_have_claims():
    wanted = {"reliability", "simplicity", "speed", "official pattern", "maintainability"}
    assert wanted <= {claim.goal for claim in CLAIMS}


def test_no_key_of_the_file_is_passed_over():
    rows = tomllib.loads(TEXT)["claim"]
    kept = [
        {key for key in row if getattr(claim, key, claim.terms.get(key)) is None}
        for row, claim in zip(rows, CLAIMS, strict=True)
    ]
    assert kept == [set()] * len(CLAIMS)
