"""Hold the people, the rows and the time that tests start from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from sqlmodel import SQLModel
from wiring import Session

from app.accounts.models import Account, AccountKind
from app.auth.models import AuthSession, User
from app.providers.models import Connection
from app.security.encryption import SecretCipher
from app.security.tokens import AccessClaims, AccessTokens
from app.settings import Settings
from app.transactions.models import Category, Transaction

Row = TypeVar("Row", bound=SQLModel)

NOON = datetime(2025, 10, 18, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
# Hashed once: what hashing costs is not what these suites are about.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def suite_settings(database_url: str, **changes: Any) -> Settings:
    """Return the settings of the application under test: the cheapest hash, keys of its own."""
    return Settings(
        database_url=database_url,
        jwt_secret="a secret of the test suites, long enough to sign",
        encryption_keys="dGVzdC1zdWl0ZXMtb25seS1rZXktMzItYnl0ZXMhISE=",
        password_time_cost=1,
        password_memory_cost_kib=8,
        password_parallelism=1,
        public_url="https://accounts.example",
        mail_gateway_url="https://mail.example/letters",
        # Tests deliver the outbox themselves, and try to log in more often than a person does.
        outbox_poll_seconds=0,
        attempts_per_minute=0,
        **changes,
    )


class ManualClock:
    """Stand still until told otherwise."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> datetime:
        """Move on by a step in timedelta's words and return the new time."""
        self.now += timedelta(**step)
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who is logged in."""

    user: User
    session_id: UUID
    headers: dict[str, str]

    @property
    def id(self) -> UUID:
        """Return the person's id."""
        return self.user.id


def user_row(name: str, **changes: Any) -> User:
    """Return someone who can log in with PASSWORD."""
    columns: dict[str, Any] = {
        "email": f"{name}@example.com",
        "full_name": name.title(),
        "password_hash": PASSWORD_HASH,
        "created_at": NOON,
        "verified_at": NOON,
    }
    return User(**columns | changes)


def session_row(user: User, **changes: Any) -> AuthSession:
    """Return a session that someone has open."""
    columns: dict[str, Any] = {"user_id": user.id, "created_at": NOON, "last_used_at": NOON}
    return AuthSession(**columns | changes)


def transaction_row(account: Account, amount_minor: int, *, day: int, **changes: Any) -> Transaction:
    """Return a transaction of a day in October 2025; the balance stays as it is."""
    columns: dict[str, Any] = {
        "account_id": account.id,
        "posted_on": date(2025, 10, day),
        "amount_minor": amount_minor,
        "description": f"Payment {day}",
        "created_at": NOON,
    }
    return Transaction(**columns | changes)


class Maker:
    """Commit rows through the test's own session, without a request."""

    def __init__(
        self, db: Session, *, access_tokens: AccessTokens, cipher: SecretCipher, clock: ManualClock
    ) -> None:
        self.db = db
        self.access_tokens = access_tokens
        self.cipher = cipher
        self.clock = clock

    def rows(self, *rows: SQLModel) -> None:
        """Commit rows of one table together."""
        self.db.add_all(rows)
        self.db.commit()

    def user(self, name: str = "alice", **changes: Any) -> User:
        """Add someone who can log in with PASSWORD."""
        return self._commit(user_row(name, **changes))

    def session(self, user: User, **changes: Any) -> AuthSession:
        """Add a session that someone has open."""
        return self._commit(session_row(user, **changes))

    def person(self, name: str, **changes: Any) -> Person:
        """Add someone and log them in."""
        user = user_row(name, **changes)
        self.db.add(user)
        self.db.flush()
        session = self.session(user)
        claims = AccessClaims(user_id=user.id, session_id=session.id)
        token = self.access_tokens.issue(claims, now=self.clock())
        return Person(user=user, session_id=session.id, headers={"Authorization": f"Bearer {token}"})

    def connection(self, person: Person, label: str = "Main", **changes: Any) -> Connection:
        """Add a connection to Northbank that is good for an hour."""
        columns: dict[str, Any] = {
            "user_id": person.id,
            "provider": "northbank",
            "label": label,
            "encrypted_access_token": self.cipher.encrypt("access-of-" + label),
            "encrypted_refresh_token": self.cipher.encrypt("refresh-of-" + label),
            "token_expires_at": self.clock() + timedelta(hours=1),
            "created_at": self.clock(),
        }
        return self._commit(Connection(**columns | changes))

    def account(self, person: Person, name: str = "Everyday", **changes: Any) -> Account:
        """Add an empty checking account in euros."""
        columns: dict[str, Any] = {
            "user_id": person.id,
            "name": name,
            "kind": AccountKind.CHECKING,
            "currency": "EUR",
            "created_at": self.clock(),
        }
        return self._commit(Account(**columns | changes))

    def category(self, person: Person, name: str) -> Category:
        """Add a category."""
        return self._commit(Category(user_id=person.id, name=name))

    def transaction(
        self, account: Account, amount_minor: int = -1000, day: int = 1, **changes: Any
    ) -> Transaction:
        """Add a transaction of a day in October 2025; the balance stays as it is."""
        return self._commit(transaction_row(account, amount_minor, day=day, **changes))

    def fresh(self, row: Row) -> Row:
        """Return the row as it is stored now; the reading transaction ends, so that the next one sees more."""
        self.db.refresh(row)
        self.db.commit()
        return row

    def _commit(self, row: Row) -> Row:
        self.db.add(row)
        self.db.commit()
        return row
