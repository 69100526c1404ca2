"""What does each style of testing see? Small deliberate bugs of an application, and who notices them.

    fault sets -> witnesses' trials -> suites' trials (fault x arm x backend) -> states -> claims, page

`subject/` runs in the subject's interpreter and imports nothing of the harness.
"""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.contract import Experiment, on_all_cores
from bench.experiments.faults.study import NAME, Study, plan

KINDS: Final = (
    Kind(
        name="few-missed",
        says="of the proved faults, at most a share is seen by rival's suite and not by subject's",
        weigher=f"{__name__}.claims:few_missed",
        needs=("rival", "at_most"),
        rests_on_passing=False,
    ),
    Kind(
        name="sees-as-much",
        says="of the proved faults of some classes, subject's suite sees every one that rival's sees",
        weigher=f"{__name__}.claims:sees_as_much",
        needs=("rival", "classes"),
        rests_on_passing=False,
    ),
    Kind(
        name="enters-as-much",
        says="subject's tests enter every function of the application that rival's enter",
        weigher=f"{__name__}.claims:enters_as_much",
        needs=("rival",),
        rests_on_passing=False,
    ),
)
EXPERIMENT = Experiment(
    name=NAME,
    package=__name__,
    study=Study,
    plan=plan,
    kinds=KINDS,
    jobs=on_all_cores,
    reserves=lambda study: study.seconds,
)
