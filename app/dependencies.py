"""Give endpoints what the application made at its start."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.security.encryption import SecretCipher
from app.security.passwords import Passwords
from app.security.tokens import AccessTokens
from app.settings import Settings

# All of them are coroutines: FastAPI would run plain functions in a thread, for each request.


async def get_settings(request: Request) -> Settings:
    """Return the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


async def get_now(request: Request) -> datetime:
    """Return the time at which this request is taken to happen."""
    now: datetime = request.app.state.clock()
    return now


async def get_passwords(request: Request) -> Passwords:
    """Return the application's password hasher."""
    passwords: Passwords = request.app.state.passwords
    return passwords


async def get_access_tokens(request: Request) -> AccessTokens:
    """Return the application's access tokens."""
    access_tokens: AccessTokens = request.app.state.access_tokens
    return access_tokens


async def get_cipher(request: Request) -> SecretCipher:
    """Return the application's cipher."""
    cipher: SecretCipher = request.app.state.cipher
    return cipher


SettingsDep = Annotated[Settings, Depends(get_settings)]
NowDep = Annotated[datetime, Depends(get_now)]
PasswordsDep = Annotated[Passwords, Depends(get_passwords)]
AccessTokensDep = Annotated[AccessTokens, Depends(get_access_tokens)]
CipherDep = Annotated[SecretCipher, Depends(get_cipher)]
