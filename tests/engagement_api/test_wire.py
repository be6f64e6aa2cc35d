"""Whoever holds a WebSocket open and lets things gather there is cut."""

import asyncio
import base64
from typing import Any, Final

import pytest
import uvicorn
from uvicorn.server import ServerState

from engagement_api.wire import PIECES, UNREAD_BYTES, CuttingProtocol

MASK: Final = bytes(4)
"""A client's frames are masked (RFC 6455, 5.3); with zeros they stay as they are."""
PING: Final = bytes([0x89, 0x80 | 125]) + MASK + bytes(125)
BEGUN: Final = bytes([0x01, 0x80]) + MASK
"""The empty beginning of a text that goes on."""
MORE: Final = bytes([0x00, 0x80]) + MASK
UPGRADE: Final = (
    b"GET / HTTP/1.1\r\nHost: river\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(bytes(16)) + b"\r\n\r\n"
)


class Wire(asyncio.Transport):
    """A transport whose other end reads, or does not."""

    def __init__(self, *, read: bool) -> None:
        super().__init__()
        self._read = read
        self._waiting = 0
        self.cut = False

    def write(self, data: Any) -> None:  # noqa: ANN401 - whatever has a length
        self._waiting += 0 if self._read else len(data)

    def get_write_buffer_size(self) -> int:
        return self._waiting

    def is_closing(self) -> bool:
        return self.cut

    def abort(self) -> None:
        self.cut = True

    def close(self) -> None:
        """There is nothing to let go of."""

    def pause_reading(self) -> None:
        """Nothing more comes than the test says."""

    def resume_reading(self) -> None:
        """The same."""


async def cut_after(wire: Wire, frames: list[bytes]) -> bool:
    """Whether a connection is cut to which these frames came."""
    accepted = asyncio.Event()

    async def listen(_scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        await send({"type": "websocket.accept"})
        accepted.set()
        while (await receive())["type"] != "websocket.disconnect":
            pass

    config = uvicorn.Config(listen, ws_per_message_deflate=False, ws_ping_interval=None, log_config=None)
    protocol = CuttingProtocol(config, ServerState(), {})
    protocol.connection_made(wire)
    protocol.data_received(UPGRADE)
    await accepted.wait()
    for frame in frames:
        protocol.data_received(frame)
    cut = wire.cut
    protocol.connection_lost(None)
    await asyncio.gather(*protocol.tasks)
    return cut


@pytest.mark.parametrize("read", [True, False])
async def test_whoever_pings_and_reads_no_answer_is_cut(*, read: bool) -> None:
    """An answer has 127 bytes; one more than fill a quarter of a mebibyte, for a reader and for one who is none."""
    pings = UNREAD_BYTES // 127 + 1
    assert await cut_after(Wire(read=read), [PING] * pings) is not read


async def test_a_message_in_too_many_pieces_is_cut() -> None:
    """They are empty, so no limit on its bytes would ever end it."""
    assert not await cut_after(Wire(read=True), [BEGUN, *[MORE] * (PIECES - 1)])
    assert await cut_after(Wire(read=True), [BEGUN, *[MORE] * PIECES])
