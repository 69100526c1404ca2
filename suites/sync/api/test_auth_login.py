"""Laws of registering and logging in over HTTP."""

import pytest
from wiring import Client, Session
from world import PASSWORD, Maker, ManualClock, Person

REGISTRATION = {"email": "carol@example.com", "password": "a long enough one", "full_name": "Carol"}


def test_register_shows_the_new_person(client: Client) -> None:
    response = client.post("/auth/register", json=REGISTRATION)
    assert response.status_code == 201
    body = response.json()
    assert (body["email"], body["full_name"]) == ("carol@example.com", "Carol")
    assert (body["role"], body["verified_at"]) == ("customer", None)
    assert set(body) == {"id", "email", "full_name", "role", "created_at", "verified_at"}


def test_register_refuses_a_taken_address_in_any_spelling(client: Client, make: Maker) -> None:
    make.user("carol")
    response = client.post("/auth/register", json={**REGISTRATION, "email": "CAROL@Example.com"})
    assert response.status_code == 409
    assert response.json()["type"] == "urn:problem:email-taken"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "carol"),
        ("password", "too short"),
        ("full_name", "   "),
        ("is_admin", True),
    ],
)
def test_register_names_the_invalid_field(client: Client, field: str, value: object) -> None:
    response = client.post("/auth/register", json={**REGISTRATION, field: value})
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"body#/{field}"]


def test_register_never_repeats_a_rejected_password(client: Client) -> None:
    response = client.post("/auth/register", json={**REGISTRATION, "password": "secret123"})
    assert response.status_code == 422
    assert "secret123" not in response.text


def test_registered_person_can_log_in(client: Client) -> None:
    client.post("/auth/register", json=REGISTRATION)
    credentials = {"email": "carol@example.com", "password": REGISTRATION["password"]}
    response = client.post("/auth/login", json=credentials)
    assert response.status_code == 200


def test_login_answers_with_a_usable_pair(client: Client, make: Maker) -> None:
    make.user("carol")
    credentials = {"email": "carol@example.com", "password": PASSWORD}
    response = client.post("/auth/login", json=credentials)
    pair = response.json()
    assert pair["token_type"] == "bearer"
    assert pair["expires_in"] == 900
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    response = client.get("/auth/me", headers=headers)
    assert response.json()["email"] == "carol@example.com"


def test_login_takes_the_address_in_any_spelling(client: Client, make: Maker) -> None:
    make.user("carol")
    credentials = {"email": "Carol@EXAMPLE.com", "password": PASSWORD}
    response = client.post("/auth/login", json=credentials)
    assert response.status_code == 200


def test_login_tells_no_unknown_address_from_a_wrong_password(client: Client, make: Maker) -> None:
    make.user("carol")
    wrong = client.post("/auth/login", json={"email": "carol@example.com", "password": "wrong"})
    unknown = client.post("/auth/login", json={"email": "nobody@example.com", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_login_refuses_a_closed_account(client: Client, make: Maker) -> None:
    make.user("carol", is_active=False)
    credentials = {"email": "carol@example.com", "password": PASSWORD}
    response = client.post("/auth/login", json=credentials)
    assert response.json()["type"] == "urn:problem:bad-credentials"


def test_me_needs_a_token(client: Client) -> None:
    response = client.get("/auth/me")
    assert response.status_code == 401
    assert response.json()["type"] == "urn:problem:unauthenticated"


@pytest.mark.parametrize("scheme", ["Basic"])
def test_me_takes_bearer_tokens_only(client: Client, alice: Person, scheme: str) -> None:
    token = alice.headers["Authorization"].removeprefix("Bearer ")
    response = client.get("/auth/me", headers={"Authorization": f"{scheme} {token}"})
    assert response.status_code == 401


def test_me_refuses_an_expired_token(client: Client, alice: Person, clock: ManualClock) -> None:
    clock.advance(minutes=15)
    response = client.get("/auth/me", headers=alice.headers)
    assert response.status_code == 401
    assert response.json()["type"] == "urn:problem:bad-access-token"


def test_me_refuses_a_person_closed_meanwhile(client: Client, alice: Person, db: Session) -> None:
    alice.user.is_active = False
    db.commit()
    response = client.get("/auth/me", headers=alice.headers)
    assert response.json()["type"] == "urn:problem:session-ended"


def test_me_changes_the_name_and_nothing_else(client: Client, alice: Person) -> None:
    response = client.patch("/auth/me", headers=alice.headers, json={"full_name": " Alice B. "})
    assert response.json()["full_name"] == "Alice B."
    response = client.get("/auth/me", headers=alice.headers)
    assert response.json()["full_name"] == "Alice B."
    assert response.json()["email"] == "alice@example.com"


def test_me_cannot_change_the_address(client: Client, alice: Person) -> None:
    change = {"full_name": "Alice", "email": "other@example.com"}
    response = client.patch("/auth/me", headers=alice.headers, json=change)
    assert response.status_code == 422
