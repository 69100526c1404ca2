"""Laws of refreshing, logging out and looking after sessions over HTTP."""

from typing import Any

import pytest
from wiring import Client
from world import PASSWORD, Maker, ManualClock, Person


def log_in(client: Client, **headers: str) -> dict[str, Any]:
    """Return a new pair of tokens for alice."""
    credentials = {"email": "alice@example.com", "password": PASSWORD}
    response = client.post("/auth/login", json=credentials, headers=headers)
    pair: dict[str, Any] = response.json()
    return pair


def bearer(pair: dict[str, Any]) -> dict[str, str]:
    """Return the header that presents a pair's access token."""
    return {"Authorization": f"Bearer {pair['access_token']}"}


def test_refresh_answers_with_a_new_pair(client: Client, make: Maker) -> None:
    make.user("alice")
    pair = log_in(client)
    response = client.post("/auth/refresh", json={"refresh_token": pair["refresh_token"]})
    assert response.status_code == 200
    assert response.json()["refresh_token"] != pair["refresh_token"]


def test_refresh_works_when_the_access_token_has_expired(
    client: Client, make: Maker, clock: ManualClock
) -> None:
    make.user("alice")
    pair = log_in(client)
    clock.advance(hours=1)
    response = client.post("/auth/refresh", json={"refresh_token": pair["refresh_token"]})
    me = client.get("/auth/me", headers=bearer(response.json()))
    assert me.status_code == 200


def test_refresh_refuses_a_used_token_and_ends_the_session(client: Client, make: Maker) -> None:
    make.user("alice")
    first = log_in(client)
    response = client.post("/auth/refresh", json={"refresh_token": first["refresh_token"]})
    second = response.json()
    reuse = client.post("/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert reuse.status_code == 401
    assert reuse.json()["type"] == "urn:problem:refresh-token-reused"
    me = client.get("/auth/me", headers=bearer(second))
    assert me.json()["type"] == "urn:problem:session-ended"


def test_refresh_refuses_a_month_old_token(client: Client, make: Maker, clock: ManualClock) -> None:
    make.user("alice")
    pair = log_in(client)
    clock.advance(days=30)
    response = client.post("/auth/refresh", json={"refresh_token": pair["refresh_token"]})
    assert response.json()["type"] == "urn:problem:bad-refresh-token"


def test_refresh_does_not_take_an_access_token(client: Client, make: Maker) -> None:
    make.user("alice")
    pair = log_in(client)
    response = client.post("/auth/refresh", json={"refresh_token": pair["access_token"][:128]})
    assert response.status_code == 401


def test_logout_ends_access_and_refresh_at_once(client: Client, make: Maker) -> None:
    make.user("alice")
    pair = log_in(client)
    response = client.post("/auth/logout", headers=bearer(pair))
    assert response.status_code == 204
    me = client.get("/auth/me", headers=bearer(pair))
    assert me.json()["type"] == "urn:problem:session-ended"
    refresh = client.post("/auth/refresh", json={"refresh_token": pair["refresh_token"]})
    assert refresh.json()["type"] == "urn:problem:bad-refresh-token"


def test_logout_leaves_the_other_device_logged_in(client: Client, make: Maker) -> None:
    make.user("alice")
    phone, laptop = log_in(client), log_in(client)
    client.post("/auth/logout", headers=bearer(phone))
    me = client.get("/auth/me", headers=bearer(laptop))
    assert me.status_code == 200


def test_sessions_name_the_device_and_mark_the_current_one(client: Client, alice: Person) -> None:
    log_in(client, **{"User-Agent": "Phone/1.0"})
    response = client.get("/auth/sessions", headers=alice.headers)
    shown = {item["user_agent"]: item["is_current"] for item in response.json()}
    assert shown == {"Phone/1.0": False, None: True}


def test_sessions_of_others_are_not_shown(client: Client, alice: Person, bob: Person) -> None:
    response = client.get("/auth/sessions", headers=alice.headers)
    assert [item["id"] for item in response.json()] == [str(alice.session_id)]


def test_ending_another_device_logs_it_out(client: Client, alice: Person) -> None:
    phone = log_in(client)
    listed = client.get("/auth/sessions", headers=bearer(phone))
    [phone_id] = [item["id"] for item in listed.json() if item["is_current"]]
    response = client.delete(f"/auth/sessions/{phone_id}", headers=alice.headers)
    assert response.status_code == 204
    me = client.get("/auth/me", headers=bearer(phone))
    assert me.status_code == 401


def test_ending_another_persons_session_looks_like_none(client: Client, alice: Person, bob: Person) -> None:
    response = client.delete(f"/auth/sessions/{bob.session_id}", headers=alice.headers)
    assert response.status_code == 404
    me = client.get("/auth/me", headers=bob.headers)
    assert me.status_code == 200


def test_password_change_ends_the_other_sessions(client: Client, alice: Person) -> None:
    phone = log_in(client)
    change = {"current_password": PASSWORD, "new_password": "another good password"}
    response = client.post("/auth/password", headers=alice.headers, json=change)
    assert response.status_code == 204
    here = client.get("/auth/me", headers=alice.headers)
    there = client.get("/auth/me", headers=bearer(phone))
    assert (here.status_code, there.status_code) == (200, 401)


@pytest.mark.parametrize(("password", "status"), [(PASSWORD, 401), ("another good password", 200)])
def test_password_change_replaces_the_password(
    client: Client, alice: Person, password: str, status: int
) -> None:
    change = {"current_password": PASSWORD, "new_password": "another good password"}
    client.post("/auth/password", headers=alice.headers, json=change)
    credentials = {"email": "alice@example.com", "password": password}
    response = client.post("/auth/login", json=credentials)
    assert response.status_code == status


def test_password_change_needs_the_current_one(client: Client, alice: Person) -> None:
    change = {"current_password": "wrong", "new_password": "another good password"}
    response = client.post("/auth/password", headers=alice.headers, json=change)
    assert response.json()["type"] == "urn:problem:bad-credentials"
    pair = log_in(client)
    assert pair["access_token"]
