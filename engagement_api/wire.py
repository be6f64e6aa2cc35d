"""The one thing uvicorn's WebSockets lack: to drop a connection whose other end does not read.

Closing such a connection would wait for its buffer to drain, which is for ever.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class CuttingProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol; when the application is done with a connection that cannot be written to, it is cut."""

    async def run_asgi(self) -> None:
        """Serve the connection, and leave nothing of it behind."""
        await super().run_asgi()
        if not self.writable.is_set():
            self.transport.abort()
