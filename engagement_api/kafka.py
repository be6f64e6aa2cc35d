"""The door to Kafka: beliefs in, goals out.

Fetching is as eager as the broker allows: an answer comes with the first byte, and a goal leaves without linger.
Offsets are committed by hand (see `keep`). A broker that is not there yet is asked again; once joined, aiokafka itself
finds it again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka.errors import KafkaError
from msgspec import Meta, Struct

from contract.codec import encode
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS, REWRITTEN
from engagement_api.listen import Fetched, Forget
from engagement_api.record import Record

GROUP: Final = "engagement-api"
AGAIN_S: Final = 1.0
MOST: Final = 2_000
"""Messages in one batch: bounds the work between two commits."""
SESSION_MS: Final = 6_000
PLENTY_PER_S: Final = 4_000
LOOK_S: Final = 0.25
"""How long messages are counted before it is said whether so many come: they come in bursts."""
HOLD_MS: Final = 20
"""How long the broker may hold a fetch open while so many come: a request costs as much as thirty of them."""
EAGER_MS: Final = 500
"""How long it may hold an empty one open otherwise; a message ends it at once."""
PLENTY_BYTES: Final = 1_000_000
log = logging.getLogger(__name__)


class Settings(Struct, frozen=True):
    """What this door reads from its environment."""

    kafka: str = "127.0.0.1:9092"
    kafka_advertised: str = ""
    """The address games are told; the same as `kafka` when empty."""
    member: Annotated[str, Meta(max_length=64)] = ""
    """Its name in the group, kept over restarts: whoever comes back under it has its partitions at once."""


class Kafka(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """One consumer of beliefs and one producer of goals."""

    def __init__(self, broker: Settings, before_moving: Callable[[], Awaitable[None]]) -> None:
        self._address = broker.kafka
        self._member = broker.member or None
        self._before_moving = before_moving
        self._consumer: Any = None
        self._producer: Any = None
        self._looked_at_s = 0.0
        self._fetched = 0

    async def start(self) -> None:
        """Returns when both ends are connected; asks again for as long as the broker is away."""
        while True:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._address, acks="all", enable_idempotence=True, linger_ms=0
            )
            self._consumer = AIOKafkaConsumer(
                bootstrap_servers=self._address,
                group_id=GROUP,
                group_instance_id=self._member,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                session_timeout_ms=SESSION_MS,
                heartbeat_interval_ms=SESSION_MS // 3,
            )
            try:
                await self._producer.start()
                self._consumer.subscribe([ENGAGEMENT_SIGNALS.name], listener=self)
                await self._consumer.start()
            except KafkaError as fault:
                log.warning("No Kafka at %s (%s); asked again every %s s.", self._address, fault, AGAIN_S)
                await self.stop()
                await asyncio.sleep(AGAIN_S)
            else:
                return

    async def stop(self) -> None:
        """Leave the group and close both ends."""
        for end in (self._consumer, self._producer):
            if end is not None:
                await end.stop()
        self._consumer = self._producer = None

    async def fetch(self) -> Fetched:
        """The next beliefs of every partition, as soon as there are any."""
        chunks: dict[Any, list[Any]] = {}
        while not chunks:
            chunks = await self._consumer.getmany(timeout_ms=1_000, max_records=MOST)
            self._hold_next(sum(map(len, chunks.values())))
        return Fetched(
            [_heard(message) for chunk in chunks.values() for message in chunk if not _had(message)],
            {partition: chunk[-1].offset + 1 for partition, chunk in chunks.items()},
        )

    def _hold_next(self, fetched: int) -> None:
        """Say whether the next fetch is eager; aiokafka reads both numbers anew for every request."""
        self._fetched += fetched
        now_s = asyncio.get_running_loop().time()
        if (long_s := now_s - self._looked_at_s) > LOOK_S:
            plenty = self._fetched > PLENTY_PER_S * long_s
            fetcher = self._consumer._fetcher  # noqa: SLF001 - nowhere to be said in public
            fetcher._fetch_min_bytes = PLENTY_BYTES if plenty else 1  # noqa: SLF001
            fetcher._fetch_max_wait_ms = HOLD_MS if plenty else EAGER_MS  # noqa: SLF001
            self._looked_at_s, self._fetched = now_s, 0

    async def publish(self, records: Sequence[Record]) -> None:
        """Every goal is acknowledged by the broker when this returns."""
        if self._producer is None:
            raise self._unconnected()
        sent = [
            await self._producer.send(ADAPTATIONS.name, encode(record.goal), key=record.player.encode())
            for record in records
        ]
        await asyncio.gather(*sent)

    async def bury(self, player: str) -> None:
        """Where the player's goals are, the newest word is that there are none."""
        if self._producer is None:
            raise self._unconnected()
        await self._producer.send_and_wait(ADAPTATIONS.name, None, key=player.encode())

    async def commit(self, offsets: Mapping[object, int]) -> None:
        """Everything before these offsets needs not be heard again; partitions that moved away are left out."""
        mine = self._consumer.assignment()
        if here := {partition: offset for partition, offset in offsets.items() if partition in mine}:
            await self._consumer.commit(here)

    async def ping(self) -> None:
        """Returns when the broker answers; raises when not."""
        if self._consumer is None:
            raise self._unconnected()
        await self._consumer.topics()

    def _unconnected(self) -> ConnectionError:
        return ConnectionError(f"not connected to {self._address} yet")

    def partitions(self) -> list[int]:
        """The partitions of beliefs this process owns now."""
        assigned = self._consumer.assignment() if self._consumer is not None else ()
        return sorted(partition.partition for partition in assigned)

    async def on_partitions_revoked(self, revoked: object) -> None:  # noqa: ARG002 - all are forgotten, whichever move
        """Everything heard so far is settled before somebody else takes over."""
        await self._before_moving()

    async def on_partitions_assigned(self, assigned: list[Any]) -> None:
        """Say what this process owns now."""
        log.info("Owns partitions %s of %s.", sorted(p.partition for p in assigned), ENGAGEMENT_SIGNALS.name)


def _had(message: Any) -> bool:  # noqa: ANN401 - aiokafka has no types
    """Whether it lies here a second time: nothing is rewritten before this group has committed it."""
    return any(name == REWRITTEN for name, _ in message.headers)


def _heard(message: Any) -> bytes | Forget:  # noqa: ANN401 - aiokafka has no types
    if message.value is None and message.key:
        return Forget(message.key.decode(errors="replace"))
    return message.value or b""
