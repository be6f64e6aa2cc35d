"""What became of every acknowledged event: counted from the topics and the state, never assumed.

The emitter's account says which (session, sequence) the broker acknowledged. This door reads what the topics have held
since the run began and holds one against the other: an acknowledged event that is not on the topic, or was never
folded, is *lost*; one folded more often than once is *doubled*. A refused event lies on failed-events and is neither.

It refuses to know how beliefs are stored: the caller hands in the changelog's topic and a reader for its values.
Strange: workers write their state down every second or two, so the count is repeated until it is clean or time is up;
what is still missing then is reported as lost.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from msgspec import Struct

from bots.report import Latency
from contract.codec import Unreadable, read_events, read_failure, read_signal
from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS

Acknowledged = Mapping[str, Collection[int]]
"""Per session, the sequences that the broker acknowledged."""
Folded = Callable[[bytes], Mapping[str, int]]
"""From one value of the state's changelog: how many different events of each session are folded into it."""
AGAIN_AFTER_S: Final = 0.25
OPEN_S: Final = 10.0


class NobodyThereError(ConnectionError):
    """Somebody who is needed cannot be reached; the text says who, where and what to do."""


class Verdict(Struct, frozen=True):
    """The count."""

    lost: int
    doubled: int
    failed: int
    repeated: int
    """Copies on the topic beyond the first: harmless, because they are folded once."""


class Holdings(Struct):
    """What was found, for the sessions in question."""

    on_topic: defaultdict[str, Counter[int]]
    refused: defaultdict[str, set[int]]
    folded: dict[str, int]
    failed: int = 0


def reckon(acknowledged: Acknowledged, found: Holdings) -> Verdict:
    """Holds the acknowledged sequences of each session against what was found of them.

    The state knows a number per session, not which: it is compared with the different, unrefused events on the topic.
    """
    lost = doubled = repeated = 0
    for session, sequences in acknowledged.items():
        seen = found.on_topic[session]
        foldable = len(seen.keys() - found.refused[session])
        folded = found.folded.get(session, 0)
        lost += len(set(sequences) - seen.keys()) + max(foldable - folded, 0)
        doubled += max(folded - foldable, 0)
        repeated += seen.total() - len(seen)
    return Verdict(lost, doubled, found.failed, repeated)


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
        self._found = Holdings(defaultdict(Counter), defaultdict(set), {})
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
        """Reads on and counts until nothing is missing or `patience_s` is over."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while True:
            await self._read_on(acknowledged)
            verdict = reckon(acknowledged, self._found)
            if not verdict.lost or asyncio.get_running_loop().time() > deadline:
                return verdict
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _read_on(self, acknowledged: Acknowledged) -> None:
        """Takes in everything up to where the topics end now."""
        for place, end in (await _ends(self._consumer)).items():
            while await self._consumer.position(place) < end:
                fetched = await self._consumer.getmany(place, timeout_ms=500)
                for record in fetched.get(place, ()):
                    self._take(record, acknowledged)

    def _take(self, record: ConsumerRecord, acknowledged: Acknowledged) -> None:
        value = record.value
        match record.topic:
            case PLAYER_EVENTS.name:
                self._take_events(value, acknowledged)
            case ENGAGEMENT_SIGNALS.name:
                belief = read_signal(value)
                if not isinstance(belief, Unreadable) and belief.cause.session in acknowledged:
                    self.signal.record(record.timestamp - belief.cause.time.timestamp() * 1000)
            case FAILED_EVENTS.name:
                self._take_refusal(value, acknowledged)
            case _:
                if value is not None:
                    self._found.folded.update(self._folded(value))

    def _take_events(self, value: bytes, acknowledged: Acknowledged) -> None:
        for event in read_events(value, datetime.now(UTC)):
            if not isinstance(event, Unreadable) and event.sessionid in acknowledged:
                self._found.on_topic[event.sessionid][event.sequence] += 1

    def _take_refusal(self, value: bytes, acknowledged: Acknowledged) -> None:
        refusal = read_failure(value)
        if isinstance(refusal, Unreadable):
            return
        for event in read_events(refusal.data.original, datetime.now(UTC)):
            if not isinstance(event, Unreadable) and event.sessionid in acknowledged:
                self._found.refused[event.sessionid].add(event.sequence)
                self._found.failed += 1
