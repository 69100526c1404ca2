"""Which wirings of loop, engine, pool, session and client work, which message do the others show, and what mends them?

Every cell is a tiny suite in a process of its own, on the subject's packages (`subject/grid.py`).
"""

from bench.experiments.contract import Experiment, on_all_cores
from bench.experiments.failure_modes.study import NAME, Study, plan

EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, jobs=on_all_cores)
