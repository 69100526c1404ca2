"""Name what can go wrong with connections."""

from app.problems import Conflict, NotFound


class UnknownProvider(NotFound):
    """Refuse a provider that is not in the registry."""

    name = "unknown-provider"


class ConnectionNotFound(NotFound):
    """Refuse a connection that does not exist or is another person's."""

    name = "connection-not-found"


class LabelTaken(Conflict):
    """Refuse two connections to one provider with one label."""

    name = "label-taken"


class Disconnected(Conflict):
    """Refuse to use a connection whose tokens were given up."""

    name = "disconnected"
