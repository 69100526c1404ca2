"""Name what can go wrong in the administration."""

from app.problems import Conflict


class OwnAccount(Conflict):
    """Refuse to let staff lock themselves out."""

    name = "own-account"
