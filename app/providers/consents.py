"""Connect by the OAuth 2.0 authorisation-code flow with PKCE (RFC 6749 section 4.1, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.providers import service
from app.providers.client import ProviderClient
from app.providers.models import Connection, Consent
from app.providers.problems import BadConsentState
from app.providers.registry import Provider
from app.providers.schemas import ConsentOut, FinishedConsent, NewConnection, NewConsent
from app.security.encryption import SecretCipher
from app.security.tokens import digest, new_opaque_token
from app.settings import Settings

CONSENT_LIFETIME: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """Begin and finish consents."""

    client: ProviderClient
    cipher: SecretCipher
    settings: Settings

    async def begin(self, session: AsyncSession, user_id: UUID, new: NewConsent, *, now: datetime) -> ConsentOut:
        """Remember that this person asked, and say where to send them; raise UnknownProvider."""
        provider = service.find_provider(new.provider)
        state, verifier = new_opaque_token(), new_opaque_token()
        session.add(
            Consent(
                user_id=user_id,
                state_digest=digest(state),
                provider=provider.slug,
                label=new.label,
                encrypted_verifier=self.cipher.encrypt(verifier),
                expires_at=now + CONSENT_LIFETIME,
            )
        )
        await session.commit()
        return ConsentOut(authorization_url=self._authorization_url(provider, state, verifier), state=state)

    async def finish(
        self, session: AsyncSession, user_id: UUID, finished: FinishedConsent, *, now: datetime
    ) -> Connection:
        """Exchange the code and store the connection; raise BadConsentState, LabelTaken or a provider's problem."""
        consent = await self._use_up(session, user_id, finished.state, now=now)
        # The commit that used the state up ended the transaction: none is open while the provider thinks.
        tokens = await self.client.exchange_code(
            service.find_provider(consent.provider),
            finished.code,
            verifier=self.cipher.decrypt(consent.encrypted_verifier),
            redirect_uri=self._redirect_uri,
        )
        new = NewConnection(provider=consent.provider, label=consent.label, **dict(tokens))
        return await service.connect(session, user_id, new, cipher=self.cipher, now=now)

    async def _use_up(self, session: AsyncSession, user_id: UUID, state: str, *, now: datetime) -> Consent:
        """Mark a consent used and return it: of two requests at once, one gets it."""
        good = (
            col(Consent.state_digest) == digest(state),
            # Otherwise somebody could be made to connect an account that is not theirs.
            col(Consent.user_id) == user_id,
            col(Consent.used_at).is_(None),
            col(Consent.expires_at) > now,
        )
        used = await session.exec(update(Consent).where(*good).values(used_at=now).returning(Consent))
        consent: Consent | None = used.scalar_one_or_none()
        if consent is None:
            raise BadConsentState("This consent was not begun by you, has expired, or is finished.")
        await session.commit()
        return consent

    def _authorization_url(self, provider: Provider, state: str, verifier: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self.settings.oauth_client_id,
            "redirect_uri": self._redirect_uri,
            "scope": " ".join(provider.scopes),
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{provider.base_url}/oauth/authorize?{urlencode(query)}"

    @property
    def _redirect_uri(self) -> str:
        return f"{self.settings.public_url}/connected"


def challenge(verifier: str) -> str:
    """Return what proves, later, that we hold the verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
