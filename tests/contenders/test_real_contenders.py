"""The contenders themselves, run by the harness: what they exercise and where they fail."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.campaign import planning
from bench.configuration import config
from bench.model import TrialSpec, contender_cell
from bench.paired.equal_work import differences
from bench.running.preparation import prepared
from tests.made_up import finding_of, next_block

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FOUND = config.read(ROOT / "pyproject.toml")
PLAN = planning.make(FOUND, profile="full", seed=1, backends=["sqlite"])


def counting(contender):
    cell = contender_cell(PLAN.frame.contender(contender), "sqlite")
    return TrialSpec(
        experiment="speed", cell=cell, block=0, position=0, warmup=True, counting=True, hash_seed=1, padding_bytes=0
    )


@pytest.fixture(scope="module")
def run():
    with prepared(PLAN, FOUND, database_url=None, notify=lambda _: None) as ready:
        yield ready.runner


@pytest.fixture(scope="module")
def trials(run):
    return [run(counting(contender.id)) for contender in PLAN.frame.contenders]


@pytest.fixture(scope="module")
def found(trials):
    return {finding.contender: finding for finding in finding_of(PLAN, "counting", trials).cells}


@pytest.fixture(scope="module")
def tried(run):
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(run, next_block(PLAN, "attempts", ())))
    return {finding.attempt: finding for finding in finding_of(PLAN, "attempts", made).attempts}


def test_all_contenders_do_equal_work(trials):
    first, *rivals = [trial.cell for trial in trials]
    assert [differences(trials, first, rival, twins=True) for rival in rivals] == [()] * len(rivals)


def test_only_the_bridged_contender_never_opens_the_async_driver(found):
    assert [name for name, finding in found.items() if finding.sentences] == ["sync-bridged"]


@pytest.mark.parametrize("contender", ["async-session", "async-anyio"])
def test_one_loop_serves_a_whole_session(found, contender):
    assert found[contender].event_loops == 2  # one makes the tables, one runs the tests


def test_a_loop_per_test_makes_more_loops_than_one_per_module(found):
    assert found["async-function"].event_loops > 10 * found["sync"].event_loops


def test_only_test_client_calls_through_a_portal(found):
    assert {name for name, finding in found.items() if finding.portal_calls_per_request} == {
        "sync",
        "sync-best",
        "sync-bridged",
        "mixed",
    }


def test_isolation_by_deletion_needs_no_savepoints(tried):
    assert tried["deletion-instead-of-rollback"].passed


@pytest.mark.parametrize(
    "attempt", ["memory-behind-a-bridge", "scenarios-synchronously", "async-on-two-workers", "sync-on-two-workers"]
)
def test_what_the_record_holds_impossible_or_risky_works(tried, attempt):
    assert tried[attempt].passed, tried[attempt].first_message
    assert tried[attempt].tests >= 385


@pytest.mark.parametrize(
    "attempt",
    [
        "session-of-the-record",
        "memory-of-the-record",
        "async-on-two-workers-and-one-database",
        "sync-on-two-workers-and-one-database",
    ],
)
def test_rows_that_tests_share_make_them_fail(tried, attempt):
    assert len(tried[attempt].failed_tests) > 1


@pytest.mark.parametrize("attempt", ["rollback-without-savepoints", "session-shared-with-the-test"])
def test_what_the_record_warns_of_or_does_fails_tests_not_collection(tried, attempt):
    assert 0 < len(tried[attempt].failed_tests) < tried[attempt].tests / 4
