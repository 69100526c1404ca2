"""Give endpoints what the application made at its start."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.imports.progress import ProgressBoard
from app.providers.client import ProviderClient
from app.providers.keeper import TokenKeeper
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


async def get_provider_client(request: Request) -> ProviderClient:
    """Return the application's client of the providers."""
    client: ProviderClient = request.app.state.runtime.provider_client
    return client


async def get_token_keeper(request: Request) -> TokenKeeper:
    """Return the application's keeper of access tokens."""
    keeper: TokenKeeper = request.app.state.runtime.token_keeper
    return keeper


async def get_progress_board(request: Request) -> ProgressBoard:
    """Return the application's board of progress."""
    board: ProgressBoard = request.app.state.runtime.progress_board
    return board


SettingsDep = Annotated[Settings, Depends(get_settings)]
NowDep = Annotated[datetime, Depends(get_now)]
PasswordsDep = Annotated[Passwords, Depends(get_passwords)]
AccessTokensDep = Annotated[AccessTokens, Depends(get_access_tokens)]
CipherDep = Annotated[SecretCipher, Depends(get_cipher)]
ProviderClientDep = Annotated[ProviderClient, Depends(get_provider_client)]
TokenKeeperDep = Annotated[TokenKeeper, Depends(get_token_keeper)]
ProgressBoardDep = Annotated[ProgressBoard, Depends(get_progress_board)]
