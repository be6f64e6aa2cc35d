"""The door to Kafka: reads whole partitions, says that a player is to be forgotten, and takes records out of a log.

Kafka takes no record out of the middle of a partition, so there are two ways round that, by how the topic is cleaned:

- *rewritten*, where old records are deleted by age. Everything up to the end E is read by those who must (`had`); then
  others' records are appended again, in order, with key, value and time as they were and the header `rewritten`, which
  says where they lay. They are read back and compared, and only then everything before E is deleted. A crash before
  that leaves copies beside originals; the next run leaves out a copy whose original still lies there.
- *compacted*, where the newest value per key stays. The broker takes out what a tombstone covers by itself; it is only
  told to do so now: the segment is closed, and the waiting times are set to nothing until it has been done.

Strange: writers are not held off. `min.insync.replicas` above the number of replicas, which would, is held by Kafka 4
to mean *all replicas* (docs/decisions/rewritten-topic.md). So new records may lie between the copies; who reads the
log from its beginning finds whoever played during the rewriting in an order that the header mends, not the place.

A segment is closed by a setting (settings.py) and one record, the *mark*.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError
from msgspec import Struct

from contract.topics import FAILED_EVENTS, MARK, REWRITTEN
from privacy.settings import CLOSE, COMPACT, TopicSettings

OPEN_S: Final = 10.0
SILENT_S: Final = 30.0
AGAIN_S: Final = 0.2
WAIT_MS: Final = 10
"""A fetch that finds nothing keeps the next one waiting, and partitions are read one after another."""
MANY: Final = 5_000
"""Copies on their way at once."""
DIGITS: Final = 19
"""No offset has more, and Python reads no number of thousands."""
Keep = Callable[[Any], bytes | None]
"""Of a record: its value as it stays, or None where nothing of it does."""


class BrokenOffError(Exception):
    """The log is as it was, or as a next run will find it; the text says what did not come about."""


class Rewritten(Struct, frozen=True):
    """What came of one partition."""

    removed: int
    copied: int


class Logs:
    """One broker, or several that are one cluster."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        self.settings = TopicSettings(self._admin)
        self._producer = AIOKafkaProducer(
            bootstrap_servers=kafka,
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            max_request_size=FAILED_EVENTS.message_bytes,
        )
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=8 << 20,
            fetch_max_wait_ms=WAIT_MS,
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, kafka: str) -> AsyncIterator[Self]:
        """For the length of a block. Raises `BrokenOffError` when nobody answers, or Kafka goes away meanwhile."""
        logs = cls(kafka)
        ends = (logs._admin, logs._producer, logs._consumer)
        try:
            try:
                async with asyncio.timeout(OPEN_S):
                    for end in ends:
                        await end.start()
            except (KafkaError, OSError, TimeoutError) as fault:
                sentence = f"Kafka at {kafka} did not answer ({type(fault).__name__}): is it up?"
                raise BrokenOffError(sentence) from fault
            try:
                yield logs
            except KafkaError as fault:
                sentence = f"Kafka at {kafka} went away ({type(fault).__name__}): see that it is up, and run it again."
                raise BrokenOffError(sentence) from fault
        finally:
            await logs._admin.close()
            await logs._producer.stop()
            await logs._consumer.stop()

    async def places(self, topic: str) -> list[TopicPartition]:
        """The partitions of a topic; none when there is no such topic."""
        (told,) = await self._admin.describe_topics([topic])
        return [TopicPartition(topic, each["partition"]) for each in sorted(told["partitions"], key=_number)]

    async def end(self, place: TopicPartition) -> int:
        """Where the next record will lie."""
        return int((await self._consumer.end_offsets([place]))[place])

    async def read(self, place: TopicPartition, first: int | None = None, end: int | None = None) -> AsyncIterator[Any]:
        """Every record of a partition from `first` (or its beginning) up to `end` (or what is its end now)."""
        begin = int((await self._consumer.beginning_offsets([place]))[place])
        end = await self.end(place) if end is None else end
        self._consumer.assign([place])
        self._consumer.seek(place, max(begin, first or 0))
        clock = asyncio.get_running_loop().time
        heard_s = clock()
        while await self._consumer.position(place) < end:
            for record in (await self._consumer.getmany(place, timeout_ms=200)).get(place, ()):
                heard_s = clock()
                if record.offset < end:
                    yield record
            if clock() - heard_s > SILENT_S:
                sentence = f"Kafka fell silent while {place.topic} was read: see that it is up, and run it again."
                raise BrokenOffError(sentence)

    async def say(self, topic: str, player: str) -> tuple[TopicPartition, int]:
        """Write the word that `player` is to be forgotten; where it lies."""
        told = await self._producer.send_and_wait(topic, None, key=player.encode())
        return told.topic_partition, told.offset

    async def had(self, group: str, place: TopicPartition, end: int, within_s: float) -> None:
        """Returns when `group` has committed everything before `end`. Raises `BrokenOffError` when it does not."""
        clock = asyncio.get_running_loop().time
        deadline_s = clock() + within_s
        while clock() < deadline_s:
            committed = (await self._admin.list_consumer_group_offsets(group)).get(place)
            if end == 0 or (committed is not None and committed.offset >= end):
                return
            await asyncio.sleep(AGAIN_S)
        sentence = (
            f"{group} has not taken up {place.topic}, partition {place.partition}, within {within_s:.0f} s: "
            "see that it runs, and run this again; nothing was taken out of that log yet."
        )
        raise BrokenOffError(sentence)

    async def mark(self, places: Iterable[TopicPartition], usual: Mapping[str, str]) -> dict[TopicPartition, int]:
        """Close the present segment of each of these partitions of one topic; where the marks lie."""
        places = list(places)
        async with self.settings.set(places[0].topic, CLOSE, usual):
            return await self._marks(places)

    async def _marks(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        marks = {}
        for place in places:
            told = await self._producer.send_and_wait(
                place.topic, None, key=MARK, partition=place.partition, headers=[(REWRITTEN, b"")]
            )
            marks[place] = told.offset
        return marks

    async def rewrite(self, place: TopicPartition, end: int, keep: Keep, at: Callable[[str], None]) -> Rewritten:
        """What `keep` keeps of everything before `end` is behind it, and nothing is before it any more."""
        originals: set[int] = set()
        hashed, removed, copied = hashlib.sha256(), 0, 0
        sent: list[asyncio.Future[Any]] = []
        start = await self.end(place)
        async for record in self.read(place, end=end):
            originals.add(record.offset)
            before = before_of(record)
            if before is not None and (before < 0 or before in originals):
                continue  # a mark, or a copy that a run left which did not come to its end
            value = keep(record)
            if value is None:
                removed += record.value is not None
                continue
            header = (REWRITTEN, str(record.offset).encode())
            headers = [*((name, told) for name, told in record.headers if name != REWRITTEN), header]
            _take(hashed, record.key, value, record.timestamp, headers)
            sent.append(
                await self._producer.send(
                    place.topic, value, record.key, place.partition, record.timestamp, headers=headers
                )
            )
            copied += 1
            if copied == 1:
                at("one record copied")
            if len(sent) >= MANY:
                await asyncio.gather(*sent)
                sent.clear()
        await asyncio.gather(*sent)
        at("copied")
        await self._compare(place, start, originals, hashed.digest())
        at("compared")
        await self._admin.delete_records({place: RecordsToDelete(before_offset=end)})
        at("deleted")
        return Rewritten(removed, copied)

    async def _compare(self, place: TopicPartition, start: int, originals: set[int], expected: bytes) -> None:
        """Read the copies back. Raises `BrokenOffError` when they are not what was sent, in that order."""
        found = hashlib.sha256()
        async for record in self.read(place, start):
            before = before_of(record)
            if before is not None and before in originals:
                _take(found, record.key, record.value, record.timestamp, list(record.headers))
        if found.digest() != expected:
            sentence = f"The copies in {place.topic}, partition {place.partition}, are not what was sent; nothing was"
            raise BrokenOffError(sentence + " deleted. Run it again.")

    async def compact(
        self, places: list[TopicPartition], usual: Mapping[str, str], gone: Callable[[Any], bool], within_s: float
    ) -> None:
        """The broker has compacted these partitions of one topic: `gone` holds for every record.

        Raises `BrokenOffError` when it has not within `within_s`; it will all the same, in its own time.
        """
        clock = asyncio.get_running_loop().time
        deadline_s = clock() + within_s
        async with self.settings.set(places[0].topic, COMPACT, usual):
            while clock() < deadline_s:
                await self._marks(places)  # twice: a tombstone outlives the first time it is compacted
                await asyncio.sleep(1.0)
                if not [1 for place in places async for record in self.read(place) if not gone(record)]:
                    return
        sentence = f"The broker did not compact {places[0].topic} within {within_s:.0f} s: it will in its own time."
        raise BrokenOffError(sentence)


def _number(told: Mapping[str, Any]) -> int:
    return int(told["partition"])


def before_of(record: Any) -> int | None:  # noqa: ANN401 - aiokafka has no types
    """Where a record lay before; -1 for a mark, None for one that lies here for the first time, whatever it says."""
    if record.key == MARK and record.value is None:
        return -1
    told = next((value for name, value in record.headers if name == REWRITTEN), None)
    return int(told[:DIGITS]) if told is not None and told.isdigit() else None


def _take(hashed: Any, key: bytes | None, value: bytes | None, timestamp: int, headers: object) -> None:  # noqa: ANN401 - hashlib names no type
    hashed.update(repr((key, value, timestamp, headers)).encode())
