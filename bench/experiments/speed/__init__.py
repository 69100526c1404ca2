"""How long does each contender take, against the baseline, in the same blocks?"""

from bench.experiments.contract import Experiment
from bench.experiments.speed.kinds import KINDS
from bench.experiments.speed.study import NAME, Study, plan

EXPERIMENT = Experiment(
    name=NAME, package=__name__, study=Study, plan=plan, is_timing=True, shares_blocks=True, kinds=KINDS
)
