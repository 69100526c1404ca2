"""Name what can go wrong with transactions."""

from app.problems import Conflict, NotFound


class TransactionNotFound(NotFound):
    """Refuse a transaction that does not exist or is another person's."""

    name = "transaction-not-found"


class TransactionExists(Conflict):
    """Refuse a provider's transaction for the second time."""

    name = "transaction-exists"
