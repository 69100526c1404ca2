"""What a difference between two styles owes to how the suites are wired: isolation, overrides, lifetimes, drivers."""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment
from bench.experiments.wiring.study import NAME, Study, plan

KINDS: Final = (
    Kind(
        name="faster-in-every-wiring",
        says="subject's suite takes less time than rival's in each wiring that both can have; else it depends",
        weigher=f"{__name__}.claims:faster_in_every_wiring",
        needs=("rival",),
        uses=("margin", "alpha", "minimum_blocks"),
        metrics=("wall", "tests"),
        is_timing=True,
        compares=True,
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, is_timing=True, kinds=KINDS)
