"""Laws of what the service takes and shows."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from world import NOON

from app.accounts.schemas import NewAccount
from app.auth.schemas import Credentials, Registration
from app.providers.schemas import ConnectionOut, ProviderTokens, RemoteTransaction
from app.transactions.models import Category, Transaction
from app.transactions.schemas import NewTransaction, TransactionFilter, TransactionOut

TRANSACTION: dict[str, Any] = {"posted_on": "2025-10-18", "amount_minor": -1250, "description": "Coffee"}


def test_registration_lowers_the_address_and_trims_the_name() -> None:
    registration = Registration(email="Ann@Example.COM", password="long enough!", full_name="  Ann ")
    assert (registration.email, registration.full_name) == ("ann@example.com", "Ann")


@pytest.mark.parametrize(
    "given",
    [
        {"description": "a\0b"},
        {"category": "a\0b"},
        {"external_id": "a\0b"},
    ],
    ids=["description", "category", "external-id"],
)
def test_text_that_one_database_cannot_keep_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="NUL"):
        NewTransaction(**TRANSACTION | given)


def test_text_that_one_database_cannot_keep_is_refused_from_providers_too() -> None:
    with pytest.raises(ValidationError, match="NUL"):
        RemoteTransaction(id="r-1", posted_on="2025-10-18", amount_minor=1, description="a\0b")


def test_credentials_show_no_password() -> None:
    assert "hunter22" not in repr(Credentials(email="ann@example.com", password="hunter22"))


def test_login_takes_passwords_that_registration_would_refuse() -> None:
    credentials = Credentials(email="ann@example.com", password="old")
    assert credentials.password.get_secret_value() == "old"


def test_provider_tokens_show_no_token() -> None:
    tokens = ProviderTokens(access_token="open sesame", refresh_token="encore", expires_in=60)
    assert "sesame" not in repr(tokens)
    assert "encore" not in repr(tokens)


def test_connection_has_no_token_to_show() -> None:
    assert not [name for name in ConnectionOut.model_fields if name.endswith("access_token")]
    assert not [name for name in ConnectionOut.model_fields if name.endswith("refresh_token")]


@pytest.mark.parametrize("currency", ["eur", "EURO", "€"])
def test_account_needs_a_currency_code(currency: str) -> None:
    with pytest.raises(ValidationError, match="currency"):
        NewAccount(name="Everyday", kind="checking", currency=currency)


@pytest.mark.parametrize("amount", [10**15 + 1, -(10**15) - 1, 12.5])
def test_transaction_needs_a_whole_bounded_amount(amount: object) -> None:
    with pytest.raises(ValidationError, match="amount_minor"):
        NewTransaction(**{**TRANSACTION, "amount_minor": amount})


def test_transaction_category_is_trimmed_and_lowered() -> None:
    assert NewTransaction(**TRANSACTION, category="  Eating Out ").category == "eating out"


def test_transaction_refuses_unknown_members() -> None:
    with pytest.raises(ValidationError, match="catgory"):
        NewTransaction(**TRANSACTION, catgory="coffee")


def test_transaction_shows_its_category_by_name() -> None:
    row = Transaction(**{**TRANSACTION, "account_id": UUID(int=1), "created_at": NOON})
    row.category = Category(user_id=UUID(int=2), name="coffee")
    assert TransactionOut.model_validate(row).category == "coffee"


def test_transaction_without_category_shows_none() -> None:
    row = Transaction(**{**TRANSACTION, "account_id": UUID(int=1), "created_at": NOON})
    row.category = None
    assert TransactionOut.model_validate(row).category is None


@pytest.mark.parametrize(
    "given",
    [
        {"posted_from": date(2025, 10, 2), "posted_to": date(2025, 10, 1)},
        {"min_amount_minor": 0, "max_amount_minor": -1},
        {"limit": 0},
        {"limit": 201},
        {"text": ""},
    ],
    ids=["dates", "amounts", "no-limit", "huge-limit", "empty-text"],
)
def test_filter_refuses_what_can_find_nothing(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TransactionFilter(**given)


def test_filter_takes_a_range_of_one() -> None:
    day = date(2025, 10, 1)
    wanted = TransactionFilter(posted_from=day, posted_to=day, min_amount_minor=0, max_amount_minor=0)
    assert wanted.posted_from == wanted.posted_to
