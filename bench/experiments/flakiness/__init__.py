"""Which contender flakes, under which conditions, and why?"""

from bench.experiments.contract import Experiment
from bench.experiments.flakiness.study import NAME, Study, plan

EXPERIMENT = Experiment(
    name=NAME,
    package=__name__,
    study=Study,
    plan=plan,
    reserves=lambda study: study.seconds,
    jobs=lambda study: study.jobs,
)
