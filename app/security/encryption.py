"""Encrypt what providers entrust to us before it reaches the database."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.settings import Settings


class UnreadableSecretError(Exception):
    """Report a stored secret that none of the keys can read."""


class SecretCipher:
    """Encrypt with the newest key and decrypt with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take URL-safe base64 keys of 32 bytes, the newest first; raise ValueError for any other."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    def from_settings(cls, settings: Settings) -> SecretCipher:
        """Return a cipher with the settings' keys."""
        return cls(settings.encryption_key_values)

    def encrypt(self, secret: str) -> str:
        """Return the secret encrypted and authenticated; the same secret never looks the same twice."""
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """Return the secret; raise UnreadableSecretError if it was altered or its key is gone."""
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken:
            raise UnreadableSecretError("no key decrypts this secret") from None

    def rotate(self, stored: str) -> str:
        """Return the secret encrypted anew with the newest key; raise UnreadableSecretError as decrypt does."""
        try:
            return self._fernet.rotate(stored.encode()).decode()
        except InvalidToken:
            raise UnreadableSecretError("no key decrypts this secret") from None
