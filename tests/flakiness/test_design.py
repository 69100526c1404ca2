"""The design of a survey changes several things at once, and every pair of them meets."""

import itertools

import pytest

from bench.flakiness.conditions import ORDERS, REGISTRY
from bench.flakiness.design import AXES, EXCLUDED, FIXED, PLAIN_EVERY, rotation

EVERYTHING = {"sqlalchemy": "2", "pytest-xdist": "3"}
AXIS_OF = {name: axis for axis, levels in AXES.items() for name in levels if name}


@pytest.fixture
def survey():
    """Give the first places of a survey."""

    def survey(count, *, seed=1, installed=EVERYTHING):
        return list(itertools.islice(rotation(seed, installed), count))

    return survey


def pairs_that_can_meet(installed):
    names = [name for name in AXIS_OF if REGISTRY[name].fits(installed)]
    pairs = itertools.combinations(names, 2)
    return {
        frozenset(pair) for pair in pairs if AXIS_OF[pair[0]] != AXIS_OF[pair[1]] and set(pair) not in list(EXCLUDED)
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("installed", "count"), [({}, 100), (EVERYTHING, 250)])
def test_all_pairs_of_levels_meet(survey, seed, installed, count):
    met = {
        frozenset(pair)
        for place in survey(count, seed=seed, installed=installed)
        for pair in itertools.combinations(place.names, 2)
    }
    assert pairs_that_can_meet(installed) - met == set()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_trials_bring_as_many_orders_and_delays_as_plain_trials_leave_room_for(survey, seed):
    settings = {setting for place in survey(20, seed=seed) for setting in place.settings}
    assert len({setting for setting in settings if setting.condition in ORDERS}) >= 12
    assert len({setting for setting in settings if setting.condition == "schedule"}) >= 7


def test_plain_trials_stay_in_the_mix(survey):
    places = survey(61)
    assert [number for number, place in enumerate(places) if not place.settings][:2] == [0, PLAIN_EVERY]
    assert sum(not place.settings for place in places) >= 60 // PLAIN_EVERY


def test_a_survey_begins_with_what_no_other_trial_replaces(survey):
    assert [tuple(setting.condition for setting in place.settings) for place in survey(len(FIXED))] == list(FIXED)


def test_conditions_that_mask_each_other_never_meet(survey):
    assert not any(excluded <= set(place.names) for place in survey(300) for excluded in EXCLUDED)


def test_one_level_of_an_axis_is_chosen(survey):
    for place in survey(100)[len(FIXED) :]:
        axes = [AXIS_OF[setting.condition] for setting in place.settings]
        assert len(axes) == len(set(axes))


def test_what_is_not_installed_is_not_tried(survey):
    names = {name for place in survey(200, installed={}) for name in place.names}
    assert names.isdisjoint({"pool-one", "pool-null", "slow-database", "two-workers"})


def test_a_seed_is_a_survey(survey):
    assert survey(30, seed=5) == survey(30, seed=5) != survey(30, seed=6)


def test_a_reversed_order_is_the_reverse_of_one_that_was_run(survey):
    orders = [setting for place in survey(60) for setting in place.settings if setting.condition.startswith("random-o")]
    for number, setting in enumerate(orders):
        before = [each.seed for each in orders[:number] if each.condition == "random-order"]
        assert setting.condition == "random-order" or not before or setting.seed == before[-1]


def test_no_two_trials_have_the_same_hash_seed(survey):
    assert len({place.hash_seed for place in survey(100)}) == 100
