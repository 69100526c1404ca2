"""Which package changed it: units of packages that move together, a search along a chain of sets, a confirmation.

A time goes units, chain, search, confirmation, verdict; a test that newly fails: units, chain, failures, verdict.
The parts are generators that ask for blocks and are sent what was measured, so that tests, a simulation and a real
campaign drive the same code, and a resumed run is the same generator fed from the journal.
"""

from bench.experiments.blame.study import NAME, Study, plan
from bench.experiments.contract import Experiment

EXPERIMENT = Experiment(
    name=NAME,
    package=__name__,
    study=Study,
    plan=plan,
    is_timing=True,
    rows=lambda study: () if study.micro is None else (study.micro,),
)
