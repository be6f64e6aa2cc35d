"""The WebSocket a game holds: it says whose river it wants to hear of, and hears of it.

A client sends `{"follow": [players]}` and `{"unfollow": [players]}`; the server sends one goal per text frame, the
present one at once. A client that asks too much, too often or in words unknown is told why and closed (1008); one that
does not read is cut (1013). A browser page of another origin than ours or a listed one is refused before the handshake
is done: cookies are not used here, but a stranger's page has no business on a port of this machine.

The first message may hold a `token`; with a player's, that player alone may be followed. On a closed river there must
be one, soon. It is judged once: a connection that stays open outlives its token.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from msgspec import Meta, Struct

from contract.codec import encode
from contract.envelope import Name
from engagement_api.access import Guarding, may_follow
from engagement_api.channels import Channels
from engagement_api.followers import FellBehindError, Followers, Reader
from engagement_api.guard import is_from_here
from engagement_api.meters import Meters
from engagement_api.ports import AWAY, Present
from engagement_api.tokens import BadTokenError, Caller, read

FOLLOWED: Final = 5_000
"""Players one connection may follow: bots of a crowd share one, a thousand at a time."""
REQUESTS: Final = 100
PER_S: Final = 10.0
"""A connection may make 100 requests in any 10 seconds."""
SEND_S: Final = 5.0
"""A frame that cannot be sent for this long ends the connection, as a full queue does."""
GREETED_AT_ONCE: Final = 8
"""Readers for whom present goals are looked up at the same time. The others have their turn in the order in which they
asked; waiting for a connection to Redis has no order, and who asks all the time would be the only one answered."""
TOKEN_S: Final = 5.0
"""Within which a closed river wants to be shown a token."""
GOODBYE_S: Final = 0.5
FRAME_BYTES: Final = 123
"""A close frame has room for no longer reason (RFC 6455, 5.5), counted in bytes; a longer one cannot be sent at all."""
NO_TOKEN: Final = "this river is closed: show a token in the first message"  # noqa: S105 - a sentence
ALONE: Final = "this token follows its own player alone"
LATE: Final = "a token belongs in the first message"
POLICY_VIOLATION: Final = 1008
TRY_AGAIN_LATER: Final = 1013
log = logging.getLogger(__name__)


class Request(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client may say."""

    follow: Annotated[list[Name], Meta(max_length=FOLLOWED)] = []
    unfollow: Annotated[list[Name], Meta(max_length=FOLLOWED)] = []
    token: str | None = None
    """In the first message alone."""


Socket: TypeAlias = WebSocket[Any, Any, Any]
_request = msgspec.json.Decoder(Request)


class RefusedError(Exception):
    """The client broke a limit; the text is the reason it is told."""


class River:
    """Every open river WebSocket of this process."""

    def __init__(
        self, followers: Followers, channels: Channels, live: Present, meters: Meters, guarding: Guarding | None = None
    ) -> None:
        self._followers = followers
        self._channels = channels
        self._live = live
        self._meters = meters
        self._guarding = guarding or Guarding()
        self._turns = asyncio.Semaphore(GREETED_AT_ONCE)
        self.open = 0

    async def attend(self, socket: Socket) -> None:
        """Serve one client until it goes, breaks a limit, or does not read."""
        if not is_from_here(socket.headers.get("origin"), socket.headers.get("host", ""), self._guarding.origins):
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
                reason = str(fault).encode()[:FRAME_BYTES].decode(errors="ignore")
                await socket.close(code=POLICY_VIOLATION, reason=reason)
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
        since, heard = clock(), 1
        request = await self._first(socket)
        caller = self._caller(request.token)
        while True:
            if not may_follow(self._guarding.access, caller, request.follow):
                raise RefusedError(ALONE if caller else NO_TOKEN)
            await self._turn(reader, request)
            request = _read(await socket.receive_text())
            if clock() - since > PER_S:
                since, heard = clock(), 0
            heard += 1
            if heard > REQUESTS:
                sentence = f"more than {REQUESTS} requests in {PER_S:.0f} s"
                raise RefusedError(sentence)
            if request.token is not None:
                raise RefusedError(LATE)

    async def _first(self, socket: Socket) -> Request:
        """The first message, for which a closed river does not wait long."""
        try:
            async with asyncio.timeout(TOKEN_S if self._guarding.access == "closed" else None):
                return _read(await socket.receive_text())
        except TimeoutError as fault:
            raise RefusedError(NO_TOKEN) from fault

    def _caller(self, token: str | None) -> Caller | None:
        if token is None:
            return None
        try:
            return read(self._guarding.keys, token, self._guarding.now())
        except BadTokenError as fault:
            raise RefusedError(str(fault)) from fault

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
        async with self._turns:
            present = await self._live.goals(players)
        for goal in present:
            reader.offer(goal.subject, goal.data.revision, encode(goal).decode())

    async def _leave(self, reader: Reader) -> None:
        left = self._followers.unfollow(reader, reader.players)
        try:
            await self._channels.unfollow(left)
        except AWAY:
            self._meters.faults.labels("redis").inc()


def _read(text: str) -> Request:
    try:
        return _request.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise RefusedError(str(fault)) from fault
