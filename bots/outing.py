"""A crowd's way out and home again: the fleet, its emitter and the river's goals, put together for one process.

It says how the crowd is doing every second, and what came of it when everybody is home: sessions ended, everything
delivered that can be, and counted.
"""

import asyncio
import gc
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from bots.fleet import Fleet, Options
from bots.pulse import Pulse, feel
from bots.report import Latency, Tally
from bots.schedule import most
from game_client.follow import follow
from producers.account import Runs
from producers.emitter import Emitter
from producers.kafka import kafka_emitter

SMALL_CROWD: Final = 300
"""Up to so many, events leave at once, as a person's do; more travel together, which is cheaper and later."""
LINGER_MS: Final = 10.0
HAIR_S: Final = 0.01
READY_S: Final = 0.2
SEAT_S: Final = 0.00005
"""What it takes to make a seat ready, and then some: nobody is late because the run began without it."""

Heard = Callable[[Pulse], None]
"""Somebody who is told how the crowd is doing."""


class Outing(Struct, frozen=True):
    """A run that is over."""

    tally: Tally
    players: Mapping[str, str]
    """Every player and its persona."""
    seconds: float
    acknowledged: Mapping[str, Runs]
    """Per session, the sequences that the broker acknowledged: what the ledger holds everybody to."""
    family: str = "persona"
    broken: tuple[str, ...] = ()
    """A sentence for each process that did not come home; its acknowledged events are in nobody's book."""


class Beginning(Struct, frozen=True):
    """When a run begins: the same for all its processes, so that their slots line up."""

    at_s: float
    """As `time.monotonic` counts, which is one clock for all processes of a machine."""
    wall: datetime

    def clock(self) -> float:
        """Seconds since then; negative before."""
        return time.monotonic() - self.at_s


def begin_soon(players: int) -> Beginning:
    """A run that begins when so many seats will have been made ready."""
    seconds = READY_S + players * SEAT_S
    return Beginning(time.monotonic() + seconds, datetime.now(UTC) + timedelta(seconds=seconds))


async def send_out(
    options: Options,
    tally: Tally,
    stop: asyncio.Event | None = None,
    *,
    heard: Heard = lambda _: None,
    beginning: Beginning | None = None,
) -> Outing:
    """Sends the crowd out and brings it home. `stop` ends it early and as properly.

    `tally` may be watched while it runs; `heard` is told every second, and once more when everybody is home.
    """
    begun = beginning or begin_soon(crowd_of(options))
    linger_ms = 0.0 if crowd_of(options) <= SMALL_CROWD else LINGER_MS
    async with kafka_emitter(options.kafka, spool=None, linger_ms=linger_ms) as emitter:
        fleet = Fleet(options, emitter, tally, begun.clock, begun.wall)
        heart = _Heart(fleet, emitter, tally, begun.clock)
        with _frozen():
            async with _followed(options.river, fleet), heart.beating(heard):
                await fleet.play(stop or asyncio.Event())
        seconds = begun.clock()
    heard(heart.beat())
    return Outing(tally, fleet.players, seconds, emitter.account.runs(), family_of(options))


def crowd_of(options: Options) -> int:
    """How many seats all processes have together."""
    return most(options.schedule) if options.schedule else options.players


def family_of(options: Options) -> str:
    """What a summary calls the way in which the players leave."""
    return options.family.__name__ if options.family else "persona"


class _Heart:
    """Takes the pulse of a crowd at play."""

    def __init__(self, fleet: Fleet, emitter: Emitter, tally: Tally, clock: Callable[[], float]) -> None:
        self._fleet = fleet
        self._emitter = emitter
        self._tally = tally
        self._clock = clock

    def beat(self) -> Pulse:
        """The pulse now; the tally knows the same afterwards."""
        tally, outbox, accept = self._tally, self._emitter.outbox, Latency()
        dropped = outbox.dropped + outbox.lost
        tally.sent = tally.offered - dropped
        tally.acked = tally.sent - outbox.held  # the account would have to count
        for milliseconds, times in self._emitter.account.news_ms():
            accept.record(milliseconds, times)
        tally.accept.merge(accept)
        pulse = feel(tally, self._clock(), self._fleet.sitting, dropped, accept)
        tally.lately = Latency()
        return pulse

    @asynccontextmanager
    async def beating(self, heard: Heard) -> AsyncIterator[None]:
        """Tells the pulse at every full second of the run, for as long as the block lasts."""

        async def beat_on() -> None:
            while True:
                await asyncio.sleep(to_next_second_s(self._clock()))
                heard(self.beat())

        beating = asyncio.create_task(beat_on(), name="pulse")
        try:
            yield
        finally:
            await end(beating)


@contextmanager
def _frozen() -> Iterator[None]:
    """What is ready stays for a while: looking through it again and again for garbage is what makes a step late."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@asynccontextmanager
async def _followed(river: str | None, fleet: Fleet) -> AsyncIterator[None]:
    """The river's goals reach the fleet while this lasts."""
    following = [
        asyncio.create_task(follow(river, each, fleet.heard), name="river") for each in fleet.followings if river
    ]
    try:
        yield
    finally:
        for task in following:
            await end(task)


def to_next_second_s(now_s: float) -> float:
    """How long it is to the next full second of a run; the first that counts is second 1.

    An event loop wakes a hair too early now and then; that hair is no second of its own.
    """
    return max(math.floor(now_s + HAIR_S), 0) + 1 - now_s


async def end(task: asyncio.Task[None]) -> None:
    """Ends a task that was beside the play; what went wrong in it goes wrong here."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()
