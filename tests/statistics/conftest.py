"""Spread the shared test vectors over the tests that name them; settle Hypothesis for a shared machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

VECTORS_FILE = Path(__file__).parents[1] / "vectors" / "statistics.json"
VECTORS: dict[str, Any] = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
SECTIONS = {
    "block_vector": "block_comparisons",
    "proportion_vector": "proportions",
    "fisher_vector": "fisher",
    "mcnemar_vector": "mcnemar",
}

# A deadline on a noisy machine fails for reasons that are not the code's; a fixed seed repeats a failure.
settings.register_profile("statistics", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("statistics")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each vector of the section whose fixture it asks for."""
    for fixture, section in SECTIONS.items():
        if fixture in metafunc.fixturenames:
            vectors = VECTORS[section]
            metafunc.parametrize(fixture, vectors, ids=[vector.get("name") for vector in vectors])


@pytest.fixture
def multiple_vector() -> dict[str, Any]:
    """Return the family of p-values with its adjustments."""
    vector: dict[str, Any] = VECTORS["multiple"]
    return vector
