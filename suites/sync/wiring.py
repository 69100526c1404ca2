"""Name what the two suites hold differently: the client, the session, and how services are called."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient as Client
from sqlmodel import Session

Call = Callable[..., Any]

__all__ = ["Call", "Client", "Session"]
