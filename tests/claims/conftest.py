"""A claims file of two good claims, in which a test spoils one line."""

from collections.abc import Callable

import pytest

from bench.claims import file as claims
from bench.errors import ConfigurationError

LINES = """\
[[claim]]
id = "first"
section = "Overview"
statement = "a statement"
goal = "speed"
kind = "faster"
metric = "wall"
subject = "sync"
rival = "async"
backends = ["sqlite", "postgresql"]
weight = "decides"
margin = 0.05
alpha = 0.05
minimum_blocks = 8

[[claim]]
weight = "informs"
statement = "another statement"
section = "Context"
id = "second"
goal = "reliability"
kind = "never-fails"
subject = "sync"
backends = ["sqlite"]
at_most = 0.05
""".splitlines()


@pytest.fixture
def good() -> str:
    return "\n".join(LINES)


@pytest.fixture
def spoilt() -> Callable[[int, str], str]:
    """Give the claims with another text in one line, counted from 1."""
    return lambda number, line: "\n".join([*LINES[: number - 1], line, *LINES[number:]])


@pytest.fixture
def refusal() -> Callable[[str], ConfigurationError]:
    """Give the error that a text is refused with, as a file called claims.toml."""

    def refusal(text: str) -> ConfigurationError:
        with pytest.raises(ConfigurationError) as caught:
            claims.parse(text, source="claims.toml")
        return caught.value

    return refusal
