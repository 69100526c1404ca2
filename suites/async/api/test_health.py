"""Laws of liveness and readiness."""

import pytest
from wiring import AsyncClient


@pytest.mark.parametrize("check", ["live", "ready"])
async def test_health_needs_no_token_and_says_nothing(client: AsyncClient, check: str) -> None:
    response = await client.get(f"/health/{check}")
    assert response.status_code == 204
    assert response.content == b""
