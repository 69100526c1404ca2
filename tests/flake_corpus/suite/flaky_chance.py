"""Hash seeds and random values, synchronous."""

import random
import secrets


def test_set_has_an_order():
    assert list({"apple", "pear", "plum", "fig"})[-1] != "fig"


def test_joined_tags_have_an_order():
    tags = {"red", "green", "blue"}
    assert ",".join(tags).startswith(("red", "green"))


def test_hash_picks_the_shard():
    assert hash("customer-17") % 4 != 3


def test_dict_of_a_set_keeps_its_first():
    index = {name: number for number, name in enumerate({"a", "b", "c", "d"})}
    assert index["a"] < 3


def test_dice_are_not_all_alike():
    assert len({random.randint(1, 6) for _ in range(3)}) > 1


def test_discount_is_not_zero():
    assert 100 / random.randint(0, 12) > 0


def test_shuffle_moves_the_first():
    cards = list(range(6))
    random.shuffle(cards)
    assert cards[0] != 0


def test_token_begins_with_a_letter_or_a_high_digit():
    assert secrets.token_hex(8)[0] not in "01"


def test_sample_mean_is_close():
    values = [random.random() for _ in range(12)]
    assert 0.35 < sum(values) / 12 < 0.65
