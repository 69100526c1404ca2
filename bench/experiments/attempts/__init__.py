"""Does a contender's suite still work with one thing changed?"""

from typing import Final

from bench.claims.kind import Kind
from bench.experiments.attempts.study import NAME, Study, plan
from bench.experiments.contract import Experiment, on_all_cores

KINDS: Final = (
    Kind(
        name="cannot-do-without",
        says="subject, which goes without something, does not work (a variant or a contender)",
        weigher=f"{__name__}.claims:cannot_do_without",
        rests_on_passing=False,
    ),
    Kind(
        name="does-not-work",
        says="subject, which does it that way, does not work (a variant or a contender)",
        weigher=f"{__name__}.claims:cannot_do_without",
        rests_on_passing=False,
    ),
    Kind(
        name="works",
        says="subject, which does it that way, works (a variant or a contender)",
        weigher=f"{__name__}.claims:works",
        rests_on_passing=False,
    ),
)
EXPERIMENT = Experiment(name=NAME, package=__name__, study=Study, plan=plan, kinds=KINDS, jobs=on_all_cores)
