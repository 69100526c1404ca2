"""Hash and check passwords with Argon2id."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.settings import Settings


class Passwords:
    """Hash passwords at the configured cost, off the event loop."""

    def __init__(self, hasher: PasswordHasher) -> None:
        """Hash a decoy at once: verifying without a hash must cost what verifying with one does."""
        self._hasher = hasher
        self._decoy = hasher.hash("no account has this password")

    @classmethod
    def from_settings(cls, settings: Settings) -> Passwords:
        """Return a hasher with the settings' cost."""
        return cls(
            PasswordHasher(
                time_cost=settings.password_time_cost,
                memory_cost=settings.password_memory_cost_kib,
                parallelism=settings.password_parallelism,
            )
        )

    async def hash(self, password: str) -> str:
        """Return a salted hash that carries its own parameters."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Tell whether the password made the hash; without a hash, spend the same time and say no."""
        matches = await asyncio.to_thread(self._matches, password, password_hash or self._decoy)
        return matches and password_hash is not None

    def needs_rehash(self, password_hash: str) -> bool:
        """Tell whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
