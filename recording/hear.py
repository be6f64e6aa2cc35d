"""From the topic into a recording: from now on, since a time, or as far back as Kafka keeps it.

It joins no group and commits nothing, so nobody notices that somebody listens. Partitions are told in order of time
(`choice.in_time`). Messages without a player as their key belong to nobody: they are counted and left out.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from msgspec import Struct

from contract.topics import PLAYER_EVENTS
from recording.choice import in_time
from recording.format import Message

OPEN_S: Final = 10.0
POLL_MS: Final = 100
SILENT: Final = "Kafka went silent: what was heard until then is in the file."
MANY: Final = 20_000
"""Messages of one partition that may wait for another's; then it rests."""


class SilentError(ConnectionError):
    """Kafka did not show its topic; the text says where it was looked for."""


class Span(Struct, frozen=True):
    """From when on, and until when, in POSIX seconds by the records' timestamps."""

    since: float | None = None
    """None: as far back as the topic goes; infinity: from now on."""
    until: float | None = None
    """None: until somebody stops."""


class Ear:
    """Listens to the topic of player events; `clock` says what time it is."""

    def __init__(self, consumer: AIOKafkaConsumer, places: list[TopicPartition], clock: Callable[[], float]) -> None:
        self._consumer = consumer
        self._places = places
        self._clock = clock
        self._waiting: dict[int, deque[Message]] = {place.partition: deque() for place in places}
        self._ends: dict[TopicPartition, int] | None = None
        self._heard_s = 0.0
        """When something was heard last, or the end was looked for."""
        self._until = float("inf")
        self.left_out = 0

    @property
    def partitions(self) -> int:
        """How many the topic has."""
        return len(self._places)

    @classmethod
    async def open(cls, kafka: str, span: Span, clock: Callable[[], float]) -> Self:
        """Finds the place where `span` begins. Raises `SilentError`."""
        consumer = AIOKafkaConsumer(
            PLAYER_EVENTS.name, bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            async with asyncio.timeout(OPEN_S):
                await consumer.start()
                places = sorted(consumer.assignment())
                await _seek(consumer, places, span)
        except (KafkaError, OSError, TimeoutError) as fault:
            await consumer.stop()
            sentence = f"Kafka at {kafka} did not show {PLAYER_EVENTS.name} ({type(fault).__name__}): is it up?"
            raise SilentError(sentence) from fault
        ear = cls(consumer, places, clock)
        ear._until = float("inf") if span.until is None else span.until
        return ear

    async def close(self) -> None:
        """Lets go of the broker."""
        await self._consumer.stop()

    async def messages(self, stop: asyncio.Event) -> AsyncIterator[list[Message]]:
        """What is heard, a handful at a time and in order of time, until the span ends or `stop` is set.

        Who stops listening still hears what lies on the topic by then; who stops reading what was is let go at once.
        Raises `SilentError` when Kafka cannot say any more where the topic ends, or does not give what is before that.
        """
        finishing = False
        while finishing or not stop.is_set():
            if self._ends is None and self._clock() >= self._until:
                self._ends = await self._found()
            expected = await self._listen()
            yield list(in_time(self._waiting, expected))
            if self._ends is not None and not expected:
                break
            if self._ends is not None and self._clock() - self._heard_s > OPEN_S:
                yield list(in_time(self._waiting, ()))
                raise SilentError(SILENT)
            self._rest()
            if self._ends is None and stop.is_set():
                finishing, self._ends = True, await self._found()
        yield list(in_time(self._waiting, ()))

    async def _found(self) -> dict[TopicPartition, int]:
        """Where the topic ends."""
        try:
            async with asyncio.timeout(OPEN_S):
                ends = dict(await self._consumer.end_offsets(self._places))
        except (KafkaError, TimeoutError) as fault:
            raise SilentError(SILENT) from fault
        self._heard_s = self._clock()
        return ends

    async def _listen(self) -> list[int]:
        """Puts what comes in line; the partitions that have more to give, up to the end or to where it is now."""
        for place, records in (await self._consumer.getmany(timeout_ms=POLL_MS)).items():
            self._waiting[place.partition].extend(self._taken(records))
            self._heard_s = self._clock()
        behind = []
        for place in self._places:
            end = self._ends[place] if self._ends is not None else self._consumer.highwater(place)
            if await self._consumer.position(place) < (end or 0):
                behind.append(place.partition)
        return behind

    def _taken(self, records: list[ConsumerRecord]) -> list[Message]:
        taken = []
        for record in records:
            if record.timestamp / 1000.0 >= self._until:
                continue
            try:
                taken.append(Message(record.timestamp, record.partition, record.key.decode(), bytes(record.value)))
            except (AttributeError, TypeError, UnicodeDecodeError):  # no key, no value, or a key that is no name
                self.left_out += 1
        return taken

    def _rest(self) -> None:
        for place in self._places:
            if len(self._waiting[place.partition]) > MANY:
                self._consumer.pause(place)
            else:
                self._consumer.resume(place)


async def _seek(consumer: AIOKafkaConsumer, places: list[TopicPartition], span: Span) -> None:
    if span.since is None:
        await consumer.seek_to_beginning(*places)
        return
    ends = await consumer.end_offsets(places)
    since = {} if span.since == float("inf") else await consumer.offsets_for_times(_at(places, span.since))
    for place in places:
        found = since.get(place)
        consumer.seek(place, ends[place] if found is None else found.offset)


def _at(places: list[TopicPartition], since: float) -> dict[TopicPartition, int]:
    return dict.fromkeys(places, max(int(since * 1000), 0))
