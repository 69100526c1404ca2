"""Let sessions join the outer transaction as SQLAlchemy does by default; `-p suites.variants.no_savepoints`.

What the asynchronous suite asks for, join_transaction_mode="create_savepoint", is dropped: the record says that
isolation needs it, and this is the suite that goes without.
"""

from typing import Any

from app import database

_as_asked = database.session_factory


def _without_savepoints(bind: Any, **options: Any) -> Any:
    options.pop("join_transaction_mode", None)
    return _as_asked(bind, **options)


database.session_factory = _without_savepoints  # type: ignore[assignment]
