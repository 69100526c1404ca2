"""Laws of connecting to providers by the authorisation-code flow, and of asking them, over HTTP."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wiring import Client, Call
from world import NOON, Maker, ManualClock, Person

from app.outbound import httpx
from suites.outside import Outside

NEW = {"provider": "northbank", "label": "Household"}


def begin(client: Client, person: Person, outside: Outside) -> dict[str, Any]:
    """Begin a consent, agree at the provider, and return what the person comes back with."""
    response = client.post("/connections/consents", headers=person.headers, json=NEW)
    begun = response.json()
    query = parse_qs(urlsplit(begun["authorization_url"]).query)
    outside.codes["code-1"] = query["code_challenge"][0]
    return {"state": begun["state"], "code": "code-1"}


def test_consent_sends_the_person_to_the_provider(client: Client, alice: Person) -> None:
    response = client.post("/connections/consents", headers=alice.headers, json=NEW)
    url = urlsplit(response.json()["authorization_url"])
    query = {name: texts[0] for name, texts in parse_qs(url.query).items()}
    assert (url.netloc, url.path) == ("api.northbank.example", "/oauth/authorize")
    assert (query["response_type"], query["scope"]) == ("code", "accounts transactions")
    assert (query["state"], query["code_challenge_method"]) == (response.json()["state"], "S256")
    assert query["redirect_uri"] == "https://accounts.example/connected"


def test_consent_needs_a_verified_address(client: Client, make: Maker) -> None:
    person = make.person("carol", verified_at=None)
    response = client.post("/connections/consents", headers=person.headers, json=NEW)
    assert response.json()["type"] == "urn:problem:email-not-verified"


def test_finished_consent_is_a_connection_with_the_providers_tokens(
    client: Client, alice: Person, outside: Outside
) -> None:
    finished = begin(client, alice, outside)
    response = client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.status_code == 201
    assert (response.json()["label"], response.json()["status"]) == ("Household", "active")
    assert response.json()["token_expires_at"] == "2025-10-18T13:00:00Z"
    assert "access-1" not in response.text


def test_consent_is_finished_once(client: Client, alice: Person, outside: Outside) -> None:
    finished = begin(client, alice, outside)
    client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    response = client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.json()["type"] == "urn:problem:bad-consent-state"
    assert outside.grants == 1


def test_consent_cannot_be_finished_by_another_person(
    client: Client, alice: Person, bob: Person, outside: Outside
) -> None:
    finished = begin(client, alice, outside)
    response = client.post("/connections/consents/finish", headers=bob.headers, json=finished)
    assert response.status_code == 400
    assert outside.requests == []


def test_consent_expires(client: Client, alice: Person, outside: Outside, clock: ManualClock) -> None:
    finished = begin(client, alice, outside)
    clock.advance(minutes=10)
    response = client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.json()["type"] == "urn:problem:bad-consent-state"


def test_consent_proves_with_pkce_that_it_was_begun_here(
    client: Client, alice: Person, outside: Outside
) -> None:
    finished = begin(client, alice, outside)
    outside.codes["code-1"] = "the challenge of somebody else"
    response = client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.status_code == 502
    assert response.json()["type"] == "urn:problem:consent-refused"


def test_remote_accounts_come_from_the_provider_with_our_requests_id(
    client: Client, make: Maker, alice: Person, outside: Outside
) -> None:
    connection = make.connection(alice)
    outside.account("a-1", name="Salary")
    path = f"/connections/{connection.id}/remote-accounts"
    response = client.get(path, headers={**alice.headers, "X-Request-ID": "from-the-proxy"})
    assert [item["name"] for item in response.json()["accounts"]] == ["Salary"]
    assert outside.request_ids == ["from-the-proxy"]


def test_expired_token_is_refreshed_and_stored(
    client: Client, make: Maker, alice: Person, outside: Outside
) -> None:
    connection = make.connection(alice, token_expires_at=NOON)
    outside.refresh_tokens.add("refresh-of-Main")
    path = f"/connections/{connection.id}/remote-accounts"
    for _ in range(2):
        response = client.get(path, headers=alice.headers)
        assert response.status_code == 200
    assert outside.requests == ["POST /oauth/token", "GET /accounts", "GET /accounts"]
    make.fresh(connection)
    assert connection.token_expires_at == NOON + timedelta(hours=1)


def test_withdrawn_consent_is_noticed_and_not_asked_for_again(
    client: Client, make: Maker, alice: Person, outside: Outside
) -> None:
    connection = make.connection(alice, token_expires_at=NOON)
    path = f"/connections/{connection.id}/remote-accounts"
    for _ in range(2):
        response = client.get(path, headers=alice.headers)
        assert response.json()["type"] == "urn:problem:consent-expired"
    assert outside.requests == ["POST /oauth/token"]
    kept = client.get(f"/connections/{connection.id}", headers=alice.headers)
    assert kept.json()["status"] == "expired"


@pytest.mark.parametrize(
    ("instead", "name"),
    [
        ((401, {"error": "invalid_client"}), "service-refused"),
        ((400, {"error": "unauthorized_client"}), "service-refused"),
        ((400, {"error": "temporarily_unavailable"}), "provider-unavailable"),
        ((403, "the page of a firewall"), "provider-unavailable"),
    ],
    ids=["our-secret", "our-rights", "their-trouble", "firewall"],
)
def test_refresh_that_fails_for_another_reason_leaves_the_consent_as_it_is(
    client: Client, make: Maker, alice: Person, outside: Outside, instead: Any, name: str
) -> None:
    connection = make.connection(alice, token_expires_at=NOON)
    outside.refresh_tokens.add("refresh-of-Main")
    path = f"/connections/{connection.id}/remote-accounts"
    outside.instead["/oauth/token"] = instead
    refused = client.get(path, headers=alice.headers)
    assert (refused.status_code, refused.json()["type"]) == (502, f"urn:problem:{name}")
    del outside.instead["/oauth/token"]
    response = client.get(path, headers=alice.headers)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("instead", "status", "name"),
    [
        ((500, {}), 502, "provider-unavailable"),
        ((401, {}), 502, "consent-refused"),
        ((200, {"accounts": [{"id": "../admin"}]}), 502, "bad-provider-answer"),
        (httpx.ConnectError("refused"), 502, "provider-unavailable"),
        (httpx.ReadTimeout("slow"), 504, "provider-timeout"),
    ],
    ids=["error", "refusal", "nonsense", "unreachable", "slow"],
)
def test_provider_that_fails_is_named_and_not_ours_to_blame(
    client: Client, make: Maker, alice: Person, outside: Outside, instead: Any, status: int, name: str
) -> None:
    connection = make.connection(alice)
    outside.instead["/accounts"] = instead
    response = client.get(f"/connections/{connection.id}/remote-accounts", headers=alice.headers)
    assert response.status_code == status
    assert response.json()["type"] == f"urn:problem:{name}"


def test_disconnect_gives_the_token_back_to_the_provider_later(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = make.connection(alice)
    for _ in range(2):
        response = client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
        assert response.json()["status"] == "disconnected"
    assert outside.requests == []
    deliver()
    assert outside.revoked == ["refresh-of-Main"]


def test_deleted_connection_gives_its_token_back_too(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = make.connection(alice)
    client.delete(f"/connections/{connection.id}", headers=alice.headers)
    assert deliver() == 1
    assert outside.revoked == ["refresh-of-Main"]


@pytest.mark.parametrize("stored", [None, "sealed with a key that is lost"], ids=["disconnected", "unreadable"])
def test_connection_without_a_readable_token_can_be_deleted(
    client: Client, make: Maker, alice: Person, deliver: Call, stored: str | None
) -> None:
    connection = make.connection(alice, encrypted_access_token=stored)
    response = client.delete(f"/connections/{connection.id}", headers=alice.headers)
    assert response.status_code == 204
    assert deliver() == 0


def test_token_that_the_provider_forgot_counts_as_given_back(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = make.connection(alice)
    outside.instead["/oauth/revoke"] = (400, {})
    client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    assert deliver() == 1


def test_token_is_not_given_back_while_the_provider_does_not_accept_this_service(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call, clock: ManualClock
) -> None:
    connection = make.connection(alice)
    outside.instead["/oauth/revoke"] = (400, {"error": "invalid_client"})
    client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    assert deliver() == 0
    del outside.instead["/oauth/revoke"]
    clock.advance(minutes=1)
    assert deliver() == 1
    assert outside.revoked == ["refresh-of-Main"]
