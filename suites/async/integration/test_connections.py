"""Laws of stored provider tokens."""

import pytest
from cryptography.fernet import Fernet
from wiring import Call
from world import NOON, Maker, Person

from app.providers import service
from app.providers.models import ConnectionStatus
from app.providers.problems import ConnectionNotFound, Disconnected, LabelTaken, UnknownProvider
from app.providers.schemas import NewConnection, ProviderTokens
from app.security.encryption import SecretCipher, UnreadableSecretError

NEW = NewConnection(
    provider="harbour", label="Savings", access_token="open-sesame", refresh_token="encore", expires_in=60
)


async def test_connect_keeps_tokens_that_can_be_read_back(call: Call, alice: Person, cipher: SecretCipher) -> None:
    connection = await call(service.connect, alice.id, NEW, cipher=cipher, now=NOON)
    tokens = service.read_tokens(connection, cipher=cipher)
    assert (tokens.access_token, tokens.refresh_token) == ("open-sesame", "encore")
    assert (tokens.expires_at - NOON).total_seconds() == 60


async def test_connect_works_without_a_refresh_token(call: Call, alice: Person, cipher: SecretCipher) -> None:
    new = NewConnection(provider="harbour", label="Savings", access_token="open-sesame", expires_in=60)
    connection = await call(service.connect, alice.id, new, cipher=cipher, now=NOON)
    assert service.read_tokens(connection, cipher=cipher).refresh_token is None


async def test_connect_refuses_an_unknown_provider(call: Call, alice: Person, cipher: SecretCipher) -> None:
    unknown = NEW.model_copy(update={"provider": "acme"})
    with pytest.raises(UnknownProvider, match="'acme'"):
        await call(service.connect, alice.id, unknown, cipher=cipher, now=NOON)


async def test_connect_lets_one_label_stand_at_two_providers(call: Call, alice: Person, cipher: SecretCipher) -> None:
    await call(service.connect, alice.id, NEW, cipher=cipher, now=NOON)
    elsewhere = NEW.model_copy(update={"provider": "meridian"})
    await call(service.connect, alice.id, elsewhere, cipher=cipher, now=NOON)
    with pytest.raises(LabelTaken):
        await call(service.connect, alice.id, elsewhere, cipher=cipher, now=NOON)
    assert len(await call(service.list_connections, alice.id)) == 2


async def test_stored_tokens_need_the_right_key(call: Call, alice: Person, cipher: SecretCipher) -> None:
    connection = await call(service.connect, alice.id, NEW, cipher=cipher, now=NOON)
    stranger = SecretCipher([Fernet.generate_key().decode()])
    with pytest.raises(UnreadableSecretError):
        service.read_tokens(connection, cipher=stranger)


async def test_stored_tokens_stay_out_of_logs(call: Call, alice: Person, cipher: SecretCipher) -> None:
    connection = await call(service.connect, alice.id, NEW, cipher=cipher, now=NOON)
    tokens = service.read_tokens(connection, cipher=cipher)
    assert "open-sesame" not in f"{connection!r} {tokens!r}"


async def test_get_refuses_another_persons_connection(call: Call, make: Maker, alice: Person, bob: Person) -> None:
    theirs = await make.connection(bob)
    with pytest.raises(ConnectionNotFound):
        await call(service.get_connection, alice.id, theirs.id)


async def test_disconnect_leaves_nothing_to_read(call: Call, make: Maker, alice: Person, cipher: SecretCipher) -> None:
    made = await make.connection(alice)
    connection = await call(service.get_connection, alice.id, made.id)
    await call(service.disconnect, connection, cipher=cipher, now=NOON)
    connection = await call(service.get_connection, alice.id, made.id)
    assert connection.status is ConnectionStatus.DISCONNECTED
    with pytest.raises(Disconnected):
        service.read_tokens(connection, cipher=cipher)


async def test_replace_tokens_forgets_the_former_refresh_token(
    call: Call, make: Maker, alice: Person, cipher: SecretCipher
) -> None:
    made = await make.connection(alice)
    connection = await call(service.get_connection, alice.id, made.id)
    tokens = ProviderTokens(access_token="renewed", expires_in=60)
    await call(service.replace_tokens, connection, tokens, cipher=cipher, now=NOON)
    connection = await call(service.get_connection, alice.id, made.id)
    stored = service.read_tokens(connection, cipher=cipher)
    assert (stored.access_token, stored.refresh_token) == ("renewed", None)
