"""Events for benchmarks: a crowd's that wait, and a crowd's that arrive.

`fill` writes as many as are wanted, as fast as it goes. `arrive` writes so many a second, on a schedule that does not
wait for anybody, each with the time it is written at, so that whoever hears a belief knows how old its cause is.
Nobody plays here: sittings are dealt by tests/processors/river.py, all alike, and a sitting ends where the next begins.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Final

from msgspec.structs import replace

from contract.codec import encode
from contract.events import Event
from contract.topics import PLAYER_EVENTS
from processors.tell import new_producer, write
from producers.kafka import partition_of
from tests.processors.river import played

SITTING: Final = 120
"""Events in one sitting; some 45 s of them."""
BETWEEN_SITTINGS: Final = timedelta(seconds=75)
TICK_S: Final = 0.01
"""How often arriving events leave, as a crowd's emitter has it."""


def lane(player: str) -> int:
    """The partition of a player's events."""
    return partition_of(player.encode(), PLAYER_EVENTS.partitions)


async def fill(address: str, events: int, players: int) -> None:
    """Write `events` events of `players` players, as many of each, woven together as they would come."""
    dice, of_each = random.Random(1), events // players
    start = datetime.now(UTC) - timedelta(hours=1) - BETWEEN_SITTINGS * (of_each // SITTING)
    names = [f"p-{n:05d}" for n in range(players)]
    lanes, keys = [lane(name) for name in names], [name.encode() for name in names]
    async with new_producer(address) as producer:
        for number, first in enumerate(range(0, of_each, SITTING)):
            length = min(SITTING, of_each - first)
            at = start + BETWEEN_SITTINGS * number
            sittings = [played(name, f"{name}-{number}", length, at, dice) for name in names]
            for moment in zip(*sittings, strict=True):
                told = ((lane, key, encode(event)) for lane, key, event in zip(lanes, keys, moment, strict=True))
                await write(producer, PLAYER_EVENTS.name, told)


def sittings(player: str, dice: random.Random) -> Iterator[Event]:
    """One player's events for ever, from somewhere in a sitting on."""
    began = datetime.now(UTC)
    for number in count():
        events = played(player, f"{player}-live-{number}", SITTING, began, dice)
        yield from events[: dice.randrange(1, SITTING)] if number == 0 else events


async def arrive(address: str, per_s: float, players: int, seconds: float) -> int:
    """Write `per_s` events a second of `players` players for so many seconds; how many that were."""
    dice, sent, began = random.Random(2), 0, time.monotonic()
    names = [f"p-{n:05d}" for n in range(players)]
    crowd = [(lane(name), name.encode(), sittings(name, dice)) for name in names]
    turns = (seat for _ in count() for seat in crowd)
    async with new_producer(address) as producer:
        while (gone := time.monotonic() - began) < seconds:
            due = int(gone * per_s) - sent
            now = datetime.now(UTC)
            told = [(at, key, encode(replace(next(mine), time=now))) for at, key, mine in islice(turns, due)]
            await write(producer, PLAYER_EVENTS.name, told)
            sent += due
            await asyncio.sleep(max(TICK_S - (time.monotonic() - began - gone), 0.0))
    return sent
