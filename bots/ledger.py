"""What became of every acknowledged event: counted from the topics and the state, never assumed.

The emitter's account says which (session, sequence) the broker acknowledged. This door reads what the topics have held
since the run began, and `reckoning` holds one against the other. Of an event it reads session and sequence and skips
the rest, at less than half the price; only what does not look like an event at first sight gets the slow, thorough
reading that everybody else gives it.

It refuses to know how beliefs are stored: the caller hands in the changelog's topic and a reader for its values.
Strange: workers write their state down every second or two, and may have fallen behind, so the count is repeated for as
long as something is missing and it grows less; what is missing when nothing came for a while is reported as lost.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, Self

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from msgspec import Struct

from bots.reckoning import Acknowledged, Holdings, Verdict, reckon
from bots.report import Latency
from contract.codec import Unreadable, read_events, read_kept
from contract.failures import EventFailed, FailureSettled
from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS
from producers.account import Account

Folded = Callable[[bytes], Mapping[str, int]]
"""From one value of the state's changelog: how many different events of each session are folded into it."""
AGAIN_AFTER_S: Final = 0.25
OPEN_S: Final = 10.0
SILENT_S: Final = 30.0
"""How long Kafka may bring nothing of what it says it has."""


class NobodyThereError(ConnectionError):
    """Somebody who is needed cannot be reached; the text says who, where and what to do."""


class Place(Struct, frozen=True, gc=False):
    """Where an event stands: all of it that is looked at."""

    sessionid: str
    sequence: int


class Belief(Struct, frozen=True):
    """Likewise of a belief: what caused it, and when that happened."""

    sessionid: str
    causetime: datetime


_one = msgspec.json.Decoder(Place).decode
_many = msgspec.json.Decoder(list[Place]).decode
_told = msgspec.json.Decoder(Belief).decode


async def from_now_on(kafka: str, topics: Collection[str], patience_s: float = OPEN_S) -> AIOKafkaConsumer:
    """A consumer at the present end of `topics`. Raises `NobodyThereError`."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        async with asyncio.timeout(patience_s):
            await consumer.start()
            for place, end in (await _ends(consumer)).items():
                consumer.seek(place, end)
    except (KafkaError, TimeoutError) as fault:
        await consumer.stop()
        sentence = f"Kafka at {kafka} did not show {', '.join(topics)} ({type(fault).__name__}): is a worker up?"
        raise NobodyThereError(sentence) from fault
    return consumer


async def _ends(consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
    return dict(await consumer.end_offsets(consumer.assignment()))


class Ledger:
    """Remembers where the topics ended when a run began, and audits what came after."""

    def __init__(self, kafka: str, state_topic: str, folded: Folded) -> None:
        self._kafka = kafka
        self._state_topic = state_topic
        self._folded = folded
        self._found = Holdings(Account(), Account(), {})
        self._refusals = Refusals()
        self.signal = Latency()

    async def open(self, patience_s: float = OPEN_S) -> Self:
        """Remembers the present end of every topic: the run begins here. Raises `NobodyThereError`."""
        topics = (PLAYER_EVENTS.name, ENGAGEMENT_SIGNALS.name, FAILED_EVENTS.name, self._state_topic)
        self._consumer = await from_now_on(self._kafka, topics, patience_s)
        return self

    async def close(self) -> None:
        """Lets go of the broker."""
        await self._consumer.stop()

    async def audit(self, acknowledged: Acknowledged, patience_s: float = 15.0) -> Verdict:
        """Reads on and counts until nothing is missing, or no less than before for `patience_s`.

        Raises `NobodyThereError` when Kafka goes away meanwhile.
        """
        try:
            return await self._count(acknowledged, patience_s)
        except KafkaError as fault:
            sentence = (
                f"Kafka at {self._kafka} went away ({type(fault).__name__}) before every event was counted: "
                "what was lost is not known. See that it is up, and run it again."
            )
            raise NobodyThereError(sentence) from fault

    async def _count(self, acknowledged: Acknowledged, patience_s: float) -> Verdict:
        clock = asyncio.get_running_loop().time
        await self._read_on(acknowledged)
        verdict, since_s = reckon(acknowledged, self._found), clock()
        while verdict.lost and clock() - since_s < patience_s:
            await asyncio.sleep(AGAIN_AFTER_S)
            await self._read_on(acknowledged)
            before, verdict = verdict, reckon(acknowledged, self._found)
            if verdict.lost < before.lost:
                since_s = clock()
        return verdict

    async def _read_on(self, acknowledged: Acknowledged) -> None:
        """Takes in everything up to where the topics end now. Raises `NobodyThereError` when Kafka falls silent."""
        clock = asyncio.get_running_loop().time
        heard_s = clock()
        for place, end in (await _ends(self._consumer)).items():
            while await self._consumer.position(place) < end:
                fetched = await self._consumer.getmany(place, timeout_ms=500)
                if fetched:
                    heard_s = clock()
                elif clock() - heard_s > SILENT_S:
                    sentence = f"Kafka at {self._kafka} fell silent while the events were counted: start it, run again."
                    raise NobodyThereError(sentence)
                for record in fetched.get(place, ()):
                    self._take(record, acknowledged)
        self._found.refused = self._refusals.book()

    def _take(self, record: ConsumerRecord, acknowledged: Acknowledged) -> None:
        value = record.value
        if value is None:  # somebody is to be forgotten: no event, no belief, no state
            return
        match record.topic:
            case PLAYER_EVENTS.name:
                _enter(self._found.on_topic, value, acknowledged)
            case ENGAGEMENT_SIGNALS.name:
                belief = _read_belief(value)
                if belief and belief.sessionid in acknowledged:
                    self.signal.record(record.timestamp - belief.causetime.timestamp() * 1000)
            case FAILED_EVENTS.name:
                self._refusals.take(value, acknowledged)
            case _:
                self._found.folded.update(self._folded(value))


class Refusals:
    """Where refused events stand: each refusal once, however often it was told, and none that was replayed since."""

    def __init__(self) -> None:
        self._places: dict[str, list[Place]] = {}
        self._replayed: set[str] = set()

    def take(self, message: bytes, acknowledged: Acknowledged) -> None:
        """One message of failed-events."""
        match read_kept(message):
            case EventFailed(id=name, data=failure):
                self._places[name] = [each for each in places(failure.original) if each.sessionid in acknowledged]
            case FailureSettled(data=settlement) if settlement.how == "replayed":
                self._replayed.add(settlement.failure)
            case _:
                pass

    def book(self) -> Account:
        """Session and sequence of every event that was refused and is still."""
        book = Account()
        for name, refused in self._places.items():
            for place in refused if name not in self._replayed else ():
                book.enter(place.sessionid, place.sequence)
        return book


def _read_belief(message: bytes) -> Belief | None:
    try:
        return _told(message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _enter(book: Account, message: bytes, acknowledged: Acknowledged) -> None:
    for place in places(message):
        if place.sessionid in acknowledged:
            book.enter(place.sessionid, place.sequence)


def places(message: bytes) -> list[Place]:
    """Where each event of one Kafka message stands, whether it is one event or an array of them."""
    try:
        return _many(message) if message.startswith(b"[") else [_one(message)]
    except (msgspec.DecodeError, UnicodeDecodeError):
        events = read_events(message, datetime.now(UTC))
        return [Place(each.sessionid, each.sequence) for each in events if not isinstance(each, Unreadable)]
