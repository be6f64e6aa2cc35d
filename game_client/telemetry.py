"""The wire: a background thread that carries events out and brings goals in, while the game plays on.

The game's side costs microseconds and never waits: `tell` appends to a deque and wakes the thread at most once, `heard`
empties another, `link` reads the last known state. Everything else (asking the API where things are, Kafka, the
WebSocket, disk) happens on the thread's own event loop, which retries for ever.

It does not know Kafka: the front door hands in what carries events (`Carrier`), and this file tells it where to go once
the API has said. Frames are drawn on the main thread under one interpreter lock, so the thread's work is kept in small
pieces; what it costs a frame is measured in benchmarks/.
"""

import asyncio
import logging
import random
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final, Literal, Protocol

import httpx
import msgspec
import uvloop

from contract.adaptations import AdaptationDecided
from contract.events import Event
from game_client.follow import Token, follow
from game_client.scene import Link

DOORS: Final = "/v1/doors"
ASK_S: Final = 2.0
PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 5.0
CLOSE_S: Final = 6.0

_log = logging.getLogger(__name__)


class Doors(msgspec.Struct, frozen=True):
    """Where to go, as the API says it."""

    kafka: str
    """host:port"""
    river: str
    """ws:// url"""


class Counts(Protocol):
    """What is waiting and what was given up."""

    @property
    def held(self) -> int: ...
    @property
    def dropped(self) -> int: ...
    @property
    def lost(self) -> int: ...


class Carrier(Protocol):
    """What carries events; `producers.emitter.Emitter` is one."""

    @property
    def state(self) -> Literal["connected", "away"]: ...
    @property
    def outbox(self) -> Counts: ...
    def emit(self, event: Event, /) -> None:
        """Take one event, on the thread's loop, without waiting."""


Carry = Callable[[Callable[[], Awaitable[str]]], AbstractAsyncContextManager[Carrier]]
"""Makes a carrier from a function that says where Kafka is, once that is known."""


class Telemetry:
    """A `Wire` to the API at `server`, for one player."""

    def __init__(self, server: str, player: str, carry: Carry, token: Token | None = None) -> None:
        """Begin at once, in the background; nothing needs to be there yet. The river is shown a `token`, if any."""
        self._token = token
        self._server = server
        self._player = player
        self._carry = carry
        self._told: deque[Event] = deque()
        self._heard: deque[AdaptationDecided] = deque()
        self._woken = False
        self._closed = False
        self._carrier: Carrier | None = None
        self._river = False
        self._doors: Doors | None = None
        self._in_vain = False
        self._closing = asyncio.Event()
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def tell(self, event: Event) -> None:
        self._told.append(event)
        if not self._woken and not self._closed:
            self._woken = True
            self._loop.call_soon_threadsafe(self._move)

    def heard(self) -> list[AdaptationDecided]:
        heard = self._heard
        return [heard.popleft() for _ in range(len(heard))]

    def link(self) -> Link:
        carrier = self._carrier
        if carrier is None:
            return Link("away", len(self._told), 0)
        counts = carrier.outbox
        there = carrier.state == "connected" and self._river
        return Link("connected" if there else "away", counts.held + len(self._told), counts.dropped + counts.lost)

    def close(self) -> None:
        """Flush what can be flushed within a few seconds; the carrier keeps the rest."""
        if not self._closed:
            self._closed = True
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._live())

    def _move(self) -> None:
        """Hand over what was told; on the thread's loop."""
        self._woken = False
        while self._carrier is not None and self._told:
            self._carrier.emit(self._told.popleft())

    async def _live(self) -> None:
        # One client for all asking: making one loads every certificate authority, 20 ms under the interpreter lock.
        asking = httpx.AsyncClient(timeout=ASK_S, trust_env=False)
        async with asking, self._carry(partial(self._kafka, asking)) as carrier:
            self._carrier = carrier
            self._move()
            listening = asyncio.create_task(self._listen(asking))
            closing = asyncio.create_task(self._closing.wait())
            await asyncio.wait({listening, closing}, return_when=asyncio.FIRST_COMPLETED)
            for task in (listening, closing):
                task.cancel()
            await asyncio.wait({listening, closing})
            self._move()
            if not listening.cancelled():
                listening.result()

    async def _listen(self, asking: httpx.AsyncClient) -> None:
        doors = await self._find(asking)
        await follow(doors.river, [self._player], self._heard.append, connected=self._reached, token=self._token)

    def _reached(self, connected: bool) -> None:  # noqa: FBT001 - a callback has no keyword
        self._river = connected

    async def _kafka(self, asking: httpx.AsyncClient) -> str:
        return (await self._find(asking)).kafka

    async def _find(self, asking: httpx.AsyncClient) -> Doors:
        """The doors as the API says them now; the ones it last said while it is away; waits when it never said any."""
        pause_s = PAUSE_S
        while True:
            try:
                answer = await asking.get(self._server.rstrip("/") + DOORS)
                self._doors = msgspec.json.decode(answer.raise_for_status().content, type=Doors)
                self._in_vain = False
            except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError) as fault:
                if not self._in_vain:
                    self._in_vain = True
                    _log.warning("nobody at %s yet (%s); asking again", self._server, type(fault).__name__)
            if self._doors is not None:
                return self._doors
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
