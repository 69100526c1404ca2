"""Give SQLAlchemy engines another connection pool than they would have; loaded with `-p twinbench_pool`.

TWINBENCH_POOL is "one" (a single connection, a second one waits at most 5 s) or "null" (a new connection
each time). Engines that name their own pool class keep it. Standard library and SQLAlchemy 2.
"""

import os

from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.pool import NullPool, QueuePool

WAIT_SECONDS = 5


class EveryTimeNew(NullPool):
    """A NullPool that takes a QueuePool's arguments, because engines were configured for one."""

    def __init__(self, creator, pool_size=5, max_overflow=10, timeout=30, use_lifo=False, **options):
        super().__init__(creator, **options)


def use_null_pool():
    """Replace pools that keep connections, where the dialect chooses the pool."""
    chosen = DefaultDialect.get_dialect_pool_class

    def get_dialect_pool_class(self, url):
        pool = chosen(self, url)
        return EveryTimeNew if issubclass(pool, QueuePool) else pool

    DefaultDialect.get_dialect_pool_class = get_dialect_pool_class


def use_single_connection():
    """Let every QueuePool hold one connection and no overflow."""
    plain = QueuePool.__init__

    def __init__(self, creator, pool_size=5, max_overflow=10, timeout=30, **options):
        plain(self, creator, pool_size=1, max_overflow=0, timeout=min(timeout, WAIT_SECONDS), **options)

    QueuePool.__init__ = __init__


if os.environ.get("TWINBENCH_POOL") == "null":
    use_null_pool()
else:
    use_single_connection()
