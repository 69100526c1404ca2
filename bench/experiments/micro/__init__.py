"""What do the small operations cost that every test is made of?"""

from bench.experiments.contract import Experiment
from bench.experiments.micro.study import NAME, Study, plan

EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, rows=lambda study: (study.contender,))
