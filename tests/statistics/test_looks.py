"""Laws of the planned looks."""

import pytest

from bench.statistics import Looks


def test_looks_share_alpha_equally() -> None:
    assert Looks().alpha_per_look == pytest.approx(0.05 / 3)
    assert Looks(blocks=(6,), alpha=0.05).alpha_per_look == 0.05


def test_look_is_due_at_the_planned_blocks_only() -> None:
    looks = Looks()
    assert [looks.is_due(blocks) for blocks in (7, 8, 9, 16, 32, 33)] == [
        False,
        True,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("blocks", "reached", "following", "number"),
    [
        (0, None, 8, 1),
        (7, None, 8, 1),
        (8, 8, 16, 1),
        (11, 8, 16, 2),
        (16, 16, 32, 2),
        (32, 32, None, 3),
        (40, 32, None, 3),
    ],
)
def test_look_at_any_number_of_blocks_is_defined(
    blocks: int, reached: int | None, following: int | None, number: int
) -> None:
    looks = Looks()
    assert (looks.reached(blocks), looks.following(blocks), looks.number(blocks)) == (
        reached,
        following,
        number,
    )


def test_last_look_ends_the_campaign() -> None:
    assert Looks(blocks=(8, 16)).last == 16


@pytest.mark.parametrize("blocks", [(), (16, 8), (8, 8, 16)])
def test_looks_that_do_not_ascend_are_refused(blocks: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="ascending block counts"):
        Looks(blocks=blocks)


def test_first_look_that_could_see_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="first look comes at 6 blocks, but its share of alpha needs 7"):
        Looks(blocks=(6, 12, 24))


def test_looks_refuse_an_alpha_out_of_range() -> None:
    with pytest.raises(ValueError, match="alpha must lie between"):
        Looks(alpha=1.0)
