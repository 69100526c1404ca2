"""Stream answers from async generators that hold something until they end."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import anyio
from starlette.responses import StreamingResponse
from starlette.types import Send


class GeneratorResponse(StreamingResponse):
    """Close the generator when the stream ends, however it ends.

    A client that leaves makes `send` fail or cancels it, outside the generator, which would then keep its
    session until the garbage collector comes.
    """

    def __init__(
        self, content: AsyncGenerator[str, None], *, media_type: str, headers: dict[str, str] | None = None
    ) -> None:
        """Stream the generator's texts."""
        super().__init__(content, media_type=media_type, headers=headers)
        self.generator = content

    async def stream_response(self, send: Send) -> None:
        """Send everything, then close the generator even if this task has been cancelled."""
        try:
            await super().stream_response(send)
        finally:
            with anyio.CancelScope(shield=True):
                await self.generator.aclose()
