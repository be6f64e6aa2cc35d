"""What strangers say to the API's sockets: malformed frames to the river, malformed requests to every route.

From a seed, like all that is malformed here (malformed.py), whose accidents are used again. A frame is the first thing
that a fresh connection says, because one that is not understood is the last.
"""

import asyncio
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from msgspec import Struct
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.malformed import NO_JSON, NO_VALUE_HERE, WHOLE, damaged

FOLLOWING: Final = (
    b'{"follow":["p-1"]}', b'{"follow":["p-1","p-2"],"unfollow":["p-3"]}', b'{"unfollow":[]}', b'{"token":"a.b.c"}',
    b'{"follow":["\xc3\xa9"]}',
)  # fmt: skip
"""Frames that the river understands."""
PLACES: Final = (b'"p-1"', b'["p-1"]', b'"follow"', b'"a.b.c"')
ROUTES: Final = (
    "/v1/players", "/v1/players/p-1", "/v1/players/p-1/decisions", "/v1/why", "/v1/adaptation", "/v1/experiment",
    "/v1/fleet", "/v1/doors", "/v1/stream/x", "/ready", "/health", "/metrics", "/openapi", "/", "/index.html",
    "/v1/events", "/v1/tokens", "/v1/operator/session",
)  # fmt: skip
METHODS: Final = ("GET", "GET", "PUT", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW")
NAMES: Final = (
    "", "%00", "%ff", "%f0%9f%9b%b6", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c", "a" * 65, "a" * 2_000, "%c0%af", "'--",
    "%3Cscript%3E", "p%2Fq", "%25s%25n", "-1", "%20", "null", "p-1%0d%0aSet-Cookie:x", "%ed%a0%80",
)  # fmt: skip
"""Percent-encoded names that nobody has, or that mean something to somebody."""
LIMITS: Final = ("0", "-1", "1001", "1e3", "NaN", "", "1&limit=2", "9" * 400, "1.0", "%00", "null", "true", "1;drop")
TYPES: Final = ("application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x", "\xff", "")
SETTINGS: Final = (
    b'{"on":true}', b"null", b'{"name":"spring","burn_in":0,"arms":[{"name":"a","policy":"P0","share":0.5}]}',
    b'{"player":"p-1","key":"' + b"k" * 43 + b'"}',
)  # fmt: skip


LAST: Final = "no more"
CLOSED_WITHIN_S: Final = 10.0
_LENGTH: Final = re.compile(rb"^content-length: *(\d+)", re.MULTILINE)


class Asked(Struct, frozen=True):
    """One request; a route that streams for ever is never asked for."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def frames(of_seed: int) -> Iterator[str | bytes]:
    """What a fresh WebSocket says first, for ever: text that is no request of the river's, or bytes."""
    dice = random.Random(of_seed)
    while True:
        raw = dice.choice(FOLLOWING)
        match dice.randrange(5):
            case 0:
                raw = dice.choice(WHOLE[:27])[:100_000]
            case 1:
                raw = raw.replace(dice.choice(PLACES), dice.choice((*NO_JSON, *NO_VALUE_HERE)))
            case 2:
                raw = raw.replace(
                    b'{"', b'{"' + dice.choice(("\u00e9", "\U0001f6f6", "x")).encode() * 120 + b'":1,"', 1
                )
            case _:
                raw = damaged(raw, dice.choice(FOLLOWING), dice)
        yield raw if dice.random() < 0.1 else raw.decode("utf-8", "replace")


def requests(of_seed: int, bodies: Sequence[bytes]) -> Iterator[Asked]:
    """Malformed requests for ever; `bodies` are those that routes with a body may get besides their own."""
    dice = random.Random(of_seed)
    while True:
        path = dice.choice(ROUTES)
        if dice.random() < 0.5:
            path = path.replace("p-1", dice.choice(NAMES))
        if dice.random() < 0.4:
            path += f"?player={dice.choice(NAMES)}&limit={dice.choice(LIMITS)}"
        headers = {"Content-Type": dice.choice(TYPES)} if dice.random() < 0.5 else {"Content-Type": TYPES[0]}
        if dice.random() < 0.2:
            headers["Authorization"] = dice.choice(("Bearer", "Bearer a.b.c", "Basic eDp4", "Bearer " + "a" * 3_000))
        if dice.random() < 0.1:
            headers["Origin"] = dice.choice(("null", "http://elsewhere.example", "", "file://"))
        body = dice.choice(bodies) if dice.random() < 0.5 else damaged(dice.choice(SETTINGS), b"{}", dice)
        yield Asked(dice.choice(METHODS), path, headers, body)


def spelled(request: Asked, host: str) -> bytes:
    """The request as it travels: written by hand, because clients mend what is malformed."""
    lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(request.body)}"]
    lines += [f"{name}: {text}" for name, text in request.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body


class Answered(Struct, frozen=True):
    """What came back: 0 for a connection that was closed without a word."""

    status: int
    body: bytes = b""


class Door:
    """One connection at a time, opened again whenever the other side closes it; from an address of ours, if named."""

    def __init__(self, host: str, port: int, come_from: str = "") -> None:
        self._at = (host, port)
        self._from = (come_from, 0) if come_from else None
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Asked) -> Answered:
        """Ask, and read the whole answer."""
        if self._open is None:
            self._open = await asyncio.open_connection(*self._at, local_addr=self._from)
        reader, writer = self._open
        try:
            writer.write(spelled(request, f"{self._at[0]}:{self._at[1]}"))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            status = int(head.split(None, 2)[1])
            length = _LENGTH.search(head)
            bodiless = request.method == "HEAD" or status in (204, 304)
            body = b"" if bodiless else await (reader.readexactly(int(length[1])) if length else _chunks(reader))
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return Answered(0)
        if b"connection: close" in head:
            self.close()
        return Answered(status, body)

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while length := int(await reader.readuntil(b"\r\n"), 16):
        found += (await reader.readexactly(length + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return found


async def said_first(river: str, frame: str | bytes) -> int:
    """The code the river closes a connection with after it said this; 0 when it understood and listened on.

    That it listens on is seen by what it says to the next frame, which it is sure not to understand.
    """
    async with connect(river, max_size=None) as socket:
        with suppress(ConnectionClosed):
            await socket.send(frame)
            await socket.send(f'{{"{LAST}":1}}')
        async with asyncio.timeout(CLOSED_WITHIN_S):
            await socket.wait_closed()
        return 0 if LAST in (socket.close_reason or "") else socket.close_code or 0
