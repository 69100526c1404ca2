"""What a customer sees."""

from shop import price


def ten_pieces_are_cheaper():
    assert price(10, 20) == 180, f"ten pieces of 20 cost {price(10, 20)}"
