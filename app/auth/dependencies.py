"""Find out who is calling."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.auth import service
from app.auth.letters import Post
from app.auth.models import User
from app.auth.service import Identity
from app.database import SessionDep
from app.dependencies import AccessTokensDep, CipherDep, NowDep, SettingsDep
from app.problems import Unauthenticated

# Its own error would not be a problem document.
bearer = HTTPBearer(auto_error=False, description="The access token from login or refresh.")


async def get_identity(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    access_tokens: AccessTokensDep,
    session: SessionDep,
    now: NowDep,
) -> Identity:
    """Return who is calling and through which session; raise Unauthenticated without a good token."""
    if credentials is None:
        raise Unauthenticated("This needs an access token.")
    return await service.identify(session, access_tokens.read(credentials.credentials, now=now))


IdentityDep = Annotated[Identity, Depends(get_identity)]


async def get_current_user(identity: IdentityDep) -> User:
    """Return the person who is calling."""
    return identity.user


CurrentUserDep = Annotated[User, Depends(get_current_user)]


async def get_post(settings: SettingsDep, cipher: CipherDep) -> Post:
    """Return what promises letters."""
    return Post(public_url=settings.public_url, cipher=cipher)


PostDep = Annotated[Post, Depends(get_post)]
