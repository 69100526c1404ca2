"""Name what can go wrong with transfers."""

from app.problems import BadRequest, Conflict


class SameAccount(BadRequest):
    """Refuse a transfer from an account to itself."""

    name = "same-account"


class CurrenciesDiffer(BadRequest):
    """Refuse a transfer between currencies."""

    name = "currencies-differ"


class InsufficientFunds(Conflict):
    """Refuse to take more from an account than it holds."""

    name = "insufficient-funds"


class KeyReused(Conflict):
    """Refuse an idempotency key that stands for another transfer."""

    name = "idempotency-key-reused"
