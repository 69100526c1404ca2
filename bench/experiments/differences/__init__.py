"""What differs between two suites beside their tests, and can it explain a difference of time?"""

from bench.experiments.contract import Experiment
from bench.experiments.differences.study import NAME, Study, plan

EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, measures=False)
