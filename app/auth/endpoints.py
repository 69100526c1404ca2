"""Serve registration, login, refresh, logout and the caller's own account."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from app.auth import service, sessions
from app.auth.dependencies import CurrentUserDep, IdentityDep
from app.auth.models import AuthSession, User
from app.auth.schemas import (
    Credentials,
    PasswordChange,
    ProfileChange,
    RefreshRequest,
    Registration,
    SessionOut,
    TokenPair,
    UserOut,
)
from app.database import SessionDep
from app.dependencies import AccessTokensDep, NowDep, PasswordsDep, SettingsDep
from app.problems import problems
from app.security.tokens import AccessClaims, AccessTokens

router = APIRouter(prefix="/auth", tags=["auth"])

UNAUTHORIZED = problems(HTTPStatus.UNAUTHORIZED)


@router.post(
    "/register",
    status_code=HTTPStatus.CREATED,
    response_model=UserOut,
    responses=problems(HTTPStatus.CONFLICT),
)
async def register(registration: Registration, session: SessionDep, passwords: PasswordsDep, now: NowDep) -> User:
    """Create an account."""
    return await service.register(session, registration, passwords=passwords, now=now)


@router.post("/login", responses=UNAUTHORIZED)
async def login(
    *,
    credentials: Credentials,
    session: SessionDep,
    passwords: PasswordsDep,
    access_tokens: AccessTokensDep,
    settings: SettingsDep,
    now: NowDep,
    user_agent: Annotated[str | None, Header()] = None,
) -> TokenPair:
    """Open a session and return its first pair of tokens."""
    user = await service.authenticate(session, credentials, passwords=passwords)
    auth_session, refresh_token = await sessions.start(
        session, user.id, user_agent=user_agent, now=now, lifetime=settings.refresh_token_lifetime
    )
    return _pair(auth_session, refresh_token, access_tokens, now)


@router.post("/refresh", responses=UNAUTHORIZED)
async def refresh(
    request: RefreshRequest,
    session: SessionDep,
    access_tokens: AccessTokensDep,
    settings: SettingsDep,
    now: NowDep,
) -> TokenPair:
    """Exchange a refresh token, which is good once, for a new pair."""
    auth_session, refresh_token = await sessions.rotate(
        session, request.refresh_token, now=now, lifetime=settings.refresh_token_lifetime
    )
    return _pair(auth_session, refresh_token, access_tokens, now)


@router.post("/logout", status_code=HTTPStatus.NO_CONTENT, responses=UNAUTHORIZED)
async def logout(identity: IdentityDep, session: SessionDep, now: NowDep) -> None:
    """End the session whose access token this is."""
    await sessions.end(session, identity.user.id, identity.session_id, now=now)


@router.get("/me", response_model=UserOut, responses=UNAUTHORIZED)
async def read_me(user: CurrentUserDep) -> User:
    """Show the caller."""
    return user


@router.patch("/me", response_model=UserOut, responses=UNAUTHORIZED)
async def change_me(change: ProfileChange, user: CurrentUserDep, session: SessionDep) -> User:
    """Change the caller's name."""
    return await service.change_profile(session, user, change)


@router.post("/password", status_code=HTTPStatus.NO_CONTENT, responses=UNAUTHORIZED)
async def change_password(
    change: PasswordChange, identity: IdentityDep, session: SessionDep, passwords: PasswordsDep, now: NowDep
) -> None:
    """Replace the caller's password and end their other sessions."""
    await service.change_password(session, identity, change, passwords=passwords, now=now)


@router.get("/sessions", responses=UNAUTHORIZED)
async def list_sessions(identity: IdentityDep, session: SessionDep) -> list[SessionOut]:
    """List the caller's sessions, the latest used first."""
    found = await sessions.list_active(session, identity.user.id)
    return [_session_out(item, current=identity.session_id) for item in found]


@router.delete(
    "/sessions/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND),
)
async def end_session(session_id: UUID, user: CurrentUserDep, session: SessionDep, now: NowDep) -> None:
    """End one of the caller's sessions."""
    await sessions.end(session, user.id, session_id, now=now)


def _pair(auth_session: AuthSession, refresh_token: str, access_tokens: AccessTokens, now: datetime) -> TokenPair:
    claims = AccessClaims(user_id=auth_session.user_id, session_id=auth_session.id)
    return TokenPair(
        access_token=access_tokens.issue(claims, now=now),
        refresh_token=refresh_token,
        expires_in=int(access_tokens.lifetime.total_seconds()),
    )


def _session_out(auth_session: AuthSession, *, current: UUID) -> SessionOut:
    return SessionOut(
        id=auth_session.id,
        user_agent=auth_session.user_agent,
        created_at=auth_session.created_at,
        last_used_at=auth_session.last_used_at,
        is_current=auth_session.id == current,
    )
