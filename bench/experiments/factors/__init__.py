"""How much of the time does one factor explain: a client's scope, isolation, overrides, the pool, the loop?"""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment
from bench.experiments.factors.study import NAME, Study, plan

KINDS: Final = (
    Kind(
        name="factor",
        says="subject takes less `metric` time than with the change that `rival` names",
        weigher=f"{__name__}.claims:factor",
        needs=("rival",),
        uses=("margin", "alpha", "minimum_blocks"),
        metrics=("wall", "cpu"),
        is_timing=True,
        is_tested=True,
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, is_timing=True, kinds=KINDS)
