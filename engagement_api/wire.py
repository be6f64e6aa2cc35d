"""What uvicorn lacks for connections whose other end does not read: a small buffer for them, and to drop them.

Closing such a connection would wait for its buffer to drain, which is for ever. Two things grow there although no
message ever comes: answers to pings that nobody reads, and the pieces of a message that never ends (a limit on its
bytes does not count empty ones).
"""

import socket
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

SEND_BUFFER_BYTES: Final = 64 * 1024
"""What the kernel may hold for a reader that does not read; its own default is megabytes."""
UNREAD_BYTES: Final = 256 * 1024
"""What may wait here besides; goals alone wait from 64 KiB on, until there is room again. Ours."""
PIECES: Final = 1_024
"""Of one message; ours."""


def open_door(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `OSError` where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    try:
        door.bind((host, port))
    except OSError:
        door.close()
        raise
    door.listen(1024)
    return door


class CuttingProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol; when the application is done with a connection that cannot be written to, it is cut."""

    def handle_ping(self) -> None:
        """Answer; whoever goes on asking and reads no answer is cut."""
        super().handle_ping()
        if self.transport.get_write_buffer_size() > UNREAD_BYTES:
            self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        """Keep another piece of a message; one in too many pieces is cut."""
        super().handle_cont(event)
        if len(self.frames) > PIECES:
            self.transport.abort()

    async def run_asgi(self) -> None:
        """Serve the connection, and leave nothing of it behind."""
        await super().run_asgi()
        if not self.writable.is_set():
            self.transport.abort()
