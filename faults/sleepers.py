"""WebSockets that follow everybody, ask for it again and again, and never read a word.

Written on bare sockets, because a library reads by itself, and with a small receive buffer, because a kernel would read
megabytes for us. Whether one was cut is seen by reading to the end when the run is over: there is an end.
"""

import asyncio
import os
import socket
import time
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, Self
from urllib.parse import urlsplit

from msgspec import json

RECEIVES_BYTES: Final = 4_096
BEGIN_S: Final = 2.5
"""Nobody asks sooner: there are few goals yet."""
ASKS: Final = 36
ASKS_S: Final = 0.1
"""Each sleeper asks so often, so far apart: with three dozen players that is more than every buffer between us holds,
and fewer than the hundred in ten seconds that are allowed."""
SLEEPS_S: Final = 7.0
"""After the last question, before anybody reads a word: a server that waits 5 s for a reader has given up by then. It
cannot be seen sooner, because the end of a connection comes behind what was not read."""
HANDSHAKE_S: Final = 10.0
READ_S: Final = 5.0
TEXT: Final = 0x81


class Sleepers:
    """So many of them; enter it with `async with`."""

    def __init__(self, api: str, count: int) -> None:
        where = urlsplit(api)
        self._address = (where.hostname or "", where.port or 0)
        self._count = count
        self._sockets: list[socket.socket] = []
        self._asked_s = 0.0

    async def __aenter__(self) -> Self:
        for _ in range(self._count):
            self._sockets.append(await self._connect())
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self._sockets:
            each.close()

    async def _connect(self) -> socket.socket:
        loop, host = asyncio.get_running_loop(), f"{self._address[0]}:{self._address[1]}"
        sleeper = socket.socket()
        sleeper.setblocking(False)  # noqa: FBT003 - it takes no keyword
        sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVES_BYTES)
        request = (
            f"GET /v1/river HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}\r\n\r\n"
        )
        async with asyncio.timeout(HANDSHAKE_S):
            await loop.sock_connect(sleeper, self._address)
            await loop.sock_sendall(sleeper, request.encode())
            answer = b""
            while b"\r\n\r\n" not in answer and (more := await loop.sock_recv(sleeper, 512)):
                answer += more
        return sleeper

    async def ask(self, players: Iterable[str]) -> None:
        """Asks for everybody's present goal, again and again."""
        asking = _frame(json.encode({"follow": sorted(players)}))
        await asyncio.sleep(BEGIN_S)
        for _ in range(ASKS if self._sockets else 0):
            for each in self._sockets:
                with suppress(OSError):
                    each.send(asking)
            self._asked_s = time.monotonic()
            await asyncio.sleep(ASKS_S)

    async def cut(self) -> int:
        """How many of them the server has ended: sleeps on, and then reads each to its end, or until nothing comes."""
        if self._sockets:
            await asyncio.sleep(self._asked_s + SLEEPS_S - time.monotonic())
        ended = await asyncio.gather(*(_ends(each) for each in self._sockets))
        return sum(ended)


async def _ends(sleeper: socket.socket) -> bool:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(READ_S):
            while await loop.sock_recv(sleeper, 1 << 20):
                pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def _frame(payload: bytes) -> bytes:
    """One masked text frame; the mask is zero, which is allowed and leaves the bytes as they are."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return bytes([TEXT]) + length + bytes(4) + payload
