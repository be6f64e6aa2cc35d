"""The fleet's logbook: what each partition has counted, told every few seconds, and read back by whoever gets it next.

A fleet (fleet.py) starts empty with its partition. What was told of that partition before is read and taken in beside
the fold, which does not wait for it: sketches can be united in any order. Until then nothing is told, or the newest
figures would be those of the last few seconds.

What it does not promise: of a worker that is killed, what was noted since it last told (`TELL_S`) is missing in the
figures, unless it comes again. A worker that leaves, or gives a partition away, tells first.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contract.codec import encode
from contract.topics import FLEET_FIGURES
from processors.fleet import Fleet, WrongSketchError

TELL_S: Final = 5.0
LAST_WORD_S: Final = 3.0
"""How long giving up a partition may wait for its figures to be told."""
LOG: Final = logging.getLogger(__name__)
Newest = Callable[[Iterable[int]], Awaitable[dict[int, bytes]]]
"""Given partitions, the newest message of each that has one; raises `KafkaError`."""
Write = Callable[[list[tuple[int, bytes, bytes]]], Awaitable[None]]
"""Takes messages (partition, key, value) and returns when all are safe; raises `KafkaError`."""


class Logbook:
    """The fleets of the partitions that one worker has now."""

    def __init__(self, newest: Newest, write: Write) -> None:
        self._newest = newest
        self._write = write
        self._fleets: dict[int, Fleet] = {}
        self._unread: dict[int, Fleet] = {}
        """Fleets that have not heard what was told before."""
        self._writing = asyncio.Lock()

    def open(self, fleet: Fleet) -> None:
        """From now on this fleet is told."""
        self._fleets[fleet.number] = self._unread[fleet.number] = fleet

    async def run(self) -> None:
        """Tell what has changed, until cancelled."""
        while True:
            await asyncio.sleep(TELL_S)
            await self._tell()

    async def close(self) -> None:
        """Tell what has changed, and forget all fleets: their partitions are somebody else's."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORD_S):
                await self._tell()
        self.forget()

    def forget(self) -> None:
        """Without a word: nothing was noted, or somebody else has the partitions already."""
        self._fleets.clear()
        self._unread.clear()

    async def _tell(self) -> None:
        async with self._writing:
            owed: list[Fleet] = []
            try:
                await self._read_back()
                owed = [each for each in self._fleets.values() if each.changed and each.number not in self._unread]
                now = datetime.now(UTC)
                told = [(fleet.number, str(fleet.number).encode(), encode(fleet.told(now))) for fleet in owed]
                await self._write(told)
            except KafkaError as fault:
                LOG.warning("the fleet's figures were not told this time: %r", fault)
                for fleet in owed:
                    fleet.changed = True

    async def _read_back(self) -> None:
        unread, self._unread = self._unread, {}
        if not unread:
            return
        try:
            found = await self._newest(unread)
        except BaseException:
            self._unread = unread | self._unread
            raise
        for number, raw in found.items():
            try:
                unread[number].merge(raw)
            except WrongSketchError as fault:
                LOG.warning("the figures of partition %d begin anew: %s", number, fault)


async def newest(kafka: str, numbers: Iterable[int]) -> dict[int, bytes]:
    """The last message of each of these partitions, which have one key each. Raises `KafkaError`."""
    places = [TopicPartition(FLEET_FIGURES.name, number) for number in numbers]
    found: dict[int, bytes] = {}
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(places)
        first, end = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        for place in places:
            consumer.seek(place, max(end[place] - 1, first[place]))
        while any([await consumer.position(place) < end[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=1_000)).items():
                found[place.partition] = records[-1].value or b""
    finally:
        await consumer.stop()
    return found
