"""Name what can go wrong with accounts."""

from app.problems import Conflict, NotFound


class AccountNotFound(NotFound):
    """Refuse an account that does not exist or is another person's."""

    name = "account-not-found"


class AccountExists(Conflict):
    """Refuse a connection's account for the second time."""

    name = "account-exists"
