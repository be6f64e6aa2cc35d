"""The WebSocket a game holds: it says whose river it wants to hear of, and hears of it.

A client sends `{"follow": [players]}` and `{"unfollow": [players]}`; the server sends one goal per text frame, the
present one at once. A client that asks too much, too often or in words unknown is told why and closed (1008); one that
does not read is cut (1013). A browser page of another origin is refused before the handshake is done: cookies are not
used here, but a stranger's page has no business on a port of this machine.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlsplit

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from msgspec import Meta, Struct

from contract.codec import encode
from contract.envelope import Name
from engagement_api.channels import Channels
from engagement_api.followers import FellBehindError, Followers, Reader
from engagement_api.meters import Meters
from engagement_api.ports import AWAY, Present

FOLLOWED: Final = 5_000
"""Players one connection may follow: bots of a crowd share one, a thousand at a time."""
REQUESTS: Final = 100
PER_S: Final = 10.0
"""A connection may make 100 requests in any 10 seconds."""
SEND_S: Final = 5.0
"""A frame that cannot be sent for this long ends the connection, as a full queue does."""
GOODBYE_S: Final = 0.5
POLICY_VIOLATION: Final = 1008
TRY_AGAIN_LATER: Final = 1013
log = logging.getLogger(__name__)


class Request(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client may say."""

    follow: Annotated[list[Name], Meta(max_length=FOLLOWED)] = []
    unfollow: Annotated[list[Name], Meta(max_length=FOLLOWED)] = []


Socket: TypeAlias = WebSocket[Any, Any, Any]
_request = msgspec.json.Decoder(Request)


class RefusedError(Exception):
    """The client broke a limit; the text is the reason it is told."""


class River:
    """Every open river WebSocket of this process."""

    def __init__(self, followers: Followers, channels: Channels, live: Present, meters: Meters) -> None:
        self._followers = followers
        self._channels = channels
        self._live = live
        self._meters = meters
        self.open = 0

    async def attend(self, socket: Socket) -> None:
        """Serve one client until it goes, breaks a limit, or does not read."""
        if not _same_origin(socket.headers.get("origin"), socket.headers.get("host", "")):
            await socket.close(code=POLICY_VIOLATION, reason="another origin")
            return
        await socket.accept()
        reader = Reader()
        self.open += 1
        self._meters.readers.inc()
        sending = asyncio.create_task(self._send(socket, reader))
        hearing = asyncio.create_task(self._hear(socket, reader))
        falling_behind = asyncio.create_task(reader.behind())
        tasks = (sending, hearing, falling_behind)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._part(socket, *tasks)
        finally:
            self.open -= 1
            self._meters.readers.dec()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._leave(reader)

    async def _part(self, socket: Socket, *tasks: asyncio.Task[Any]) -> None:
        """Say why, if the client is to be told: whichever task ended first knows."""
        for task in tasks:
            fault = task.exception() if task.done() else None
            if isinstance(fault, RefusedError):
                await socket.close(code=POLICY_VIOLATION, reason=str(fault))
            elif isinstance(fault, TimeoutError | FellBehindError):
                self._meters.cut.inc()
                log.warning("A reader was cut: it did not read what it had asked for.")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(socket.close(code=TRY_AGAIN_LATER, reason="too slow"), GOODBYE_S)
            elif fault is not None and not isinstance(fault, WebSocketDisconnect):
                raise fault

    async def _send(self, socket: Socket, reader: Reader) -> None:
        while True:
            for frame in await reader.next_frames():
                await asyncio.wait_for(socket.send_text(frame), SEND_S)

    async def _hear(self, socket: Socket, reader: Reader) -> None:
        clock = asyncio.get_running_loop().time
        since, heard = clock(), 0
        while True:
            text = await socket.receive_text()
            if clock() - since > PER_S:
                since, heard = clock(), 0
            heard += 1
            if heard > REQUESTS:
                sentence = f"more than {REQUESTS} requests in {PER_S:.0f} s"
                raise RefusedError(sentence)
            try:
                request = _request.decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as fault:
                raise RefusedError(str(fault)[:100]) from fault
            await self._turn(reader, request)

    async def _turn(self, reader: Reader, request: Request) -> None:
        if len(reader.players | set(request.follow)) > FOLLOWED:
            sentence = f"more than {FOLLOWED} players"
            raise RefusedError(sentence)
        new = self._followers.follow(reader, request.follow)
        left = self._followers.unfollow(reader, request.unfollow)
        try:
            await self._channels.follow(new)
            await self._channels.unfollow(left)
            await self._greet(reader, request.follow)
        except AWAY:
            self._meters.faults.labels("redis").inc()
            log.warning("Redis is away: a reader follows, and hears its first goal when the next one is decided.")

    async def _greet(self, reader: Reader, players: Sequence[str]) -> None:
        for goal in await self._live.goals(players):
            reader.offer(goal.subject, goal.data.revision, encode(goal).decode())

    async def _leave(self, reader: Reader) -> None:
        left = self._followers.unfollow(reader, reader.players)
        try:
            await self._channels.unfollow(left)
        except AWAY:
            self._meters.faults.labels("redis").inc()


def _same_origin(origin: str | None, host: str) -> bool:
    """A game sends no origin; a page sends its own, which must be the one it was served from."""
    return origin is None or urlsplit(origin).netloc == host
