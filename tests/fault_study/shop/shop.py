"""A tiny application that is not ours: one file."""


def price(quantity: int, each: int) -> int:
    """Give a tenth off from ten pieces on."""
    total = quantity * each
    return total - total // 10 if quantity >= 10 else total
