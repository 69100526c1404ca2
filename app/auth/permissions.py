"""Say what each role may do, and hold callers to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import Depends

from app.audit.log import AuditDep
from app.audit.models import Action
from app.auth.dependencies import CurrentUserDep
from app.auth.models import Role, User
from app.auth.problems import EmailNotVerified, PermissionDenied
from app.database import SessionDep


class Permission(StrEnum):
    """Name what only some may do."""

    READ_USERS = "read-users"
    MANAGE_USERS = "manage-users"
    READ_AUDIT = "read-audit"


PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.CUSTOMER: frozenset(),
        Role.SUPPORT: frozenset({Permission.READ_USERS}),
        Role.ADMIN: frozenset(Permission),
    }
)


def require(permission: Permission) -> Callable[..., Awaitable[User]]:
    """Return a dependency that lets only those pass who have the permission, and notes the others."""

    async def permitted_user(user: CurrentUserDep, session: SessionDep, audit: AuditDep) -> User:
        if permission not in PERMISSIONS[user.role]:
            user_id = user.id
            await session.rollback()
            await audit.record(Action.ACCESS_DENIED, user_id, permission)
            raise PermissionDenied(f"This needs the permission {permission.value!r}.")
        return user

    return permitted_user


async def get_verified_user(user: CurrentUserDep) -> User:
    """Return the caller; raise EmailNotVerified until they have followed the letter's link."""
    if user.verified_at is None:
        raise EmailNotVerified("Verify your address first.")
    return user


VerifiedUser: Final = Depends(get_verified_user)
VerifiedUserDep = Annotated[User, VerifiedUser]
