"""Define what the auth endpoints take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field, SecretStr

from app.auth.models import Role
from app.schemas import Input, Name, Output

NewPassword = Annotated[SecretStr, Field(min_length=10, max_length=128)]
# Two spellings of one address must not become two people.
Email = Annotated[EmailStr, AfterValidator(str.lower)]


class Registration(Input):
    """Ask for an account."""

    email: Email
    password: NewPassword
    full_name: Name


class Credentials(Input):
    """Prove who one is."""

    email: Email
    password: SecretStr = Field(max_length=128)


class RefreshRequest(Input):
    """Exchange a refresh token for a new pair."""

    refresh_token: str = Field(max_length=128)


class ProfileChange(Input):
    """Change what others see of a person."""

    full_name: Name


class PasswordChange(Input):
    """Replace the password, proving to know the present one."""

    current_password: SecretStr = Field(max_length=128)
    new_password: NewPassword


class MailedTokenIn(Input):
    """Present a token from a letter."""

    token: str = Field(max_length=128)


class PasswordResetRequest(Input):
    """Ask for a letter that lets one choose a new password."""

    email: Email


class PasswordReset(MailedTokenIn):
    """Choose a new password with a token from a letter."""

    new_password: NewPassword


class UserOut(Output):
    """Show a person to themselves."""

    id: UUID
    email: str
    full_name: str
    role: Role
    created_at: datetime
    verified_at: datetime | None


class SessionOut(Output):
    """Show one login to its owner."""

    id: UUID
    user_agent: str | None
    created_at: datetime
    last_used_at: datetime
    is_current: bool


class TokenPair(Output):
    """Hold a fresh access token and the refresh token that gets the next one."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105  # the scheme's name
    expires_in: int
