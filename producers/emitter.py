"""The emitter: one per process, between everybody who has something to tell and one stream.

`emit` is synchronous and costs microseconds: encode, ask the outbox, append. One task, the pump, takes what has
gathered (after `linger_ms`, so that a crowd's events travel together; 0 for a person: as soon as the loop is free) and
hands it to the stream, one window in flight at a time. That bounds what is in flight and keeps every player's order
without any bookkeeping; on one broker it costs nothing, because aiokafka has one request in flight per broker anyway.

Nothing here ever raises into the game. When the stream is away, or has not answered for a second, everything that is
not acknowledged moves to the spool (order: disk, then memory); the pump tries again with growing, jittered pauses.
Strange: the window in flight may move to disk while its answer is still awaited. It is then the oldest segment, and
the answer deletes it.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Coroutine
from itertools import islice
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar

from contract.codec import encode
from contract.events import Event, StrokeMade
from producers import outbox
from producers.account import Account
from producers.outbox import EMPTY, Outbox
from producers.port import AwayError, Parcel, Stream, read_parcel
from producers.spool import SEGMENT_EVENTS, Spool

SLOW_S: Final = 1.0
"""After this long without an answer, memory moves to disk."""
PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 5.0
CLOSE_S: Final = 3.0

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Emitter:
    """Carries events from one process to one stream; an asynchronous context manager."""

    def __init__(
        self,
        stream: Stream,
        spool: Spool | None,
        *,
        linger_ms: float = 0.0,
        close_s: float = CLOSE_S,
        empty: Outbox = EMPTY,
    ) -> None:
        """Without a spool there is only memory. `empty` is an empty outbox with the bounds to keep."""
        self._stream = stream
        self._linger_s = linger_ms / 1000
        self._close_s = close_s
        self._spool = spool
        self._outbox = outbox.found(empty, 0 if spool is None else len(spool), disk=spool is not None)
        self._memory: deque[Parcel] = deque()
        self._flight: list[Parcel] = []
        self._flight_on_disk = False
        self._wake = asyncio.Event()
        self._awake = False
        self._closing = False
        self._started = False
        self._told = False
        self._pause_s = PAUSE_S
        self.state: Literal["connected", "away"] = "away"
        self.account = Account()

    @property
    def outbox(self) -> Outbox:
        """The counts of what has not been acknowledged, and of what was given up."""
        return self._outbox

    def emit(self, event: Event) -> None:
        """Take one event; on the emitter's loop, never blocking, never raising."""
        self._outbox, kept = outbox.offer(self._outbox, stroke=type(event.data) is StrokeMade)
        if kept:
            self._memory.append(Parcel(encode(event), event.subject, event.sessionid, event.sequence, perf_counter()))
            if not self._awake:
                self._awake = True
                self._wake.set()

    async def __aenter__(self) -> Self:
        self._pumping = asyncio.create_task(self._pump(), name="emitter")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Flush for at most `close_s`, not at all when the stream is known to be away; the rest is the spool's."""
        self._closing = True
        self._wake.set()
        try:
            await asyncio.wait({self._pumping}, timeout=0 if self._told else self._close_s)
            self._pumping.cancel()
            await asyncio.wait({self._pumping})
            if not self._pumping.cancelled():
                self._pumping.result()
        finally:
            await self._stream.stop()
            self._fall_behind()
            if self._spool is not None:
                self._spool.close()
        if self._outbox.held:
            _log.warning("%d events wait for the next start: %s", self._outbox.held, self._whereabouts())

    def _whereabouts(self) -> str:
        return f"{self._outbox.spooled} on disk, {self._outbox.waiting} given up with this process"

    async def _pump(self) -> None:
        while True:
            if not self._started:
                await self._connect()
            if outbox.should_spool(self._outbox, away=False):
                self._fall_behind()
            if not self._flight:
                self._take()
            if self._flight:
                await self._deliver()
            elif self._closing:
                return
            else:
                await self._something()

    async def _something(self) -> None:
        """Wait until there is something to send, and then for what comes along."""
        self._awake = False
        self._wake.clear()
        if not self._memory and not self._closing:
            await self._wake.wait()
        if self._linger_s and not self._closing:
            await asyncio.sleep(self._linger_s)

    async def _connect(self) -> None:
        while not self._started:
            try:
                await self._patiently(self._stream.start())
                self._started = True
            except AwayError as away:
                self._lose_touch(str(away))
                await self._pause()
        if not self._outbox.held:
            self._be_in_touch()

    async def _deliver(self) -> None:
        """Send the front of the flight; what the stream returned stays there."""
        window, later = self._flight[: self._stream.most], self._flight[self._stream.most :]
        returned = list(await self._patiently(self._stream.send(window)))
        self._enter(window, returned)
        taken = len(window) - len(returned)
        self._outbox = outbox.delivered(self._outbox, taken, from_disk=self._flight_on_disk)
        self._flight = [*returned, *later]
        if not self._flight and self._flight_on_disk and self._spool is not None:
            self._spool.discard_first()
        if taken:
            self._pause_s = PAUSE_S
        if not returned:
            self._be_in_touch()
            return
        self._started = False
        self._lose_touch(f"the stream did not take {len(returned)} events")
        await self._stream.stop()
        await self._pause()

    async def _pause(self) -> None:
        """Leave a stream that does not take events alone for a while: longer each time, and no two of us together."""
        await self._patiently(asyncio.sleep(self._pause_s * random.uniform(0.5, 1.0)))
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def _enter(self, window: list[Parcel], returned: list[Parcel]) -> None:
        now = perf_counter()
        left = {id(parcel) for parcel in returned}
        taken = [parcel for parcel in window if id(parcel) not in left] if left else window
        for parcel in taken:
            self.account.enter(parcel.session, parcel.sequence)
        self.account.timed(now - parcel.since for parcel in taken if parcel.since is not None)

    async def _patiently(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Await `work`; for as long as it takes, memory moves to disk every second."""
        task = asyncio.create_task(work)
        try:
            while not (await asyncio.wait({task}, timeout=SLOW_S))[0]:
                self._lose_touch("the stream has not answered for a second")
            return task.result()
        finally:
            if task.cancel():
                await asyncio.wait({task})
            if not task.cancelled():
                task.exception()

    def _lose_touch(self, why: str) -> None:
        self._fall_behind()
        if not self._told:
            self._told = True
            _log.warning("%s; events wait %s and leave later", why, "on disk" if self._outbox.disk else "in memory")
        self.state = "away"

    def _be_in_touch(self) -> None:
        if self._told:
            self._told = False
            _log.warning("the stream is back; %d events waited for it", self._outbox.held)
        self.state = "connected"

    def _take(self) -> None:
        """Put the front of what waits into the empty flight: the oldest segment, or else the front of memory."""
        while self._spool is not None and self._outbox.spooled and not self._flight:
            lines, events = self._spool.first()
            self._flight = [parcel for line in lines if (parcel := read_parcel(line)) is not None]
            self._flight_on_disk = True
            if damaged := events - len(self._flight):
                _log.warning("%d damaged events in the spool cannot be sent", damaged)
                self._outbox = outbox.unreadable(self._outbox, damaged)
            if not self._flight:
                self._spool.discard_first()
        if not self._flight:
            self._flight = [self._memory.popleft() for _ in range(min(self._stream.most, len(self._memory)))]
            self._flight_on_disk = False

    def _fall_behind(self) -> None:
        """Move all of memory to disk, the flight first and as a segment of its own."""
        if self._spool is None:
            return
        try:
            if self._flight and not self._flight_on_disk:
                self._put_on_disk(self._spool, self._flight)
                self._spool.seal()
                self._flight_on_disk = True
            while self._memory:
                chunk = list(islice(self._memory, SEGMENT_EVENTS))
                self._put_on_disk(self._spool, chunk)
                for _ in chunk:
                    self._memory.popleft()
        except OSError as full:
            if self._outbox.disk:
                _log.warning("the disk takes no more events (%s); play goes on, events wait in memory", full)
            self._outbox = outbox.disk_refused(self._outbox)

    def _put_on_disk(self, spool: Spool, parcels: list[Parcel]) -> None:
        spool.append([parcel.value for parcel in parcels])
        self._outbox = outbox.spooled(self._outbox, len(parcels))
