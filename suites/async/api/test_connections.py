"""Laws of providers and connections over HTTP."""

from typing import Any

import pytest
from sqlmodel import select
from wiring import AsyncClient, AsyncSession
from world import Maker, ManualClock, Person

from app.providers.models import Connection

NEW: dict[str, Any] = {
    "provider": "northbank",
    "label": "Household",
    "access_token": "open-sesame",
    "refresh_token": "encore",
    "expires_in": 3600,
}


async def test_providers_are_listed_by_name(client: AsyncClient) -> None:
    response = await client.get("/providers")
    assert [item["slug"] for item in response.json()] == ["harbour", "meridian", "northbank"]


async def test_provider_shows_its_scopes(client: AsyncClient) -> None:
    response = await client.get("/providers/meridian")
    assert response.json()["scopes"] == ["accounts", "holdings"]


async def test_connect_shows_the_connection_without_its_tokens(client: AsyncClient, alice: Person) -> None:
    response = await client.post("/connections", headers=alice.headers, json=NEW)
    assert response.status_code == 201
    assert response.json()["status"] == "active"
    assert response.json()["token_expires_at"] == "2025-10-18T13:00:00Z"
    assert "open-sesame" not in response.text
    assert "encore" not in response.text


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [("POST", "", NEW), ("PUT", "/{id}/tokens", {"access_token": "again", "expires_in": 60})],
    ids=["connect", "new-tokens"],
)
async def test_tokens_are_taken_from_people_with_a_verified_address_only(
    client: AsyncClient, make: Maker, method: str, suffix: str, body: dict[str, Any]
) -> None:
    person = await make.person("carol", verified_at=None)
    connection = await make.connection(person)
    path = "/connections" + suffix.format(id=connection.id)
    response = await client.request(method, path, headers=person.headers, json=body)
    assert response.status_code == 403
    assert response.json()["type"] == "urn:problem:email-not-verified"


async def test_connect_stores_the_tokens_encrypted(client: AsyncClient, alice: Person, db: AsyncSession) -> None:
    await client.post("/connections", headers=alice.headers, json=NEW)
    result = await db.exec(select(Connection))
    stored = result.one()
    assert "open-sesame" not in str(stored.encrypted_access_token)
    assert "encore" not in str(stored.encrypted_refresh_token)
    assert stored.user_id == alice.id


async def test_connect_refuses_an_unknown_provider(client: AsyncClient, alice: Person) -> None:
    response = await client.post("/connections", headers=alice.headers, json={**NEW, "provider": "acme"})
    assert response.status_code == 404
    assert response.json()["type"] == "urn:problem:unknown-provider"


async def test_connect_refuses_a_label_twice(client: AsyncClient, alice: Person) -> None:
    await client.post("/connections", headers=alice.headers, json=NEW)
    response = await client.post("/connections", headers=alice.headers, json=NEW)
    assert response.status_code == 409
    listed = await client.get("/connections", headers=alice.headers)
    assert len(listed.json()) == 1


async def test_connect_lets_two_people_use_one_label(client: AsyncClient, alice: Person, bob: Person) -> None:
    await client.post("/connections", headers=alice.headers, json=NEW)
    response = await client.post("/connections", headers=bob.headers, json=NEW)
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [("access_token", ""), ("expires_in", 10**9), ("scope", "all")],
)
async def test_connect_names_the_invalid_field_and_repeats_no_token(
    client: AsyncClient, alice: Person, field: str, value: object
) -> None:
    response = await client.post("/connections", headers=alice.headers, json={**NEW, field: value})
    assert [error["pointer"] for error in response.json()["errors"]] == [f"body#/{field}"]
    assert "open-sesame" not in response.text


async def test_connections_are_listed_oldest_first(
    client: AsyncClient, make: Maker, alice: Person, bob: Person, clock: ManualClock
) -> None:
    await make.connection(alice, "first")
    clock.advance(minutes=1)
    await make.connection(alice, "second")
    await make.connection(bob, "third")
    response = await client.get("/connections", headers=alice.headers)
    assert [item["label"] for item in response.json()] == ["first", "second"]


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"label": "Mine"}),
        ("PUT", "/tokens", {"access_token": "x", "expires_in": 60}),
        ("POST", "/disconnect", None),
        ("DELETE", "", None),
    ],
)
async def test_connection_of_another_person_looks_like_none(
    client: AsyncClient,
    make: Maker,
    alice: Person,
    bob: Person,
    method: str,
    suffix: str,
    body: dict[str, Any] | None,
) -> None:
    theirs = await make.connection(bob)
    path = f"/connections/{theirs.id}{suffix}"
    response = await client.request(method, path, headers=alice.headers, json=body)
    assert response.status_code == 404
    kept = await client.get(f"/connections/{theirs.id}", headers=bob.headers)
    assert kept.json()["label"] == "Main"
    assert kept.json()["status"] == "active"


async def test_rename_changes_the_label(client: AsyncClient, make: Maker, alice: Person) -> None:
    connection = await make.connection(alice)
    path = f"/connections/{connection.id}"
    response = await client.patch(path, headers=alice.headers, json={"label": "Joint"})
    assert response.json()["label"] == "Joint"
    kept = await client.get(path, headers=alice.headers)
    assert kept.json()["label"] == "Joint"


async def test_rename_refuses_the_label_of_another_connection(client: AsyncClient, make: Maker, alice: Person) -> None:
    await make.connection(alice, "Joint")
    connection = await make.connection(alice, "Main")
    path = f"/connections/{connection.id}"
    response = await client.patch(path, headers=alice.headers, json={"label": "Joint"})
    assert response.json()["type"] == "urn:problem:label-taken"
    kept = await client.get(path, headers=alice.headers)
    assert kept.json()["label"] == "Main"


async def test_disconnect_forgets_the_tokens(client: AsyncClient, make: Maker, alice: Person, db: AsyncSession) -> None:
    connection = await make.connection(alice)
    response = await client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    assert response.json()["status"] == "disconnected"
    await db.refresh(connection)
    assert connection.encrypted_access_token is None
    assert connection.encrypted_refresh_token is None


async def test_new_tokens_make_a_disconnected_connection_active(
    client: AsyncClient, make: Maker, alice: Person, clock: ManualClock
) -> None:
    connection = await make.connection(alice)
    await client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    clock.advance(minutes=10)
    tokens = {"access_token": "again", "expires_in": 60}
    response = await client.put(f"/connections/{connection.id}/tokens", headers=alice.headers, json=tokens)
    assert response.json()["status"] == "active"
    assert response.json()["token_expires_at"] == "2025-10-18T12:11:00Z"


async def test_delete_keeps_the_accounts(client: AsyncClient, make: Maker, alice: Person) -> None:
    connection = await make.connection(alice)
    account = await make.account(alice, connection_id=connection.id)
    response = await client.delete(f"/connections/{connection.id}", headers=alice.headers)
    assert response.status_code == 204
    kept = await client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert kept.json()["connection_id"] is None
