"""The application as `uvicorn accounts_server:app`: what it calls by HTTPS is answered by a stub on this machine."""

import os
import time
from pathlib import Path

from app.factory import create_app
from app.outbound import httpx
from app.settings import Settings


class Rerouted(httpx.AsyncHTTPTransport):
    """Send every request to the stub, over a real socket, whatever host it names."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Exchange scheme, host and port."""
        request.url = httpx.URL(os.environ["OUTSIDE_URL"]).copy_with(raw_path=request.url.raw_path)
        return await super().handle_async_request(request)


# The first process makes the tables; the second one has imported everything by then.
while not Path(os.environ["TWINBENCH_TURN"]).exists():
    time.sleep(0.02)

app = create_app(Settings(), transport=Rerouted())
