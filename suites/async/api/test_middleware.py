"""Laws of what surrounds every request: its id, its time, its limits, and readiness."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from wiring import AsyncClient
from world import ManualClock

from app.database import Database, get_session_factory
from app.rate_limit import RateLimiter, get_limiter
from app.settings import Settings


async def test_request_id_of_a_proxy_comes_back(client: AsyncClient) -> None:
    response = await client.get("/health/live", headers={"X-Request-ID": "from-the-proxy"})
    assert response.headers["X-Request-ID"] == "from-the-proxy"


@pytest.mark.parametrize("presented", ["short", "two words of it"])
async def test_request_id_that_could_forge_a_log_is_replaced(client: AsyncClient, presented: str) -> None:
    response = await client.get("/health/live", headers={"X-Request-ID": presented})
    assert response.headers["X-Request-ID"] != presented
    assert len(response.headers["X-Request-ID"]) == 32


async def test_every_answer_says_how_long_it_took(client: AsyncClient) -> None:
    response = await client.get("/nowhere")
    name, milliseconds = response.headers["Server-Timing"].split(";dur=")
    assert name == "app"
    assert float(milliseconds) >= 0


async def test_attempts_are_limited_until_time_has_passed(
    client: AsyncClient, app: FastAPI, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter = RateLimiter(limit=2, per=timedelta(minutes=1), clock=clock)
    monkeypatch.setitem(app.dependency_overrides, get_limiter, lambda: limiter)
    body = {"email": "nobody@example.com"}
    answers = [await client.post("/auth/password-reset", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[-1].headers["Retry-After"] == "30"
    elsewhere = await client.post("/auth/verify", json={"token": "made up"})
    assert elsewhere.status_code == 400
    clock.advance(seconds=30)
    again = await client.post("/auth/password-reset", json=body)
    assert again.status_code == 202


async def test_readiness_is_denied_without_a_database(
    client: AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async_factory = Database.open(Settings(database_url="sqlite:////nowhere/at/all.db")).readers
    monkeypatch.setitem(app.dependency_overrides, get_session_factory, lambda: async_factory)
    response = await client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["type"] == "urn:problem:service-unavailable"
    alive = await client.get("/health/live")
    assert alive.status_code == 204
