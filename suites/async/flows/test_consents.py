"""Laws of connecting to providers by the authorisation-code flow, and of asking them, over HTTP."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wiring import AsyncClient, Call
from world import NOON, Maker, ManualClock, Person

from app.outbound import httpx
from suites.outside import Outside

NEW = {"provider": "northbank", "label": "Household"}


async def begin(client: AsyncClient, person: Person, outside: Outside) -> dict[str, Any]:
    """Begin a consent, agree at the provider, and return what the person comes back with."""
    response = await client.post("/connections/consents", headers=person.headers, json=NEW)
    begun = response.json()
    query = parse_qs(urlsplit(begun["authorization_url"]).query)
    outside.codes["code-1"] = query["code_challenge"][0]
    return {"state": begun["state"], "code": "code-1"}


async def test_consent_sends_the_person_to_the_provider(client: AsyncClient, alice: Person) -> None:
    response = await client.post("/connections/consents", headers=alice.headers, json=NEW)
    url = urlsplit(response.json()["authorization_url"])
    query = {name: texts[0] for name, texts in parse_qs(url.query).items()}
    assert (url.netloc, url.path) == ("api.northbank.example", "/oauth/authorize")
    assert (query["response_type"], query["scope"]) == ("code", "accounts transactions")
    assert (query["state"], query["code_challenge_method"]) == (response.json()["state"], "S256")
    assert query["redirect_uri"] == "https://accounts.example/connected"


async def test_consent_needs_a_verified_address(client: AsyncClient, make: Maker) -> None:
    person = await make.person("carol", verified_at=None)
    response = await client.post("/connections/consents", headers=person.headers, json=NEW)
    assert response.json()["type"] == "urn:problem:email-not-verified"


async def test_finished_consent_is_a_connection_with_the_providers_tokens(
    client: AsyncClient, alice: Person, outside: Outside
) -> None:
    finished = await begin(client, alice, outside)
    response = await client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.status_code == 201
    assert (response.json()["label"], response.json()["status"]) == ("Household", "active")
    assert response.json()["token_expires_at"] == "2025-10-18T13:00:00Z"
    assert "access-1" not in response.text


async def test_consent_is_finished_once(client: AsyncClient, alice: Person, outside: Outside) -> None:
    finished = await begin(client, alice, outside)
    await client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    response = await client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.json()["type"] == "urn:problem:bad-consent-state"
    assert outside.grants == 1


async def test_consent_cannot_be_finished_by_another_person(
    client: AsyncClient, alice: Person, bob: Person, outside: Outside
) -> None:
    finished = await begin(client, alice, outside)
    response = await client.post("/connections/consents/finish", headers=bob.headers, json=finished)
    assert response.status_code == 400
    assert outside.requests == []


async def test_consent_expires(client: AsyncClient, alice: Person, outside: Outside, clock: ManualClock) -> None:
    finished = await begin(client, alice, outside)
    clock.advance(minutes=10)
    response = await client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.json()["type"] == "urn:problem:bad-consent-state"


async def test_consent_proves_with_pkce_that_it_was_begun_here(
    client: AsyncClient, alice: Person, outside: Outside
) -> None:
    finished = await begin(client, alice, outside)
    outside.codes["code-1"] = "the challenge of somebody else"
    response = await client.post("/connections/consents/finish", headers=alice.headers, json=finished)
    assert response.status_code == 502
    assert response.json()["type"] == "urn:problem:consent-refused"


async def test_remote_accounts_come_from_the_provider_with_our_requests_id(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside
) -> None:
    connection = await make.connection(alice)
    outside.account("a-1", name="Salary")
    path = f"/connections/{connection.id}/remote-accounts"
    response = await client.get(path, headers={**alice.headers, "X-Request-ID": "from-the-proxy"})
    assert [item["name"] for item in response.json()["accounts"]] == ["Salary"]
    assert outside.request_ids == ["from-the-proxy"]


async def test_expired_token_is_refreshed_and_stored(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside
) -> None:
    connection = await make.connection(alice, token_expires_at=NOON)
    outside.refresh_tokens.add("refresh-of-Main")
    path = f"/connections/{connection.id}/remote-accounts"
    for _ in range(2):
        response = await client.get(path, headers=alice.headers)
        assert response.status_code == 200
    assert outside.requests == ["POST /oauth/token", "GET /accounts", "GET /accounts"]
    await make.fresh(connection)
    assert connection.token_expires_at == NOON + timedelta(hours=1)


async def test_withdrawn_consent_is_noticed_and_not_asked_for_again(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside
) -> None:
    connection = await make.connection(alice, token_expires_at=NOON)
    path = f"/connections/{connection.id}/remote-accounts"
    for _ in range(2):
        response = await client.get(path, headers=alice.headers)
        assert response.json()["type"] == "urn:problem:consent-expired"
    assert outside.requests == ["POST /oauth/token"]
    kept = await client.get(f"/connections/{connection.id}", headers=alice.headers)
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
async def test_refresh_that_fails_for_another_reason_leaves_the_consent_as_it_is(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, instead: Any, name: str
) -> None:
    connection = await make.connection(alice, token_expires_at=NOON)
    outside.refresh_tokens.add("refresh-of-Main")
    path = f"/connections/{connection.id}/remote-accounts"
    outside.instead["/oauth/token"] = instead
    refused = await client.get(path, headers=alice.headers)
    assert (refused.status_code, refused.json()["type"]) == (502, f"urn:problem:{name}")
    del outside.instead["/oauth/token"]
    response = await client.get(path, headers=alice.headers)
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
async def test_provider_that_fails_is_named_and_not_ours_to_blame(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, instead: Any, status: int, name: str
) -> None:
    connection = await make.connection(alice)
    outside.instead["/accounts"] = instead
    response = await client.get(f"/connections/{connection.id}/remote-accounts", headers=alice.headers)
    assert response.status_code == status
    assert response.json()["type"] == f"urn:problem:{name}"


async def test_disconnect_gives_the_token_back_to_the_provider_later(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = await make.connection(alice)
    for _ in range(2):
        response = await client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
        assert response.json()["status"] == "disconnected"
    assert outside.requests == []
    await deliver()
    assert outside.revoked == ["refresh-of-Main"]


async def test_deleted_connection_gives_its_token_back_too(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = await make.connection(alice)
    await client.delete(f"/connections/{connection.id}", headers=alice.headers)
    assert await deliver() == 1
    assert outside.revoked == ["refresh-of-Main"]


@pytest.mark.parametrize("stored", [None, "sealed with a key that is lost"], ids=["disconnected", "unreadable"])
async def test_connection_without_a_readable_token_can_be_deleted(
    client: AsyncClient, make: Maker, alice: Person, deliver: Call, stored: str | None
) -> None:
    connection = await make.connection(alice, encrypted_access_token=stored)
    response = await client.delete(f"/connections/{connection.id}", headers=alice.headers)
    assert response.status_code == 204
    assert await deliver() == 0


async def test_token_that_the_provider_forgot_counts_as_given_back(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = await make.connection(alice)
    outside.instead["/oauth/revoke"] = (400, {})
    await client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    assert await deliver() == 1


async def test_token_is_not_given_back_while_the_provider_does_not_accept_this_service(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call, clock: ManualClock
) -> None:
    connection = await make.connection(alice)
    outside.instead["/oauth/revoke"] = (400, {"error": "invalid_client"})
    await client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    assert await deliver() == 0
    del outside.instead["/oauth/revoke"]
    clock.advance(minutes=1)
    assert await deliver() == 1
    assert outside.revoked == ["refresh-of-Main"]
