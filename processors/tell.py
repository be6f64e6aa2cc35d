"""Everything this room writes to Kafka, in batches: beliefs, refusals and snapshots.

`write` is the sure way: it returns when every in-sync replica has what it was given, or raises `KafkaError`. `Teller`
is the quick way, for beliefs: `tell` returns at once, one task sends, and while it is sending what comes meanwhile is
gathered, in order, up to `ROOM`. One that cannot be sent is sent again until it is; one for which there is no room is
counted and forgotten, because the next is the whole truth again. That a player is to be forgotten (`bury`) is no
belief: it is told the sure way, behind everything that was told of them before.

Partitions are given, never computed: every topic here has as many as `player-events`, so that what is said about a
player travels in the partition of the same number that the player's events came in, and is worked on in one place.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from contract.topics import FAILED_EVENTS

BATCH_BYTES: Final = 256 * 1024
KEPT_AT_ONCE: Final = 200
"""Refusals in one write: the fold has a turn between two."""
ASIDE_BYTES: Final = 256 * 1024
"""Of refusals that wait for the next snapshot; when there are more, they are written without waiting for it."""
MOST_BYTES: Final = 16 << 20
"""Of refusals in memory; the fold waits while there are more."""
ROOM: Final = 100_000
"""Beliefs that may wait while Kafka takes none, some 100 MB; then the oldest are let go."""
AGAIN_S: Final = 1.0
LOG: Final = logging.getLogger(__name__)


def new_producer(kafka: str) -> AIOKafkaProducer:
    """A producer that neither loses nor doubles; aiokafka's own defaults do both (acks=1, no idempotence)."""
    return AIOKafkaProducer(
        bootstrap_servers=kafka,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=BATCH_BYTES,
        max_request_size=FAILED_EVENTS.message_bytes,
    )


async def write(
    producer: AIOKafkaProducer, topic: str, messages: Iterable[tuple[int, bytes | None, bytes | None]]
) -> None:
    """Send (partition, key, value) messages, in order per partition, and return when all are safe."""
    batches: dict[int, list[BatchBuilder]] = {}
    for partition, key, value in messages:
        of_partition = batches.setdefault(partition, [])
        if not of_partition or of_partition[-1].append(key=key, value=value, timestamp=None) is None:
            of_partition.append(producer.create_batch())
            of_partition[-1].append(key=key, value=value, timestamp=None)
    sending = (_write_partition(producer, topic, partition, each) for partition, each in batches.items())
    for outcome in await asyncio.gather(*sending, return_exceptions=True):
        if outcome is not None:
            raise outcome


async def _write_partition(
    producer: AIOKafkaProducer, topic: str, partition: int, batches: Iterable[BatchBuilder]
) -> None:
    for batch in batches:
        await (await producer.send_batch(batch, topic, partition=partition))


class Refusals:
    """Lays aside what was refused and keeps it beside the fold; `keep` comes before the ack of what it came in."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._aside: list[tuple[int, bytes | None, bytes]] = []
        self._bytes = 0
        self._much = asyncio.Event()
        self._keeping = asyncio.Lock()
        self.kept = 0

    async def lay_aside(self, lane: int, refused: Iterable[tuple[bytes | None, bytes]]) -> None:
        """Take these over, of partition `lane` of failed-events; waits only where memory must have an end."""
        for key, value in refused:
            self._aside.append((lane, key, value))
            self._bytes += len(value)
        if self._bytes > ASIDE_BYTES:
            self._much.set()
        if self._bytes > MOST_BYTES:
            await self.keep()

    async def run(self) -> None:
        """Keep whenever there is much, until cancelled."""
        while True:
            await self._much.wait()
            self._much.clear()
            await self.keep()

    async def keep(self) -> None:
        """What was laid aside so far is safe when this returns, however long the broker is away."""
        async with self._keeping:
            left = len(self._aside)
            while left:
                refused = self._aside[: min(left, KEPT_AT_ONCE)]
                try:
                    await write(self._producer, FAILED_EVENTS.name, refused)
                except KafkaError as fault:
                    LOG.warning("%d refused events not kept yet, trying again: %r", left, fault)
                    await asyncio.sleep(AGAIN_S)
                    continue
                del self._aside[: len(refused)]  # not before: who is cancelled above has kept nothing
                self._bytes -= sum(len(value) for *_, value in refused)
                self.kept += len(refused)
                left -= len(refused)


class Teller:
    """Sends beliefs without making anybody wait."""

    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        self._producer = producer
        self._topic = topic
        self._line: deque[tuple[int, bytes, bytes]] = deque(maxlen=ROOM)
        self._something = asyncio.Event()
        self._sending = asyncio.Lock()
        self.told = 0
        self.lost = 0

    def tell(self, partition: int, key: bytes, value: bytes) -> None:
        """`value` is now what is believed about `key`."""
        self.lost += len(self._line) == ROOM
        self._line.append((partition, key, value))
        self._something.set()

    async def run(self) -> None:
        """Send, until cancelled; then send what is left."""
        try:
            while True:
                await self._something.wait()
                await self.send()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(2.0):
                    await self.send()

    async def tell_all(self, partition: int, told: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Each in its turn; no belief at all says that the player is to be forgotten."""
        for key, value in told:
            if value is None:
                await self.bury(partition, key)
            else:
                self.tell(partition, key, value)

    async def bury(self, partition: int, key: bytes) -> None:
        """Nothing that waits is told of `key` any more, but that it is to be forgotten; returns when that is safe."""
        self._line = deque((told for told in self._line if told[1] != key), maxlen=ROOM)
        async with self._sending:
            while True:
                try:
                    return await write(self._producer, self._topic, [(partition, key, None)])
                except KafkaError as fault:
                    LOG.warning("nobody was told to forget a player yet, trying again: %r", fault)
                    await asyncio.sleep(AGAIN_S)

    async def send(self) -> None:
        """Returns when everything that was told before is safe."""
        async with self._sending:
            self._something.clear()
            messages, self._line = self._line, deque(maxlen=ROOM)
            while messages:
                try:
                    await write(self._producer, self._topic, messages)
                except KafkaError as fault:
                    LOG.warning("%d beliefs are not told yet, trying again: %r", len(messages), fault)
                    await asyncio.sleep(AGAIN_S)
                else:
                    self.told += len(messages)
                    return
