"""Made-up packages in real environments: one that sleeps, one that breaks a test, a pair that only acts together."""

import pytest

from bench.experiments.blame.failures import FailureInvestigation
from bench.experiments.blame.investigation import Investigation
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.verdict import Blame
from bench.experiments.blame.wording import name_of
from tests.blame.conftest import finished
from tests.blame.laboratory import laboratory

pytestmark = pytest.mark.slow

INERT = ("VERSION = 1\n", "VERSION = 2\n")
SLEEPS = ("def work():\n    pass\n", "import time\ndef work():\n    time.sleep(0.2)\n")
SLEEPS_WITH_ALPHA = (
    "def work():\n    pass\n",
    "import time, alpha\ndef work():\n    time.sleep(0.2 if alpha.VERSION == 2 else 0)\n",
)
BREAKS = ("def add(a, b):\n    return a + b\n", "def add(a, b):\n    return a - b\n")
OTHERS = dict.fromkeys(("alpha", "beta", "gamma", "delta"), INERT)
# A difference of several times needs no fine threshold; few blocks keep the test short.
RULES = Rules(threshold=0.5, detection_blocks=(6,), search_blocks=(4,), confirmation_blocks=(8, 8))


@pytest.fixture
def named():
    def named(laboratory, verdict):
        return {name_of(laboratory.chain, group) for group in verdict.named}

    return named


def test_a_package_that_sleeps_is_named_alone(tmp_path, named):
    found = laboratory(tmp_path, {**OTHERS, "sleeper": SLEEPS}, "import sleeper; sleeper.work()")
    verdict = finished(Investigation(chain=found.chain, rules=RULES), found.times).verdict
    assert (verdict.blame, named(found, verdict)) == (Blame.ALONE, {"sleeper"})


def test_a_pair_that_only_sleeps_together_is_named_together(tmp_path, named):
    found = laboratory(tmp_path, {**OTHERS, "sleeper": SLEEPS_WITH_ALPHA}, "import sleeper; sleeper.work()")
    verdict = finished(Investigation(chain=found.chain, rules=RULES), found.times).verdict
    assert (verdict.blame, named(found, verdict)) == (Blame.WITH, {"alpha", "sleeper"})


def test_two_builds_of_a_set_are_two_folders(tmp_path):
    found = laboratory(tmp_path, {**OTHERS}, "import alpha")
    investigation = Investigation(chain=found.chain, rules=RULES)
    found.times(investigation.request)
    folders = {name: each.python for name, each in found.store.built.items()}
    assert folders["mix-"] != folders["mix--copy"]


def test_a_package_that_breaks_a_test_is_named_alone(tmp_path, named):
    script = "import unittest, maths\nunittest.TestCase().assertEqual(maths.add(2, 2), 4)"
    found = laboratory(tmp_path, {**OTHERS, "maths": BREAKS}, script)
    verdict = finished(FailureInvestigation(chain=found.chain, rules=RULES), found.failures).verdict
    assert (verdict.blame, named(found, verdict)) == (Blame.ALONE, {"maths"})


def test_a_pair_that_only_breaks_a_test_together_is_named_together(tmp_path, named):
    script = "import alpha, delta\nassert (alpha.VERSION, delta.VERSION) != (2, 2)"
    found = laboratory(tmp_path, OTHERS, script)
    verdict = finished(FailureInvestigation(chain=found.chain, rules=RULES), found.failures).verdict
    assert (verdict.blame, named(found, verdict)) == (Blame.WITH, {"alpha", "delta"})


def test_packages_that_need_each_others_new_version_are_named_as_one_unit(tmp_path, named):
    script = "import alpha\nassert alpha.VERSION != 2"
    requires = {"alpha": ["beta==2"], "beta": ["alpha==2"]}
    found = laboratory(tmp_path, OTHERS, script, requires=requires)
    verdict = finished(FailureInvestigation(chain=found.chain, rules=RULES), found.failures).verdict
    assert (verdict.blame, named(found, verdict)) == (Blame.ALONE, {"alpha (+1)"})
