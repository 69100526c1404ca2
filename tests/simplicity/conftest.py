"""Small suites that a test writes out in full."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from bench.experiments.simplicity import counting as simplicity
from bench.experiments.simplicity.counting import SuiteCount


@pytest.fixture
def count(make_contender: Callable[..., Any], tmp_path: Path) -> Callable[..., SuiteCount]:
    """Count a suite of one file, or of `files` by name; `row` changes the contender's row."""

    def count(text: str = "", *, files: dict[str, str] | None = None, **row: Any) -> SuiteCount:
        for name, source in {"suite/test_it.py": text, **(files or {})}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(dedent(source), encoding="utf-8")
        found = simplicity.count(make_contender(**{"sources": ("suite",), **row}), root=tmp_path)
        assert found is not None
        return found

    return count
