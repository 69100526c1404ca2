"""Does what a client shows happen on a server?

Scripts under `subject/` run in a dependency set's interpreter and write one JSON object each; the modules beside
them turn those objects into findings.
"""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment, on_all_cores
from bench.experiments.fidelity.study import NAME, Study, plan

KINDS: Final = (
    Kind(
        name="closer-to-server",
        says="`client` disagrees with a real server only where `than` does, and in fewer rows of the mirror table",
        weigher=f"{__name__}.claims:closer",
        needs=("client", "than"),
        about_contenders=False,
        rests_on_passing=False,
    ),
    Kind(
        name="awaits-everything",
        says="all work that a request leaves behind is done whenever `client` returns",
        weigher=f"{__name__}.claims:awaits_everything",
        needs=("client",),
        about_contenders=False,
        rests_on_passing=False,
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, kinds=KINDS, jobs=on_all_cores)
