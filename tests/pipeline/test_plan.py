"""A plan is decided, hashed and written down before the first trial."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench.campaign import planning
from bench.campaign.plan import decode, encode
from bench.campaign.profiles import PROFILES
from bench.configuration import config
from bench.errors import ConfigurationError
from bench.model import BACKENDS
from tests.made_up import cells_of

OWN = config.read(Path(__file__).parents[2] / "pyproject.toml")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_plan_read_back_has_the_same_hash(profile):
    made = planning.make(OWN, profile=profile, seed=1)
    assert decode(msgspec.json.decode(msgspec.json.encode(encode(made)))).hash == made.hash


def test_a_plan_with_a_whole_budget_read_back_has_the_same_hash():
    made = planning.make(OWN, profile="smoke", seed=1, budget_seconds=20)
    assert decode(msgspec.json.decode(msgspec.json.encode(encode(made)))).hash == made.hash


@pytest.mark.parametrize("change", [{"seed": 2}, {"margin": 0.1}, {"looks": (7,)}, {"timeout_seconds": 9}])
def test_the_hash_tells_plans_apart(make_plan, change):
    assert make_plan(**change).hash != make_plan().hash


def test_the_baseline_comes_first_and_its_copy_last(make_plan, make_contender):
    planned = make_plan(make_contender("b"), make_contender("a"), make_contender("c"), baseline="c")
    assert [(cell.contender, cell.copy) for cell in cells_of(planned, "sqlite")] == [
        ("c", 0),
        ("b", 0),
        ("a", 0),
        ("c", 1),
    ]


def test_another_contender_stands_in_where_the_baseline_does_not_run(make_plan, make_contender):
    rivals = [make_contender(name, backends=("sqlite", "postgresql")) for name in ("a", "b")]
    planned = make_plan(make_contender("sync"), *rivals, backends=("sqlite", "postgresql"))
    assert [(cell.contender, cell.copy) for cell in cells_of(planned, "postgresql")] == [("a", 0), ("b", 0), ("a", 1)]


def test_a_lone_contender_is_compared_with_its_copy(make_plan, make_contender):
    assert [cell.copy for cell in cells_of(make_plan(make_contender()), "sqlite")] == [0, 1]


def test_a_selection_keeps_the_order_of_the_configuration():
    made = planning.make(OWN, profile="smoke", seed=1, contenders=["async-session", "sync"])
    assert [contender.id for contender in made.frame.contenders] == ["sync", "async-session"]


def test_the_first_chosen_contender_is_the_baseline_when_the_baseline_is_not_chosen():
    made = planning.make(OWN, profile="smoke", seed=1, contenders=["async-session", "async-function"])
    assert made.frame.baseline == "async-function"


def test_a_backend_can_be_chosen():
    assert planning.make(OWN, profile="smoke", seed=1, backends=["postgresql"]).frame.backends == ("postgresql",)


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ({"profile": "huge"}, "unknown profile: huge"),
        ({"backends": ["mysql"]}, "unknown backend: mysql"),
        ({"contenders": ["sync", "nobody"]}, "unknown contender: nobody"),
        ({"backends": ["none"]}, "unknown backend for these contenders: none"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_are_known(selection, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        planning.make(OWN, **{"profile": "smoke", "seed": 1, **selection})
    assert "the configuration offers" in caught.value.cause


@pytest.mark.parametrize("profile", [name for name, recipe in PROFILES.items() if recipe.only in ((), ("factors",))])
def test_an_alpha_that_no_look_could_reach_is_refused_before_anything_is_measured(profile):
    with pytest.raises(ConfigurationError, match="too small for the profile"):
        planning.make(replace(OWN, alpha=1e-6), profile=profile, seed=1)


def test_every_backend_has_a_place_in_a_plan(make_plan, make_contender):
    planned = make_plan(make_contender(backends=BACKENDS), backends=BACKENDS)
    assert all(cells_of(planned, backend) for backend in BACKENDS)
