"""Does the budget reach a first verdict on every database? Known as soon as each suite has run once."""

import math
from collections.abc import Sequence

from bench import text
from bench.campaign.plan import Plan
from bench.experiments.speed.study import NAME as TIMING
from bench.experiments.speed.study import Study
from bench.model import Trial, on_backend, spent_seconds
from bench.paired.blocks import RUNS_PER_BLOCK
from bench.paired.budget import typical_costs


def beyond_the_budget(plan: Plan, trials: Sequence[Trial]) -> str | None:
    """Say which databases get no verdict within the budget, and which budget would do; '' where all get one.

    `trials` are those of the campaign so far; the answer is None until every suite has run once.
    """
    study: Study | None = plan.studies.get(TIMING)
    if study is None:
        return ""
    costs = typical_costs([trial for trial in trials if trial.experiment == TIMING])
    cells = {backend: study.cells(plan.frame, backend) for backend in plan.frame.backends}
    if not costs or any(cell not in costs for several in cells.values() for cell in several if not cell.copy):
        return None
    shard = plan.frame.shard
    blocks = math.ceil(study.looks[0] / (shard.of if shard else 1))
    budget, needed, missed = plan.frame.budget_seconds, spent_seconds(trials), []
    for backend, several in cells.items():
        block = RUNS_PER_BLOCK * sum(costs[cell if not cell.copy else several[0]] for cell in several)
        needed += blocks * block
        if needed > budget:
            missed.append(backend)
    if not missed:
        return ""
    where = " and".join(map(on_backend, missed))
    first = "a first verdict" if len(cells) == 1 else "first verdicts on all databases"
    return (
        f"the budget of {text.long_duration(budget)} looks too short for a verdict{where} on this machine: "
        f"{first} would take about {text.long_duration(needed)} (--budget {math.ceil(needed / 60)}m)"
    )
