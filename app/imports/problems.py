"""Name what can go wrong with imports."""

from app.problems import Conflict, NotFound


class ImportNotFound(NotFound):
    """Refuse an import that does not exist or is another person's."""

    name = "import-not-found"


class ImportRunning(Conflict):
    """Refuse a second import of a connection while the first one runs."""

    name = "import-running"
