"""Laws of error answers, whatever went wrong."""

import pytest
from wiring import AsyncClient
from world import Maker, Person, transaction_row

MISSING = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("PUT", "/auth/login", 405),
        ("POST", "/auth/login", 422),
        ("GET", "/accounts", 401),
        ("GET", "/providers/none", 404),
    ],
)
async def test_error_is_a_problem_document(client: AsyncClient, method: str, path: str, status: int) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(body)
    assert (body["status"], body["instance"]) == (status, path)


async def test_error_on_a_method_says_what_is_allowed(client: AsyncClient) -> None:
    response = await client.put("/auth/login")
    assert response.headers["Allow"] == "POST"


async def test_error_on_malformed_json_is_a_problem(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/auth/login", content=b'{"email": ', headers=headers)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:problem:validation"


async def test_error_counts_and_places_every_invalid_value(client: AsyncClient) -> None:
    response = await client.post("/auth/login", json={"email": "nobody"})
    body = response.json()
    assert body["detail"].startswith("2 invalid values")
    assert {error["pointer"] for error in body["errors"]} == {"body#/email", "body#/password"}


@pytest.mark.parametrize("path", ["/accounts/1", "/transactions/latest", "/connections/abc"])
async def test_error_on_a_malformed_id_is_a_validation_error(client: AsyncClient, alice: Person, path: str) -> None:
    response = await client.get(path, headers=alice.headers)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith("path#/")


@pytest.mark.parametrize("kind", ["accounts", "transactions", "connections"])
async def test_error_on_a_missing_row_names_the_kind(client: AsyncClient, alice: Person, kind: str) -> None:
    response = await client.get(f"/{kind}/{MISSING}", headers=alice.headers)
    assert response.status_code == 404
    assert response.json()["type"] == f"urn:problem:{kind[:-1]}-not-found"


@pytest.mark.parametrize("path", ["/accounts", "/audit/mine"])
async def test_error_on_the_cursor_of_another_list_is_the_callers(
    client: AsyncClient, make: Maker, alice: Person, path: str
) -> None:
    account = await make.account(alice)
    await make.rows(*[transaction_row(account, -100, day=day) for day in (1, 2)])
    listed = await client.get("/transactions", headers=alice.headers, params={"limit": 1})
    response = await client.get(path, headers=alice.headers, params={"cursor": listed.json()["next_cursor"]})
    assert response.status_code == 400
    assert response.json()["type"] == "urn:problem:bad-cursor"
