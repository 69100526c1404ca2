"""The kinds of claim that rest on timed suites."""

from typing import Final

from bench.claims.kind import Kind

LAYERS: Final = ("unit", "integration", "api")
_ABOUT = "bench.experiments.speed.claims"
_LIMITS = "bench.experiments.speed.limits"

KINDS: Final = (
    Kind(
        name="faster",
        says="subject's suite takes less `metric` time than rival's",
        weigher=f"{_ABOUT}:faster",
        needs=("rival",),
        uses=("margin", "alpha", "minimum_blocks"),
        metrics=("wall", "cpu", "setup"),
        is_timing=True,
        is_tested=True,
        compares=True,
    ),
    Kind(
        name="faster-in-each-pair",
        says="subject's suite takes less time than rival's, and so in each further pair; else it depends on the pair",
        weigher=f"{_ABOUT}:faster_in_each_pair",
        needs=("rival", "pairs"),
        uses=("margin", "alpha", "minimum_blocks"),
        metrics=("wall", "cpu", "tests"),
        is_timing=True,
        is_tested=True,
        compares=True,
    ),
    Kind(
        name="spreads-less",
        says="the two runs of a block differ less in subject than in rival",
        weigher="bench.experiments.speed.spread:spreads_less",
        needs=("rival",),
        uses=("alpha",),
        metrics=("wall",),
        is_timing=True,
        is_tested=True,
        compares=True,
    ),
    Kind(
        name="suite-limit",
        says="subject's whole suite takes less than the limit",
        weigher=f"{_LIMITS}:suite",
        needs=("limit_seconds",),
        metrics=("wall",),
        is_timing=True,
    ),
    Kind(
        name="layer-limit",
        says="each test of the layer takes less than the limit",
        weigher=f"{_LIMITS}:layer",
        needs=("layer", "limit_seconds"),
        metrics=("test",),
        is_timing=True,
    ),
    Kind(
        name="at-least-tests",
        says="at least N tests pass, without a failed trial",
        weigher=f"{_LIMITS}:at_least_tests",
        needs=("at_least",),
    ),
    Kind(
        name="equal-work",
        says="both run the same tests and requests, with the same outcomes",
        weigher=f"{_ABOUT}:equal_work",
        needs=("rival",),
    ),
)
