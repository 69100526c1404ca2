"""Serve registration, login, refresh, logout and the caller's own account."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from app.audit.log import AuditDep
from app.audit.models import Action
from app.auth import mailed_tokens, service, sessions
from app.auth.dependencies import CurrentUserDep, IdentityDep, PostDep
from app.auth.models import AuthSession, User
from app.auth.problems import BadCredentials, RefreshTokenReused
from app.auth.schemas import (
    Credentials,
    MailedTokenIn,
    PasswordChange,
    PasswordReset,
    PasswordResetRequest,
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
from app.rate_limit import Limited
from app.security.tokens import AccessClaims, AccessTokens

router = APIRouter(prefix="/auth", tags=["auth"])

UNAUTHORIZED = problems(HTTPStatus.UNAUTHORIZED)
# What strangers may try is limited.
TOO_MANY = problems(HTTPStatus.TOO_MANY_REQUESTS)


@router.post(
    "/register",
    status_code=HTTPStatus.CREATED,
    response_model=UserOut,
    responses=problems(HTTPStatus.CONFLICT) | TOO_MANY,
    dependencies=[Limited],
)
async def register(
    registration: Registration, session: SessionDep, passwords: PasswordsDep, post: PostDep, now: NowDep
) -> User:
    """Create an account and send the letter that verifies its address."""
    return await service.register(session, registration, passwords=passwords, post=post, now=now)


@router.post("/login", responses=UNAUTHORIZED | TOO_MANY, dependencies=[Limited])
async def login(
    *,
    credentials: Credentials,
    session: SessionDep,
    passwords: PasswordsDep,
    access_tokens: AccessTokensDep,
    settings: SettingsDep,
    audit: AuditDep,
    now: NowDep,
    user_agent: Annotated[str | None, Header()] = None,
) -> TokenPair:
    """Open a session and return its first pair of tokens."""
    try:
        user = await service.authenticate(session, credentials, passwords=passwords)
    except BadCredentials:
        await session.rollback()
        await audit.record(Action.LOGIN_FAILED, None, credentials.email)
        raise
    auth_session, refresh_token = await sessions.start(
        session, user.id, user_agent=user_agent, now=now, lifetime=settings.refresh_token_lifetime
    )
    await audit.record(Action.LOGGED_IN, user.id, user.email)
    return _pair(auth_session, refresh_token, access_tokens, now)


@router.post("/refresh", responses=UNAUTHORIZED)
async def refresh(
    *,
    request: RefreshRequest,
    session: SessionDep,
    access_tokens: AccessTokensDep,
    settings: SettingsDep,
    audit: AuditDep,
    now: NowDep,
) -> TokenPair:
    """Exchange a refresh token, which is good once, for a new pair."""
    try:
        auth_session, refresh_token = await sessions.rotate(
            session, request.refresh_token, now=now, lifetime=settings.refresh_token_lifetime
        )
    except RefreshTokenReused as reuse:
        await audit.record(Action.REFRESH_TOKEN_REUSED, reuse.user_id)
        raise
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
    *,
    change: PasswordChange,
    identity: IdentityDep,
    session: SessionDep,
    passwords: PasswordsDep,
    audit: AuditDep,
    now: NowDep,
) -> None:
    """Replace the caller's password and end their other sessions."""
    await service.change_password(session, identity, change, passwords=passwords, now=now)
    await audit.record(Action.PASSWORD_CHANGED, identity.user.id)


@router.post(
    "/verify",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(HTTPStatus.BAD_REQUEST) | TOO_MANY,
    dependencies=[Limited],
)
async def verify_email(mailed: MailedTokenIn, session: SessionDep, now: NowDep) -> None:
    """Verify an address with the token from its letter."""
    await mailed_tokens.verify_email(session, mailed.token, now=now)


@router.post("/verify/resend", status_code=HTTPStatus.ACCEPTED, responses=UNAUTHORIZED)
async def resend_verification(user: CurrentUserDep, session: SessionDep, post: PostDep, now: NowDep) -> None:
    """Send the caller's letter again, unless the address is verified."""
    await mailed_tokens.resend_verification(session, user, post=post, now=now)


@router.post("/password-reset", status_code=HTTPStatus.ACCEPTED, responses=TOO_MANY, dependencies=[Limited])
async def request_password_reset(
    request: PasswordResetRequest, session: SessionDep, post: PostDep, now: NowDep
) -> None:
    """Send a letter to the address if it has an account; the answer does not tell."""
    await mailed_tokens.request_reset(session, request.email, post=post, now=now)


@router.post(
    "/password-reset/confirm",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(HTTPStatus.BAD_REQUEST) | TOO_MANY,
    dependencies=[Limited],
)
async def reset_password(
    reset: PasswordReset, session: SessionDep, passwords: PasswordsDep, audit: AuditDep, now: NowDep
) -> None:
    """Set a new password with the token from a letter, and end all sessions."""
    user_id = await mailed_tokens.reset_password(session, reset, passwords=passwords, now=now)
    await audit.record(Action.PASSWORD_RESET, user_id)


@router.get("/sessions", responses=UNAUTHORIZED)
async def list_sessions(identity: IdentityDep, session: SessionDep) -> list[SessionOut]:
    """List the caller's sessions, the latest used first."""
    found = await sessions.list_active(session, identity.user.id)
    return [_session_out(item, current=identity.session_id) for item in found]


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT, responses=UNAUTHORIZED)
async def end_other_sessions(identity: IdentityDep, session: SessionDep, audit: AuditDep, now: NowDep) -> None:
    """End all of the caller's sessions but this one."""
    ended = await sessions.end_others(session, identity.user.id, now=now, keep=identity.session_id)
    await audit.record(Action.SESSIONS_ENDED, identity.user.id, str(ended))


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
