"""Everything this room writes to Kafka, in batches: beliefs, refusals and snapshots.

`write` is the sure way: it returns when every in-sync replica has what it was given, or raises `KafkaError`. `Teller`
is the quick way, for beliefs: `tell` returns at once, one task sends, and while it is sending what comes meanwhile is
gathered, in order, up to `ROOM`. A belief that could not be sent, or for which there was no room, is counted and
forgotten, because the next one is the whole truth again.

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
ROOM: Final = 100_000
"""Beliefs that may wait while Kafka takes none, some 100 MB; then the oldest are let go."""
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


async def write(producer: AIOKafkaProducer, topic: str, messages: Iterable[tuple[int, bytes | None, bytes]]) -> None:
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


class Teller:
    """Sends beliefs without making anybody wait."""

    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        self._producer = producer
        self._topic = topic
        self._line: deque[tuple[int, bytes, bytes]] = deque(maxlen=ROOM)
        self._something = asyncio.Event()
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
                await self._send()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(2.0):
                    await self._send()

    async def _send(self) -> None:
        self._something.clear()
        messages, self._line = self._line, deque(maxlen=ROOM)
        try:
            await write(self._producer, self._topic, messages)
        except KafkaError as fault:
            self.lost += len(messages)
            LOG.warning("%d beliefs were not told: %r", len(messages), fault)
        else:
            self.told += len(messages)
