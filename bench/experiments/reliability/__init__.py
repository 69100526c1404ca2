"""How often did each contender's trials fail? Every timing trial is a trial of reliability, too."""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment
from bench.experiments.reliability.study import NAME, Study, plan

KINDS: Final = (
    Kind(
        name="never-fails",
        says="no trial fails, and enough were run to bound it",
        weigher=f"{__name__}.claims:never",
        needs=("at_most",),
        uses=("under",),
    ),
    Kind(
        name="fails-less",
        says="subject's trials fail less often than rival's",
        weigher=f"{__name__}.claims:less",
        needs=("rival",),
        uses=("alpha", "at_most", "under"),
        is_tested=True,
        compares=True,
    ),
    Kind(
        name="spared-errors",
        says="loop and greenlet errors hit rival and not subject",
        weigher=f"{__name__}.claims:spared",
        needs=("rival", "at_most"),
        uses=("under",),
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, measures=False, kinds=KINDS)
