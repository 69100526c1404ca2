"""Laws of verifying addresses and resetting passwords over HTTP, through letters."""

import pytest
from wiring import AsyncClient, Call
from world import PASSWORD, Maker, ManualClock, Person

from suites.outside import Outside

REGISTRATION = {"email": "carol@example.com", "password": PASSWORD, "full_name": "Carol"}
NEW_PASSWORD = "another good password"


async def test_registration_sends_one_letter_to_the_new_address(
    client: AsyncClient, outside: Outside, deliver: Call
) -> None:
    await client.post("/auth/register", json=REGISTRATION)
    assert outside.letters == []
    assert (await deliver(), await deliver()) == (1, 0)
    [letter] = outside.letters
    assert letter["to"] == "carol@example.com"
    assert "https://accounts.example/verify#" in letter["text"]


async def test_refused_registration_sends_no_letter(
    client: AsyncClient, make: Maker, outside: Outside, deliver: Call
) -> None:
    await make.user("carol")
    await client.post("/auth/register", json=REGISTRATION)
    assert await deliver() == 0


async def test_letter_verifies_the_address_once(client: AsyncClient, outside: Outside, deliver: Call) -> None:
    await client.post("/auth/register", json=REGISTRATION)
    await deliver()
    body = {"token": outside.letter_token()}
    first = await client.post("/auth/verify", json=body)
    second = await client.post("/auth/verify", json=body)
    assert (first.status_code, second.status_code) == (204, 400)
    assert second.json()["type"] == "urn:problem:bad-mailed-token"


async def test_letter_of_three_days_ago_verifies_nothing(
    client: AsyncClient, outside: Outside, deliver: Call, clock: ManualClock
) -> None:
    await client.post("/auth/register", json=REGISTRATION)
    await deliver()
    clock.advance(days=3)
    response = await client.post("/auth/verify", json={"token": outside.letter_token()})
    assert response.status_code == 400


async def test_verification_can_be_asked_for_again(
    client: AsyncClient, make: Maker, outside: Outside, deliver: Call
) -> None:
    person = await make.person("carol", verified_at=None)
    response = await client.post("/auth/verify/resend", headers=person.headers)
    assert response.status_code == 202
    await deliver()
    await client.post("/auth/verify", json={"token": outside.letter_token()})
    me = await client.get("/auth/me", headers=person.headers)
    assert me.json()["verified_at"] == "2025-10-18T12:00:00Z"


async def test_verified_address_gets_no_second_letter(client: AsyncClient, alice: Person, deliver: Call) -> None:
    await client.post("/auth/verify/resend", headers=alice.headers)
    assert await deliver() == 0


async def test_reset_answers_alike_whether_the_address_is_known(
    client: AsyncClient, make: Maker, outside: Outside, deliver: Call
) -> None:
    await make.user("carol")
    known = await client.post("/auth/password-reset", json={"email": "carol@example.com"})
    unknown = await client.post("/auth/password-reset", json={"email": "nobody@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    await deliver()
    assert [letter["to"] for letter in outside.letters] == ["carol@example.com"]


async def test_reset_writes_to_no_closed_account(client: AsyncClient, make: Maker, deliver: Call) -> None:
    await make.user("carol", is_active=False)
    await client.post("/auth/password-reset", json={"email": "carol@example.com"})
    assert await deliver() == 0


async def test_reset_replaces_the_password_and_ends_every_session(
    client: AsyncClient, alice: Person, outside: Outside, deliver: Call
) -> None:
    await client.post("/auth/password-reset", json={"email": "alice@example.com"})
    await deliver()
    body = {"token": outside.letter_token(), "new_password": NEW_PASSWORD}
    response = await client.post("/auth/password-reset/confirm", json=body)
    assert response.status_code == 204
    me = await client.get("/auth/me", headers=alice.headers)
    old = await client.post("/auth/login", json={"email": "alice@example.com", "password": PASSWORD})
    new = await client.post("/auth/login", json={"email": "alice@example.com", "password": NEW_PASSWORD})
    assert (me.status_code, old.status_code, new.status_code) == (401, 401, 200)


async def test_reset_makes_all_earlier_letters_worthless(
    client: AsyncClient, make: Maker, outside: Outside, deliver: Call
) -> None:
    await make.user("carol")
    for _ in range(2):
        await client.post("/auth/password-reset", json={"email": "carol@example.com"})
    await deliver()
    tokens = [letter["text"].rpartition("#")[2].strip() for letter in outside.letters]
    answers = []
    for token in tokens:
        body = {"token": token, "new_password": NEW_PASSWORD}
        response = await client.post("/auth/password-reset/confirm", json=body)
        answers.append(response.status_code)
    assert answers == [204, 400]


@pytest.mark.parametrize(
    ("path", "page", "more"),
    [
        ("/auth/verify", "/reset-password", {}),
        ("/auth/password-reset/confirm", "/verify", {"new_password": NEW_PASSWORD}),
    ],
)
async def test_letters_are_good_for_their_own_purpose_only(
    client: AsyncClient, outside: Outside, deliver: Call, path: str, page: str, more: dict[str, str]
) -> None:
    await client.post("/auth/register", json=REGISTRATION)
    await client.post("/auth/password-reset", json={"email": "carol@example.com"})
    await deliver()
    response = await client.post(path, json={"token": outside.letter_token(page), **more})
    assert response.json()["type"] == "urn:problem:bad-mailed-token"


async def test_ending_other_sessions_keeps_this_one(client: AsyncClient, make: Maker, alice: Person) -> None:
    await make.session(alice.user)
    await make.session(alice.user)
    response = await client.delete("/auth/sessions", headers=alice.headers)
    assert response.status_code == 204
    listed = await client.get("/auth/sessions", headers=alice.headers)
    assert [item["id"] for item in listed.json()] == [str(alice.session_id)]
