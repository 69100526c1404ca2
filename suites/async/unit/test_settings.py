"""Laws of configuration."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from app.settings import DEVELOPMENT_ENCRYPTION_KEY, DEVELOPMENT_JWT_SECRET, DEVELOPMENT_OAUTH_SECRET, Settings

KEY = Fernet.generate_key().decode()
SAFE = {"environment": "production", "jwt_secret": "s" * 40, "oauth_client_secret": "o" * 40, "encryption_keys": KEY}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/accounts")
    monkeypatch.setenv("ACCESS_TOKEN_LIFETIME_SECONDS", "60")
    settings = Settings()
    assert settings.database_url == "postgresql://db/accounts"
    assert settings.access_token_lifetime == timedelta(minutes=1)


def test_encryption_keys_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", " new , old ,")
    assert Settings().encryption_key_values == ("new", "old")


def test_encryption_keys_must_not_be_empty() -> None:
    with pytest.raises(ValidationError, match="at least one key"):
        Settings(encryption_keys=" , ")


def test_development_keys_work_out_of_the_box() -> None:
    settings = Settings()
    assert settings.environment == "development"
    assert Fernet(settings.encryption_key_values[0])


@pytest.mark.parametrize(
    "unsafe",
    [
        {"jwt_secret": DEVELOPMENT_JWT_SECRET},
        {"oauth_client_secret": DEVELOPMENT_OAUTH_SECRET},
        {"encryption_keys": DEVELOPMENT_ENCRYPTION_KEY},
        {"encryption_keys": f"{KEY},{DEVELOPMENT_ENCRYPTION_KEY}"},
    ],
    ids=["jwt-secret", "oauth-secret", "encryption-key", "older-encryption-key"],
)
def test_production_refuses_keys_that_everybody_knows(unsafe: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="production needs its own"):
        Settings(**{**SAFE, **unsafe})


def test_production_starts_with_keys_of_its_own() -> None:
    assert Settings(**SAFE).environment == "production"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("database_pool", "enormous"),
        ("access_token_lifetime_seconds", 0),
        ("password_memory_cost_kib", 7),
    ],
)
def test_settings_refuse_nonsense(name: str, wrong: object) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings(**{name: wrong})


def test_settings_show_no_secret() -> None:
    settings = Settings(**SAFE)
    assert KEY not in repr(settings)
    assert "s" * 40 not in repr(settings)
    assert "o" * 40 not in repr(settings)


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.database_url = "sqlite:///other.db"
