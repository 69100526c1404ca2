"""Make the application that a server runs: `uvicorn app.main:app`."""

from app.factory import create_app
from app.settings import Settings

__all__ = ["app", "create_app"]

app = create_app(Settings())
