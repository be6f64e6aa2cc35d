"""The Faust app: where chunks meet players, and when what was folded may be called done.

One agent takes the chunks of `player-events` (batching.py), folds each into the players of its partition
(partition.py), tells what the river may answer at once and the rest in turns, and lays aside what cannot be folded.
Nothing is acknowledged yet. Every `snapshot_s` seconds, and when partitions are revoked, and at the end:

    1. the beliefs told so far, and what was refused, are on their topics, safe (acks=all);
    2. every player that changed is written to the table's changelog, with the offset it was folded to;
    3. when those writes are safe too, the chunks taken before step 1 are acked;
    4. Faust commits what is acked.

A crash between any two steps makes events come again to a state that knows them, so their effect is had once.

The changelog is the table's own and Faust restores the table from it when partitions are assigned; the table is read
when a player is first met. It is written here in batches rather than through `table[key] = ...`, which costs 60 us a
write and would ask for a current event. The live players belong to the assignment: they are forgotten when it ends.
What a partition has counted of everybody goes its own way (logbook.py).
"""

import asyncio
import logging
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final, cast

import mode
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faust.streams import Stream
from faust.types import EventT, Message, StreamT
from msgspec import Meta, Struct

from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, FLEET_FIGURES, PLAYER_EVENTS
from processors.batching import QUEUE_CHUNKS, SCHEME, AsFetched, Chunk, ChunkedApp, Consumer
from processors.logbook import Logbook, newest
from processors.partition import Partition
from processors.recovery import Recalled, Tables
from processors.state import APP, TABLE, offset_of
from processors.tell import Refusals, Teller, write
from processors.watchdog import SESSION_S, StuckError, Watchdog

