"""What did each contender really exercise: drivers, loops, threads, requests? Counted, never timed."""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment
from bench.experiments.counting.study import NAME, Study, plan

KINDS: Final = (
    Kind(
        name="loop-per-request",
        says="each request of subject has an event loop of its own",
        weigher=f"{__name__}.claims:loop_per_request",
    ),
    Kind(
        name="same-drivers",
        says="each driver that rival connects with, subject connects with",
        weigher=f"{__name__}.claims:same_drivers",
        needs=("rival",),
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, measures=False, kinds=KINDS)
