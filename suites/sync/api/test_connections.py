"""Laws of providers and connections over HTTP."""

from typing import Any

import pytest
from sqlmodel import select
from wiring import Client, Session
from world import Maker, ManualClock, Person

from app.providers.models import Connection

NEW: dict[str, Any] = {
    "provider": "northbank",
    "label": "Household",
    "access_token": "open-sesame",
    "refresh_token": "encore",
    "expires_in": 3600,
}


def test_providers_are_listed_by_name(client: Client) -> None:
    response = client.get("/providers")
    assert [item["slug"] for item in response.json()] == ["harbour", "meridian", "northbank"]


def test_provider_shows_its_scopes(client: Client) -> None:
    response = client.get("/providers/meridian")
    assert response.json()["scopes"] == ["accounts", "holdings"]


def test_connect_shows_the_connection_without_its_tokens(client: Client, alice: Person) -> None:
    response = client.post("/connections", headers=alice.headers, json=NEW)
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
def test_tokens_are_taken_from_people_with_a_verified_address_only(
    client: Client, make: Maker, method: str, suffix: str, body: dict[str, Any]
) -> None:
    person = make.person("carol", verified_at=None)
    connection = make.connection(person)
    path = "/connections" + suffix.format(id=connection.id)
    response = client.request(method, path, headers=person.headers, json=body)
    assert response.status_code == 403
    assert response.json()["type"] == "urn:problem:email-not-verified"


def test_connect_stores_the_tokens_encrypted(client: Client, alice: Person, db: Session) -> None:
    client.post("/connections", headers=alice.headers, json=NEW)
    result = db.exec(select(Connection))
    stored = result.one()
    assert "open-sesame" not in str(stored.encrypted_access_token)
    assert "encore" not in str(stored.encrypted_refresh_token)
    assert stored.user_id == alice.id


def test_connect_refuses_an_unknown_provider(client: Client, alice: Person) -> None:
    response = client.post("/connections", headers=alice.headers, json={**NEW, "provider": "acme"})
    assert response.status_code == 404
    assert response.json()["type"] == "urn:problem:unknown-provider"


def test_connect_refuses_a_label_twice(client: Client, alice: Person) -> None:
    client.post("/connections", headers=alice.headers, json=NEW)
    response = client.post("/connections", headers=alice.headers, json=NEW)
    assert response.status_code == 409
    listed = client.get("/connections", headers=alice.headers)
    assert len(listed.json()) == 1


def test_connect_lets_two_people_use_one_label(client: Client, alice: Person, bob: Person) -> None:
    client.post("/connections", headers=alice.headers, json=NEW)
    response = client.post("/connections", headers=bob.headers, json=NEW)
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [("access_token", ""), ("expires_in", 10**9), ("scope", "all")],
)
def test_connect_names_the_invalid_field_and_repeats_no_token(
    client: Client, alice: Person, field: str, value: object
) -> None:
    response = client.post("/connections", headers=alice.headers, json={**NEW, field: value})
    assert [error["pointer"] for error in response.json()["errors"]] == [f"body#/{field}"]
    assert "open-sesame" not in response.text


def test_connections_are_listed_oldest_first(
    client: Client, make: Maker, alice: Person, bob: Person, clock: ManualClock
) -> None:
    make.connection(alice, "first")
    clock.advance(minutes=1)
    make.connection(alice, "second")
    make.connection(bob, "third")
    response = client.get("/connections", headers=alice.headers)
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
def test_connection_of_another_person_looks_like_none(
    client: Client,
    make: Maker,
    alice: Person,
    bob: Person,
    method: str,
    suffix: str,
    body: dict[str, Any] | None,
) -> None:
    theirs = make.connection(bob)
    path = f"/connections/{theirs.id}{suffix}"
    response = client.request(method, path, headers=alice.headers, json=body)
    assert response.status_code == 404
    kept = client.get(f"/connections/{theirs.id}", headers=bob.headers)
    assert kept.json()["label"] == "Main"
    assert kept.json()["status"] == "active"


def test_rename_changes_the_label(client: Client, make: Maker, alice: Person) -> None:
    connection = make.connection(alice)
    path = f"/connections/{connection.id}"
    response = client.patch(path, headers=alice.headers, json={"label": "Joint"})
    assert response.json()["label"] == "Joint"
    kept = client.get(path, headers=alice.headers)
    assert kept.json()["label"] == "Joint"


def test_rename_refuses_the_label_of_another_connection(client: Client, make: Maker, alice: Person) -> None:
    make.connection(alice, "Joint")
    connection = make.connection(alice, "Main")
    path = f"/connections/{connection.id}"
    response = client.patch(path, headers=alice.headers, json={"label": "Joint"})
    assert response.json()["type"] == "urn:problem:label-taken"
    kept = client.get(path, headers=alice.headers)
    assert kept.json()["label"] == "Main"


def test_disconnect_forgets_the_tokens(client: Client, make: Maker, alice: Person, db: Session) -> None:
    connection = make.connection(alice)
    response = client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    assert response.json()["status"] == "disconnected"
    db.refresh(connection)
    assert connection.encrypted_access_token is None
    assert connection.encrypted_refresh_token is None


def test_new_tokens_make_a_disconnected_connection_active(
    client: Client, make: Maker, alice: Person, clock: ManualClock
) -> None:
    connection = make.connection(alice)
    client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    clock.advance(minutes=10)
    tokens = {"access_token": "again", "expires_in": 60}
    response = client.put(f"/connections/{connection.id}/tokens", headers=alice.headers, json=tokens)
    assert response.json()["status"] == "active"
    assert response.json()["token_expires_at"] == "2025-10-18T12:11:00Z"


def test_delete_keeps_the_accounts(client: Client, make: Maker, alice: Person) -> None:
    connection = make.connection(alice)
    account = make.account(alice, connection_id=connection.id)
    response = client.delete(f"/connections/{connection.id}", headers=alice.headers)
    assert response.status_code == 204
    kept = client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert kept.json()["connection_id"] is None