LOG: Final = logging.getLogger(__name__)
TELL_S: Final = 0.05
"""Between two turns at telling what can wait."""
TOLD_A_TURN: Final = 200
"""Beliefs of a turn: 4,000 a second, a tenth of a core in all; with more players each is told less often."""
ASK_S: Final = 2.0


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What a worker may be told."""

    kafka: str = "127.0.0.1:9092"
    worker_port: Annotated[int, Meta(ge=0, le=65_535)] = 8091
    """Of its health and metrics, on 127.0.0.1; 0 for any free one."""
    snapshot_s: Annotated[float, Meta(ge=0.05, le=60.0)] = 1.0
    member: Annotated[str, Meta(max_length=64)] = ""
    """Its name in the group, kept over restarts: whoever comes back under it has its partitions at once."""


def new_app(settings: Settings, name: str = APP) -> ChunkedApp:
    """The Faust app with every default changed that this room cannot live with (docs/decisions/faust-defaults.md)."""
    return ChunkedApp(
        name,
        chunked=[PLAYER_EVENTS.name],
        broker=f"{SCHEME}://{settings.kafka}",
        store="memory://",
        Table=Recalled,
        TableManager=Tables,
        broker_session_timeout=SESSION_S,
        broker_heartbeat_interval=SESSION_S / 3.0,
        broker_rebalance_timeout=10.0,
        broker_request_timeout=15.0,
        broker_commit_interval=settings.snapshot_s,
        consumer_group_instance_id=settings.member or None,
        producer_acks=-1,
        topic_partitions=PLAYER_EVENTS.partitions,
        table_standby_replicas=0,
        topic_disable_leader=True,
        stream_wait_empty=False,
        web_enabled=False,
    )


class Worker:
    """One process's share of the partitions. `counts` and the properties are for health and metrics."""

    def __init__(self, app: ChunkedApp, producer: AIOKafkaProducer, settings: Settings) -> None:
        self.app = app
        self.teller = Teller(producer, ENGAGEMENT_SIGNALS.name)
        self.logbook = Logbook(partial(newest, settings.kafka), partial(write, producer, FLEET_FIGURES.name))
        self.refusals = Refusals(producer)
        self.folded = self.repeated = self.snapshots = 0
        self.kafka_answers = True
        self._watchdog = Watchdog(app, producer, lambda: self.ready)
        self._producer = producer
        self._snapshot_s = settings.snapshot_s
        self._partitions: dict[int, Partition] = {}
        self._done: list[Message] = []
        """Chunks folded and not yet covered by a snapshot."""
        self._busy = asyncio.Lock()
        """Held while a chunk is folded, and while the state is written because it is about to be lost."""
        self._writing = asyncio.Lock()
        self._table = app.Table(
            TABLE,
            schema=AsFetched(),
            key_type=bytes,
            value_type=bytes,
            partitions=PLAYER_EVENTS.partitions,
            recovery_buffer_size=2,  # of chunks; Faust's 1,000 would be gigabytes, and 1 would never end
            # Small segments, cleaned soon: a restart reads all of it, so it must stay near one value a player.
            extra_topic_configs={"segment.ms": 60_000, "min.cleanable.dirty.ratio": 0.1},
        )
        cast("Recalled", self._table).offset_of = offset_of
        events = app.topic(PLAYER_EVENTS.name, schema=AsFetched(), maxsize=QUEUE_CHUNKS)
        app.agent(events, concurrency=1, supervisor_strategy=mode.CrashingSupervisor)(self._fold)
        app.on_partitions_revoked.connect(self._give_up)
        app.on_partitions_assigned.connect(self._forget)
        app.on_before_shutdown.connect(self._give_up)
        app.task(self._keep_telling)
        app.task(self._keep_writing)
        app.task(self._keep_asking)
        app.task(self.teller.run)
        app.task(self.refusals.run)
        app.task(self.logbook.run)

    @property
    def assigned(self) -> list[int]:
        """The partitions this worker folds."""
        held = self.app._assignment or set()  # noqa: SLF001 - Faust has no public word for it
        return sorted(tp.partition for tp in held if tp.topic == PLAYER_EVENTS.name)

    @property
    def failed(self) -> int:
        """Events refused and kept."""
        return self.refusals.kept

    @property
    def ready(self) -> bool:
        """Whether tables are restored and Kafka answers; true with no partitions too, which is a spare worker."""
        return bool(self.kafka_answers and self.app.tables.actives_ready and not self.app.rebalancing)

    async def _fold(self, stream: StreamT[Any]) -> None:
        async for event in cast("Stream[Any]", stream).noack().events():
            await self._take(event)

    async def _take(self, event: EventT[Any]) -> None:
        message = event.message
        async with self._busy:
            if not self._current(message):
                return
            partition = self._partitions.get(message.partition) or self._opened(message)
            taken = partition.take(cast("Chunk", message.value), datetime.now(UTC))
            message.value = None  # a chunk waits a second for its ack; its records need not
            self.folded += taken.folded
            self.repeated += taken.repeated
            await self.teller.tell_all(message.partition, taken.beliefs)
            await self.refusals.lay_aside(message.partition % FAILED_EVENTS.partitions, taken.refused)
            self._done.append(message)

    def _current(self, message: Message) -> bool:
        """Whether a chunk is still this worker's to fold: a rebalance may have begun since it was queued."""
        return self.app.flow_control.is_active() and message.generation_id == self.app.consumer_generation_id

    def _opened(self, message: Message) -> Partition:
        table, since = cast("Recalled", self._table), cast("Consumer", self.app.consumer).committed(message.tp)
        opened = self._partitions[message.partition] = Partition(message.partition, table.get, table.drop, since)
        self.logbook.open(opened.fleet)
        return opened

    async def _keep_telling(self) -> None:
        while not self.app.should_stop:
            await asyncio.sleep(TELL_S)
            if self._watchdog.frozen():
                return
            self._tell_waiting(TOLD_A_TURN // max(len(self._partitions), 1))

    def _tell_waiting(self, most: int | None) -> None:
        for number, partition in self._partitions.items():
            for key, belief in partition.untold(most, datetime.now(UTC)):
                self.teller.tell(number, key, belief)

    async def _keep_writing(self) -> None:
        while not self.app.should_stop:
            await asyncio.sleep(self._snapshot_s)
            await self.snapshot()

    async def _keep_asking(self) -> None:
        """Whether the broker is there: nothing else notices while no events come."""
        while not self.app.should_stop:
            try:
                async with asyncio.timeout(ASK_S):
                    self.kafka_answers = await self._producer.client.force_metadata_update()
            except TimeoutError:
                self.kafka_answers = False
            if why := self._watchdog.stuck(kafka_answers=self.kafka_answers):
                await self.app.crash(StuckError(why))
            await asyncio.sleep(ASK_S)

    async def snapshot(self) -> None:
        """Write out every player that changed, then ack the chunks that are covered by it."""
        async with self._writing:
            if self._watchdog.frozen():
                return  # somebody else writes these players by now
            covered, self._done = self._done, []
            owed = {number: each.snapshots() for number, each in self._partitions.items()}
            topic = self._table.changelog_topic.get_topic_name()
            told = ((number, key, raw) for number, snapshots in owed.items() for key, raw in snapshots)
            await self.refusals.keep()
            await self.teller.send()  # a belief that is in the state and was not told would never be told
            try:
                await write(self._producer, topic, told)
            except KafkaError as fault:
                LOG.warning("no snapshot this time: %r", fault)
                self._done[:0] = covered
                for number, snapshots in owed.items():
                    self._partitions[number].unwritten(key for key, _ in snapshots)
                return
            self.snapshots += sum(map(len, owed.values()))
            for message in covered:
                message.ack(self.app.consumer)

    async def _give_up(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - a Faust signal's own signature
        """The partitions are about to be somebody else's: write, commit, forget."""
        async with self._busy:
            if not self._watchdog.frozen():
                self._tell_waiting(None)
                await self.snapshot()
                await self.app.consumer.commit()
                await self.logbook.close()
            await self._forget()

    async def _forget(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - a Faust signal's own signature
        self._partitions.clear()
        self._done.clear()
        self.logbook.forget()
