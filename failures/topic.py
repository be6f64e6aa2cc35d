"""The door to Kafka: failed-events from its beginning to its present end, and what is sent in the place of its entries.

It joins no group and commits nothing: reading leaves no trace, and everybody sees the same. What is mended goes to
player-events first; only when every in-sync replica has it is the entry settled, beside its refusal. Whoever is killed
between the two leaves an entry that is open and sent: sent once more it changes nothing, for its events keep their
session and sequence.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from msgspec import Struct

from contract.codec import encode, read_failure
from contract.failures import EventFailed, FailureSettled
from contract.repair import Message
from contract.topics import FAILED_EVENTS, PLAYER_EVENTS
from failures.ledger import Entry, Ledger, Place
from failures.mend import Refusal

OPEN_S: Final = 10.0
SILENT_S: Final = 15.0
"""How long Kafka may bring nothing of what it says it has."""
NAME: Final = FAILED_EVENTS.name


class AwayError(ConnectionError):
    """Kafka cannot be reached, or falls silent; the text says where, and what to do."""


class Settling(Struct, frozen=True):
    """What is sent for one entry, and the word that it is settled."""

    refusal: Refusal
    messages: tuple[Message, ...]
    word: FailureSettled


class Shore:
    """The topic of what was refused, opened at its beginning."""

    def __init__(self, kafka: str, consumer: AIOKafkaConsumer, reaches: dict[TopicPartition, tuple[int, int]]) -> None:
        self._kafka = kafka
        self._consumer = consumer
        self._reaches = reaches

    async def ledger(self, tell: Callable[[int, int], None]) -> Ledger:
        """Every entry until now; `tell` hears how many of how many records were read. Raises `AwayError`."""
        ledger, read = Ledger(), 0
        total = sum(end - begin for begin, end in self._reaches.values())
        for place, (begin, end) in self._reaches.items():
            self._consumer.seek(place, begin)
            async for record in self._records(place, end):
                read += 1
                ledger.note(Place(place.partition, record.offset), record.value or b"")
                if read % 50_000 == 0:
                    tell(read, total)
        return ledger

    async def whole(self, entries: Iterable[Entry]) -> AsyncIterator[Refusal]:
        """These entries in full, in the order of the topic. Raises `AwayError`."""
        wanted: dict[int, set[int]] = {}
        for entry in entries:
            wanted.setdefault(entry.place.lane, set()).add(entry.place.offset)
        for lane, offsets in sorted(wanted.items()):
            place = TopicPartition(NAME, lane)
            self._consumer.seek(place, min(offsets))
            async for record in self._records(place, max(offsets) + 1):
                told = read_failure(record.value or b"") if record.offset in offsets else None
                if isinstance(told, EventFailed):
                    yield Refusal(told, record.key, lane)

    async def _records(self, place: TopicPartition, end: int) -> AsyncIterator[Any]:
        clock = asyncio.get_running_loop().time
        heard_s = clock()
        try:
            while await self._consumer.position(place) < end:
                fetched = await self._consumer.getmany(place, timeout_ms=500)
                for record in fetched.get(place, ()):
                    if record.offset < end:
                        yield record
                if fetched:
                    heard_s = clock()  # only now: a person may have thought for an hour about one of them
                elif clock() - heard_s > SILENT_S:
                    raise _away(self._kafka, TimeoutError())
        except KafkaError as fault:
            raise _away(self._kafka, fault) from fault


@asynccontextmanager
async def ashore(kafka: str) -> AsyncIterator[Shore]:
    """The topic, opened for reading. Raises `AwayError`."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    try:
        try:
            async with asyncio.timeout(OPEN_S):
                await consumer.start()
                places = [TopicPartition(NAME, lane) for lane in range(FAILED_EVENTS.partitions)]
                consumer.assign(places)
                begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        except (KafkaError, OSError, TimeoutError) as fault:
            raise _away(kafka, fault) from fault
        yield Shore(kafka, consumer, {place: (begins[place], end) for place, end in ends.items()})
    finally:
        await consumer.stop()


class Launch:
    """Sends what was mended, and settles."""

    def __init__(self, kafka: str, producer: AIOKafkaProducer) -> None:
        self._kafka = kafka
        self._producer = producer

    async def send(self, settling: Sequence[Settling]) -> None:
        """Everything is on player-events, in order, before anything is settled. Raises `AwayError`."""
        try:
            await self._all([(PLAYER_EVENTS.name, m.key, m.value, None) for each in settling for m in each.messages])
            await self._all([(NAME, each.refusal.key, encode(each.word), each.refusal.lane) for each in settling])
        except (KafkaError, OSError, TimeoutError) as fault:
            raise _away(self._kafka, fault) from fault

    async def _all(self, records: Collection[tuple[str, bytes | None, bytes, int | None]]) -> None:
        sent = [await self._producer.send(topic, value, key=key, partition=lane) for topic, key, value, lane in records]
        for outcome in await asyncio.gather(*sent, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


@asynccontextmanager
async def launching(kafka: str) -> AsyncIterator[Launch]:
    """A producer that neither loses nor doubles. Raises `AwayError`."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, max_request_size=FAILED_EVENTS.message_bytes
    )
    try:
        try:
            async with asyncio.timeout(OPEN_S):
                await producer.start()
        except (KafkaError, OSError, TimeoutError) as fault:
            raise _away(kafka, fault) from fault
        yield Launch(kafka, producer)
    finally:
        await producer.stop()


def _away(kafka: str, fault: Exception) -> AwayError:
    return AwayError(f"Kafka at {kafka} did not show {NAME} ({type(fault).__name__}): is it up? Then say it again.")
