"""Weigh a claim on the trials of several machines."""

from dataclasses import replace

import pytest

from bench.analysis import analyse
from bench.claims.claim import Claim
from bench.experiments import machines
from bench.experiments.speed import claims
from tests.conftest import a_contender, a_manifest, a_plan


@pytest.fixture
def weigh_faster():
    """Weigh "sync is faster than async" on trials."""

    def weigh_faster(trials):
        plan = a_plan(a_contender("sync"), a_contender("async"), copied=())
        plan = replace(plan, studies={**plan.studies, "machines": machines.Study()})
        claim = Claim(
            id="claim",
            section="",
            statement="",
            goal="speed",
            kind="faster",
            subject="sync",
            rival="async",
            metric="wall",
            weight="decides",
        )
        return claims.faster(claim, "sqlite", analyse(a_manifest(plan), trials))

    return weigh_faster
