"""A chorus performed to Kafka: at its pace, or a backlog as fast as it goes.

The model is open and honest: a note is due at its tick of 10 ms, whatever became of the ones before, and carries the
time it was *due*. A chorus or a broker that falls behind makes every latency worse instead of hiding it (coordinated
omission); ticks that began late are counted.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.chorus import TICK_S, Score
from bots.report import Latency
from producers.kafka import KafkaStream, at
from producers.port import Parcel

LATE_S: Final = 0.050
"""What is late is in the latency already; a tick this late says that the chorus needs more than it gets of the machine.
Bots are held to 10 ms, because they play like people; on a machine used to the full nobody keeps that; ours."""


async def pour(kafka: str, parcels: Sequence[Parcel], before: Callable[[], None] = lambda: None) -> None:
    """Send everything as fast as it goes; `before` is called when the broker is connected and nothing is sent yet."""
    stream = KafkaStream(at(kafka))
    await stream.start()
    before()
    for first in range(0, len(parcels), stream.most):
        if left := await stream.send(parcels[first : first + stream.most]):
            sys.exit(f"The broker did not take {len(left)} events.")
    await stream.stop()


class Sung:
    """What came of a performance, while it goes on too."""

    def __init__(self) -> None:
        self.offered = self.acked = self.ticks = self.late = 0
        self.over = False
        """Set by whoever wants it to end early."""
        self.accept = Latency()
        """From when a note was due until it was acknowledged; of each flight its oldest note."""

    @property
    def late_share(self) -> float:
        """Of the ticks, those that began more than 50 ms after their time."""
        return self.late / max(self.ticks, 1)


async def perform(kafka: str, score: Score, seconds: float, sung: Sung) -> None:
    """Sing for so many seconds or until `sung.over`, and return when everything is acknowledged; counts in `sung`."""
    stream = KafkaStream(at(kafka))
    await stream.start()
    carrier = _Carrier(stream, sung)
    carrying = asyncio.create_task(carrier.run())
    began = datetime.now(UTC)
    try:
        for tick in range(round(seconds / TICK_S)):
            if sung.over:
                break
            due_s = tick * TICK_S
            await asyncio.sleep(max(due_s - carrier.now_s, 0.0))
            sung.ticks += 1
            sung.late += carrier.now_s - due_s > LATE_S
            carrier.take(due_s, list(score(tick, (began + timedelta(seconds=due_s)).isoformat().encode())))
        sung.over = True
        carrier.take(0.0, [])
        await carrying
    finally:
        carrying.cancel()
        await asyncio.wait({carrying})
        await stream.stop()


class _Carrier:
    """Sends what waits, all of it at once, and meanwhile lets wait what comes."""

    def __init__(self, stream: KafkaStream, sung: Sung) -> None:
        self._stream = stream
        self._sung = sung
        self._waiting: list[Parcel] = []
        self._oldest_s = 0.0
        self._news = asyncio.Event()
        self._since = time.monotonic()

    @property
    def now_s(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self._since

    def take(self, due_s: float, notes: list[Parcel]) -> None:
        """Notes that were due then."""
        self._oldest_s = self._oldest_s if self._waiting else due_s
        self._waiting.extend(notes)
        self._sung.offered += len(notes)
        self._news.set()

    async def run(self) -> None:
        """Until it is over and nothing waits."""
        while self._waiting or not self._sung.over:
            if not self._waiting:
                self._news.clear()
                await self._news.wait()
                continue
            flight, self._waiting, due_s = self._waiting, [], self._oldest_s
            for first in range(0, len(flight), self._stream.most):
                part = flight[first : first + self._stream.most]
                self._sung.acked += len(part) - len(await self._stream.send(part))
            self._sung.accept.record((self.now_s - due_s) * 1000)
