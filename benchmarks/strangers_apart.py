"""Strangers in a process of their own, who speak when told to: in the world they are not on the machine of the river.

What they need to make their nonsense up must not stand in the way of the good traffic's clock, so they have another
event loop, and the kernel lets everybody else go first (nice). The rate they keep to is asked for (per_s) and is theirs
all together. A turn is answered with all that they know so far.
"""

import asyncio
import multiprocessing as mp
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.connection import Connection
from typing import Final

import uvloop

from benchmarks.malformed import corpus, endless
from benchmarks.strangers_many import visit
from contract.topics import PLAYER_EVENTS
from processors.tell import new_producer, write
from producers.kafka import partition_of

NICE: Final = 10
MADE: Final = 5_000
"""Messages by Hypothesis; the rest are those with their bytes damaged."""
APART: Final = 100
"""So many messages from one of Hypothesis to the next. Some have a key and no value, which is no nonsense but an order
to forget a player; the API carries those out one after the other, some 12 ms each, and 84 within the first second, as
the corpus begins, kept every goal waiting for a second."""
EVERY_S: Final = 0.05
LANES: Final = PLAYER_EVENTS.partitions
Told = dict[str, object]
Turn = Callable[[int], Awaitable[Told]]
"""Speak so often; what is known since the beginning."""
Door = Callable[[str, int, float], Awaitable[Turn]]
"""Strangers at an address, from a seed, at a rate."""


async def at_kafka(kafka: str, seed: int, per_s: float) -> Turn:
    """Those who write to the topic of players, acknowledged and at a steady rate."""
    messages = endless(corpus("fuzz", seed, MADE, datetime.now(UTC)), seed, APART)

    async def pour(count: int) -> Told:
        async with new_producer(kafka) as producer:
            began, sent = time.monotonic(), 0
            while sent < count:
                due = min(count, int((time.monotonic() - began + EVERY_S) * per_s)) - sent
                said = [
                    (partition_of(each.key or b"", PLAYER_EVENTS.partitions), each) for each in islice(messages, due)
                ]
                await write(producer, PLAYER_EVENTS.name, ((place, each.key, each.value) for place, each in said))
                sent += due
                await asyncio.sleep(max(began + sent / per_s - time.monotonic(), 0.0))
        return {"took_s": time.monotonic() - began}

    return pour


async def at_the_sockets(api: str, seed: int, per_s: float) -> Turn:
    """Those who ask over HTTP and speak to WebSockets."""
    visits = await visit(api, seed, per_s)

    async def go_on(tries: int) -> Told:
        began = time.monotonic()
        await visits.go_on(tries)
        return {"took_s": time.monotonic() - began, **visits.told()}

    return go_on


class Apart:
    """The strangers, as whoever calls on them sees them."""

    def __init__(self, line: "Connection[int, Told]") -> None:
        self._line = line
        self.took_s = 0.0
        self.told: Told = {}

    async def ready(self) -> None:
        """Wait until they know what to say."""
        self.told = await asyncio.to_thread(self._line.recv)

    async def go_on(self, tries: int) -> None:
        """So many more."""
        self._line.send(tries)
        await self.ready()
        self.took_s += float(str(self.told.pop("took_s")))


@asynccontextmanager
async def apart(door: Door, address: str, seed: int, per_s: float) -> AsyncIterator[Apart]:
    """Strangers at this door while the block runs."""
    ours, theirs = mp.get_context("spawn").Pipe()
    process = mp.get_context("spawn").Process(target=_live, args=(theirs, door, address, seed, per_s), daemon=True)
    process.start()
    theirs.close()
    try:
        strangers = Apart(ours)
        await strangers.ready()
        yield strangers
    finally:
        process.terminate()
        process.join()


def _live(line: "Connection[Told, int]", door: Door, address: str, seed: int, per_s: float) -> None:
    os.nice(NICE)
    uvloop.run(_speak(line, door, address, seed, per_s))


async def _speak(line: "Connection[Told, int]", door: Door, address: str, seed: int, per_s: float) -> None:
    turn = await door(address, seed, per_s)
    line.send({})
    while True:
        line.send(await turn(await asyncio.to_thread(line.recv)))
