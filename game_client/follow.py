"""The river's door: one WebSocket on which the goals of any number of players arrive.

It says which players it follows when it connects (and later, as they come and go), hands every goal that can be read to
`heard`, and connects again, with growing, jittered pauses, for as long as it is awaited. It refuses to judge: an old or
repeated goal is passed on, because keeping the highest revision is the world's rule, not the wire's.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from msgspec import json
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from contract.adaptations import AdaptationDecided
from contract.codec import MESSAGE_BYTES, Unreadable, read_adaptation

PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 5.0
OPEN_S: Final = 5.0
SOCKET_PLAYERS: Final = 1_000
"""Of a crowd, on one connection, and named in one frame; ours. The API closes a connection that follows over 5,000 or
asks over 100 times in ten seconds; of a thousand at play about two a second leave for good and make room for others."""

Token = Callable[[], Awaitable[str]]
"""Says a token that still holds for a while; raises `ConnectionError` when there is none to be had."""
_log = logging.getLogger(__name__)


class Following:
    """The players that are followed over one connection; they may come and go while it lives."""

    def __init__(self, players: Iterable[str]) -> None:
        self._players: dict[str, None] = dict.fromkeys(players)
        self._news: asyncio.Queue[bytes] = asyncio.Queue()

    def replace(self, gone: str, new: str) -> None:
        """Follow somebody new in the place of one who is gone."""
        del self._players[gone]
        self._players[new] = None
        self._news.put_nowait(json.encode({"unfollow": [gone], "follow": [new]}))

    def restart(self, token: str | None = None) -> None:
        """A new connection: everybody is told again, and what was still to be told is part of that."""
        self._news = asyncio.Queue()
        shown = {} if token is None else {"token": token}
        self._news.put_nowait(json.encode({**shown, "follow": list(self._players)}))

    async def news(self) -> bytes:
        """The next frame to send."""
        return await self._news.get()


def shared_out(players: Sequence[str]) -> tuple[Following, ...]:
    """A whole crowd, in order, on as many connections as it takes."""
    return tuple(Following(players[at : at + SOCKET_PLAYERS]) for at in range(0, len(players), SOCKET_PLAYERS))


async def follow(
    url: str,
    players: Following | Iterable[str],
    heard: Callable[[AdaptationDecided], None],
    *,
    connected: Callable[[bool], None] = lambda _: None,
    token: Token | None = None,
) -> None:
    """Hand every goal for `players` to `heard`, for ever; `connected` is told when the connection comes and goes.

    With a `token`, every connection begins with a good one: the source is asked before each.
    """
    following = players if isinstance(players, Following) else Following(players)
    pause_s = PAUSE_S
    told = False
    while True:
        try:
            shown = None if token is None else await token()
            async with connect(
                url, compression=None, max_size=MESSAGE_BYTES, open_timeout=OPEN_S, close_timeout=1.0, proxy=None
            ) as socket:
                connected(True)  # noqa: FBT003 - a callback has no keyword
                pause_s, told = PAUSE_S, False
                following.restart(shown)
                await _converse(socket, following, heard)
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as fault:
            if not told:
                told = True
                _log.warning("the river's door %s is shut (%s); knocking again", url, fault)
        finally:
            connected(False)  # noqa: FBT003 - the same
        await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


async def _converse(socket: ClientConnection, following: Following, heard: Callable[[AdaptationDecided], None]) -> None:
    """Tell and listen until the connection ends."""

    async def tell() -> None:
        while True:
            await socket.send((await following.news()).decode())

    telling = asyncio.create_task(tell())
    try:
        async for frame in socket:
            goal = read_adaptation(frame if isinstance(frame, bytes) else frame.encode())
            if isinstance(goal, Unreadable):
                _log.warning("a frame from the river could not be read: %s", goal.detail)
            else:
                heard(goal)
    finally:
        telling.cancel()
        await asyncio.wait({telling})
