"""Laws of liveness and readiness."""

import pytest
from wiring import Client


@pytest.mark.parametrize("check", ["live", "ready"])
def test_health_needs_no_token_and_says_nothing(client: Client, check: str) -> None:
    response = client.get(f"/health/{check}")
    assert response.status_code == 204
    assert response.content == b""
