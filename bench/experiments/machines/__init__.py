"""Do the machines of a sharded run agree?"""

from bench.experiments.contract import Experiment
from bench.experiments.machines.study import NAME, Study, plan

EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, measures=False)
