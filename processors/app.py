"""The Faust app: where chunks meet players, and when what was folded may be called done.

One agent takes the chunks of `player-events` (batching.py), folds each into the players of its partition
(partition.py), tells what the river may answer at once and the rest in turns, and has what cannot be folded written to
`failed-events` before it goes on. Nothing is acknowledged yet. Every `snapshot_s` seconds, and when partitions are
revoked, and at the end:

    1. every player that changed is written to the table's changelog, with the offset it was folded to;
    2. when those writes are safe (acks=all), the chunks taken before step 1 are acked;
    3. Faust commits what is acked.

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
from time import monotonic
from typing import Annotated, Any, Final, cast

import mode
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faust.streams import Stream
from faust.types import EventT, Message, StreamT
from msgspec import Meta, Struct

from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, FLEET_FIGURES, PLAYER_EVENTS
from processors.batching import QUEUE_CHUNKS, SCHEME, AsFetched, Chunk, ChunkedApp, Consumer, Recalled
from processors.logbook import Logbook, newest
from processors.partition import Partition, Taken
from processors.state import APP, TABLE
from processors.tell import Teller, write

LOG: Final = logging.getLogger(__name__)
TELL_S: Final = 0.05
"""Between two turns at telling what can wait."""
TOLD_A_TURN: Final = 200
"""Beliefs of a turn: 4,000 a second, a tenth of a core in all; with more players each is told less often."""
ASK_S: Final = 2.0
STUCK_S: Final = 20.0
"""A commit that takes longer, while Kafka answers, will never end: aiokafka's search for the coordinator can hang for
good after a broker died and came back."""
SESSION_S: Final = 6.0
"""How long the broker waits for a silent worker before it gives its partitions away. Faust's own: 60 s."""


class StuckError(Exception):
    """The worker can do nothing any more but stop; the text says what it waits for."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What a worker may be told."""

    kafka: str = "127.0.0.1:9092"
    worker_port: Annotated[int, Meta(ge=0, le=65_535)] = 8091
    """Of its health and metrics, on 127.0.0.1; 0 for any free one."""
    snapshot_s: Annotated[float, Meta(ge=0.05, le=60.0)] = 1.0


def new_app(settings: Settings, name: str = APP) -> ChunkedApp:
    """The Faust app with every default changed that this room cannot live with (docs/decisions/faust-defaults.md)."""
    return ChunkedApp(
        name,
        chunked=[PLAYER_EVENTS.name],
        broker=f"{SCHEME}://{settings.kafka}",
        store="memory://",
        Table=Recalled,
        broker_session_timeout=SESSION_S,
        broker_heartbeat_interval=SESSION_S / 3.0,
        broker_rebalance_timeout=10.0,
        broker_request_timeout=15.0,
        broker_commit_interval=settings.snapshot_s,
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
        self.folded = self.repeated = self.failed = self.snapshots = 0
        self.kafka_answers = True
        self._commit: asyncio.Future[Any] | None = None
        self._commit_since_s = 0.0
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
        events = app.topic(PLAYER_EVENTS.name, schema=AsFetched(), maxsize=QUEUE_CHUNKS)
        app.agent(events, concurrency=1, supervisor_strategy=mode.CrashingSupervisor)(self._fold)
        app.on_partitions_revoked.connect(self._give_up)
        app.on_partitions_assigned.connect(self._forget)
        app.on_before_shutdown.connect(self._give_up)
        app.task(self._keep_telling)
        app.task(self._keep_writing)
        app.task(self._keep_asking)
        app.task(self.teller.run)
        app.task(self.logbook.run)

    @property
    def assigned(self) -> list[int]:
        """The partitions this worker folds."""
        held = self.app._assignment or set()  # noqa: SLF001 - Faust has no public word for it
        return sorted(tp.partition for tp in held if tp.topic == PLAYER_EVENTS.name)

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
            partition = self._partitions.get(message.partition)
            if partition is None:
                partition = self._partitions[message.partition] = Partition(message.partition, self._table.get)
                self.logbook.open(partition.fleet)
            taken = partition.take(cast("Chunk", message.value), datetime.now(UTC))
            message.value = None  # a chunk waits a second for its ack; its records need not
            self._tell(message.partition, taken)
            await self._keep(message.partition, taken)
            self._done.append(message)

    def _current(self, message: Message) -> bool:
        """Whether a chunk is still this worker's to fold: a rebalance may have begun since it was queued."""
        return self.app.flow_control.is_active() and message.generation_id == self.app.consumer_generation_id

    def _tell(self, partition: int, taken: Taken) -> None:
        self.folded += taken.folded
        self.repeated += taken.repeated
        for key, belief in taken.beliefs:
            self.teller.tell(partition, key, belief)

    async def _keep(self, partition: int, taken: Taken) -> None:
        """What was refused is safe before its chunk counts as done, however long the broker is away."""
        lane = partition % FAILED_EVENTS.partitions
        while taken.refused:
            try:
                await write(self._producer, FAILED_EVENTS.name, ((lane, *refused) for refused in taken.refused))
            except KafkaError as fault:
                LOG.warning("%d refused events not kept yet, trying again: %r", len(taken.refused), fault)
                await asyncio.sleep(1.0)
            else:
                self.failed += len(taken.refused)
                return

    async def _keep_telling(self) -> None:
        while not self.app.should_stop:
            await asyncio.sleep(TELL_S)
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
            await self._stop_if_stuck()
            await asyncio.sleep(ASK_S)

    async def _stop_if_stuck(self) -> None:
        """A worker that cannot commit is worth less than the one that is started in its place."""
        commit = cast("Consumer", self.app.consumer)._commit_fut  # noqa: SLF001 - Faust has no public word for it
        if commit is None or commit is not self._commit:
            self._commit, self._commit_since_s = commit, monotonic()
        elif self.kafka_answers and monotonic() - self._commit_since_s > STUCK_S:
            text = f"a commit has not ended for {STUCK_S:.0f} s although Kafka answers"
            await self.app.crash(StuckError(text))

    async def snapshot(self) -> None:
        """Write out every player that changed, then ack the chunks that are covered by it."""
        async with self._writing:
            covered, self._done = self._done, []
            owed = {number: each.snapshots() for number, each in self._partitions.items()}
            try:
                await write(
                    self._producer,
                    self._table.changelog_topic.get_topic_name(),
                    ((number, key, raw) for number, snapshots in owed.items() for key, raw in snapshots),
                )
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
            self._tell_waiting(None)
            await self.snapshot()
            await self.app.consumer.commit()
            await self.logbook.close()
            await self._forget()

    async def _forget(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - a Faust signal's own signature
        self._partitions.clear()
        self._done.clear()
        self.logbook.forget()
