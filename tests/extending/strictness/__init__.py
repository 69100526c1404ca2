"""A small experiment: does a suite pass when warnings are errors? It is one folder, as docs/extending.md describes."""

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment
from tests.extending.strictness.study import NAME, Study, plan

KINDS = (
    Kind(
        name="warns-never",
        says="subject's suite passes when warnings are errors",
        weigher=f"{__name__}.claims:warns_never",
        uses=("least_runs",),
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, kinds=KINDS)
