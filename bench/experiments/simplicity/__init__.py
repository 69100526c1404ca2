"""What does a reader of each suite have to understand? Counted exactly, from the source."""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment
from bench.experiments.simplicity.study import NAME, Study, plan

COUNTS: Final = (
    "logical_lines",
    "async_tokens",
    "fixtures",
    "configuration_keys",
    "plumbing_names",
    "cyclomatic_complexity",
)
KINDS: Final = (
    Kind(
        name="fewer",
        says="subject's source has less of `metric` than rival's",
        weigher=f"{__name__}.claims:fewer",
        rests_on_passing=False,
        needs=("rival",),
        uses=("margin",),
        metrics=COUNTS,
        compares=True,
    ),
    Kind(
        name="absent",
        says="subject's source has none of `metric`",
        weigher=f"{__name__}.claims:absent",
        rests_on_passing=False,
        metrics=COUNTS,
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, measures=False, kinds=KINDS)
