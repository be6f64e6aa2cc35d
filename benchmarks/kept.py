"""What became of every message: the topic of players and the topic of refusals, read back and held against each other.

Seen from outside. An event is refused when `failed-events` has it, by partition, offset and place, and accepted when it
has not; nobody asks the worker. Each accepted event is shown to the oracle, each refused one must lie there byte for
byte and once. Refusals of one run are held as places and digests, so that a million of them fit into memory.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Final, NamedTuple, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec import Struct, field

from benchmarks import oracle
from benchmarks.oracle import Told
from contract.codec import read_failure
from contract.failures import EventFailed, Reason
from contract.topics import FAILED_EVENTS, PLAYER_EVENTS, Topic

SHOWN: Final = 5
"""Of what should not be, so many are kept to be looked at."""
DIGEST_BYTES: Final = 8
Place = tuple[int, int, int]
"""Partition and offset of a message, and the place of an event in it."""


class Record(Protocol):
    """What is looked at of a Kafka record."""

    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


class Refusal(NamedTuple):
    """One refusal, as far as it has to be remembered."""

    reason: Reason
    digest: bytes
    detail: str


class Found(Struct):
    """What became of the messages looked at; the last ones, from `unexplained` on, should be 0 and empty."""

    messages: int = 0
    events: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    beyond: Counter[str] = field(default_factory=Counter)
    """Refused although the schemas allow it: how often, by reason; `oracle.BEYOND` says why."""
    without_value: int = 0
    """Messages without a value ask that a player be forgotten; they are no events, unless they were refused."""
    wrongly_accepted: int = 0
    unexplained: int = 0
    """Refused although the schemas allow it, for a reason that explains nothing."""
    altered: int = 0
    """Refused events whose bytes are not those that were sent."""
    twice: int = 0
    """Refusals that were kept more than once."""
    sound_refused: int = 0
    """Messages that were good, and refused all the same."""
    shown: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """All that were refused."""
        return self.refused.total()


def judged(records: Iterable[Record], refusals: Mapping[Place, Refusal], found: Found) -> None:
    """Hold `records` against the refusals that are known, and count in `found`."""
    for record in records:
        found.messages += 1
        first = refusals.get((record.partition, record.offset, 0))
        if record.value is None:
            found.without_value += 1
            if first is not None:
                found.events += 1
                _count(found, first, fits=False)
            continue
        told = oracle.read(record.value)
        if first is not None and first.digest == digest(record.value):  # refused whole, whatever was in it
            found.events += 1
            _count(found, first, fits=bool(told) and all(each.fits for each in told))
            continue
        for position, each in enumerate(told):
            _one(record, each, refusals.get((record.partition, record.offset, position)), found)


def _one(record: Record, told: Told, refusal: Refusal | None, found: Found) -> None:
    """An event of a message that was not refused whole."""
    found.events += 1
    if refusal is not None:
        _count(found, refusal, fits=told.fits)
        if refusal.digest != digest(told.raw):
            found.altered += 1
            _show(found, f"altered ({refusal.reason})", told.raw)
        return
    found.accepted += 1
    if not told.fits or told.subject.encode() != record.key:
        found.wrongly_accepted += 1
        _show(found, f"wrongly accepted with the key {record.key!r}", told.raw)


def _count(found: Found, refusal: Refusal, *, fits: bool) -> None:
    found.refused[refusal.reason] += 1
    if fits:
        found.beyond[refusal.reason] += 1
        if refusal.reason not in oracle.BEYOND:
            found.unexplained += 1
            _show(found, f"refused as {refusal.reason} without need", refusal.detail.encode())


def _show(found: Found, what: str, raw: bytes) -> None:
    if len(found.shown) < SHOWN:
        found.shown.append(f"{what}: {raw[:2_000]!r}")


def digest(raw: bytes) -> bytes:
    """Eight bytes that stand for `raw`."""
    return blake2b(raw, digest_size=DIGEST_BYTES).digest()


async def refusals_of(kafka: str, since: Mapping[int, int]) -> tuple[dict[Place, Refusal], int]:
    """Every refusal of a message at or after these offsets, by partition; and how many lay there twice."""
    found: dict[Place, Refusal] = {}
    twice = 0
    async for record in records_of(kafka, FAILED_EVENTS, {}):
        told = read_failure(record.value or b"")
        if not isinstance(told, EventFailed) or told.data.topic != PLAYER_EVENTS.name:
            continue
        place = (told.data.partition, told.data.offset, told.data.position)
        if place[1] >= since.get(place[0], 0):
            twice += place in found
            found[place] = Refusal(told.data.reason, digest(told.data.original), told.data.detail[:80])
    return found, twice


async def records_of(kafka: str, topic: Topic, since: Mapping[int, int]) -> AsyncIterator[Record]:
    """Every record of `topic` from these offsets (or the beginning) to where it ends now."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(places)
        for place in places:
            consumer.seek(place, since.get(place.partition, 0))
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, chunk in (await consumer.getmany(timeout_ms=200)).items():
                for record in chunk:
                    if record.offset < ends[place]:
                        yield record


async def ends_of(kafka: str, topic: Topic) -> dict[int, int]:
    """By partition, where the topic ends now."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        ends = await consumer.end_offsets([TopicPartition(topic.name, number) for number in range(topic.partitions)])
    return {place.partition: end for place, end in ends.items()}


async def became_of(kafka: str, since: Mapping[int, int], sound: Callable[[bytes], bool]) -> Found:
    """What became of every message at or after these offsets; all of them must have been taken up.

    Under a key that is `sound` nothing malformed was said.
    """
    found = Found()
    refusals, found.twice = await refusals_of(kafka, since)
    async for record in records_of(kafka, PLAYER_EVENTS, since):
        failed = found.failed
        judged([record], refusals, found)
        found.sound_refused += sound(record.key or b"") and found.failed > failed
    return found
