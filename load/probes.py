"""What can be seen of a stack from outside while it is under load: its lag, its refusals, its answers, its hunger.

It asks and never waits long: a broker that was ended on purpose answers with None for a while, and the run goes on.
It refuses to know whose group the workers are in; the name is handed in.

Strange: the latency of beliefs is a *sample*. Reading every belief of a large crowd would load the machine that is
being measured, so above 300 players only one partition of eight is read, and of each message only its cause's time.
Whoever else plays on the same stack is in it. And memory counts shared pages once for everybody who shares them: the
resident size is what can be had every second without stopping a process to count its pages.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
import psutil
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from msgspec import Struct

from bots.ledger import NobodyThereError
from bots.outing import end
from bots.report import Latency
from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS, Topic
from load.gathering import Seen
from load.timeline import OTHERS

LOOK_S: Final = 0.8
"""A look that takes longer is given up: the next second is due."""
OPEN_S: Final = 10.0
SMALL_CROWD: Final = 300
SAMPLED: Final = 3
"""The partition that is read of a large crowd; any would do, players are spread by a hash."""
Pids = Callable[[], Mapping[str, int]]
"""The stack's processes by name, now: a part that was started again is another process."""
_T = TypeVar("_T")


class _Glance(Struct, frozen=True):
    """Of a belief, when its cause happened."""

    causetime: datetime


class Broker:
    """What Kafka itself knows: ends, commits, beliefs."""

    def __init__(self, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient, group: str) -> None:
        self._consumer = consumer
        self._admin = admin
        self._group = group
        self._events = _places(PLAYER_EVENTS)
        self._failures = _places(FAILED_EVENTS)
        self._refused: int | None = None
        self._glance = msgspec.json.Decoder(_Glance).decode
        self.signal = Latency()

    async def lag(self, until: Mapping[TopicPartition, int] | None = None) -> int | None:
        """How far the group's commits are behind the topic's end, or behind `until`; None when nobody answers."""
        committed, now = await asyncio.gather(self._in_time(self._committed()), self.ends())
        ends = until or now
        if committed is None or ends is None:
            return None
        return sum(max(ends[place] - max(committed.get(place, 0), 0), 0) for place in self._events)

    async def ends(self) -> Mapping[TopicPartition, int] | None:
        """Where the events end now; None when nobody answers in time."""
        return await self._in_time(self._consumer.end_offsets(self._events))

    async def _committed(self) -> Mapping[TopicPartition, int]:
        """A partition that nobody has committed yet is at -1."""
        found = await self._admin.list_consumer_group_offsets(self._group, partitions=self._events)
        return {place: metadata.offset for place, metadata in found.items()}

    async def _in_time(self, answer: Coroutine[Any, Any, _T]) -> _T | None:
        try:
            async with asyncio.timeout(LOOK_S):
                return await answer
        except (KafkaError, TimeoutError, OSError):
            return None

    async def refused(self) -> int:
        """How many messages came to failed-events since this was last asked; 0 as well when nobody answers."""
        ends = await self._in_time(self._consumer.end_offsets(self._failures))
        if ends is None:
            return 0
        before, self._refused = self._refused, sum(ends.values())
        return 0 if before is None else self._refused - before

    async def listen(self) -> None:
        """Takes in the sampled beliefs until it is cancelled."""
        while True:
            try:
                fetched = await self._consumer.getmany(timeout_ms=200)
            except KafkaError:
                await asyncio.sleep(LOOK_S)  # the consumer finds its broker again by itself
                continue
            for records in fetched.values():
                for record in records:
                    self._take(record)

    def _take(self, record: ConsumerRecord) -> None:
        try:
            cause = self._glance(record.value or b"")
        except msgspec.MsgspecError:
            return  # not ours to judge: the ledger and the API refuse it
        self.signal.record(record.timestamp - cause.causetime.timestamp() * 1000)

    def taken(self) -> Latency:
        """The sample since this was last asked."""
        taken, self.signal = self.signal, Latency()
        return taken


@asynccontextmanager
async def open_broker(kafka: str, group: str, players: int) -> AsyncIterator[Broker]:
    """Kafka's own view of a run, from now on. Raises `NobodyThereError`."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="latest")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    sampled = _places(ENGAGEMENT_SIGNALS)
    try:
        try:
            async with asyncio.timeout(OPEN_S):
                await consumer.start()
                await admin.start()
                consumer.assign(sampled if players <= SMALL_CROWD else sampled[SAMPLED : SAMPLED + 1])
                await consumer.seek_to_end()
        except (KafkaError, TimeoutError, OSError) as fault:
            sentence = f"Kafka at {kafka} did not answer ({type(fault).__name__}): is it up, and is that its address?"
            raise NobodyThereError(sentence) from fault
        broker = Broker(consumer, admin, group)
        await broker.refused()
        listening = asyncio.create_task(broker.listen(), name="beliefs")
        try:
            yield broker
        finally:
            await end(listening)
    finally:
        await consumer.stop()
        await admin.close()


async def look(broker: Broker, hunger: "Hunger") -> Seen:
    """Everything that can be seen now."""
    lag, failed = await asyncio.gather(broker.lag(), broker.refused())
    cores, memory = hunger.look()
    return Seen(lag, failed, broker.taken(), cores, memory)


class Hunger:
    """Cores and memory by part, between one look and the next; `clock` is monotonic seconds."""

    def __init__(self, pids: Pids | None, clock: Callable[[], float]) -> None:
        self._pids = pids
        self._clock = clock
        self._asked_s = clock()
        self._spent: dict[int, float] = {}
        psutil.cpu_percent()  # it counts from when it was asked before
        self.look()

    def look(self) -> tuple[dict[str, float], dict[str, float]]:
        """Cores in use since the last look, and megabytes now, of the bots and of every part on this machine."""
        now_s = self._clock()
        passed_s, self._asked_s = now_s - self._asked_s, now_s
        cores: dict[str, float] = {}
        memory: dict[str, float] = {}
        spent: dict[int, float] = {}
        for pid, part in self._parts().items():
            try:
                process = psutil.Process(pid)
                times, weight = process.cpu_times(), process.memory_info().rss
            except psutil.Error:
                continue  # it ended between the list and the look
            spent[pid] = times.user + times.system
            used = spent[pid] - self._spent.get(pid, spent[pid])
            cores[part] = cores.get(part, 0.0) + (used / passed_s if passed_s > 0 else 0.0)
            memory[part] = memory.get(part, 0.0) + weight / 1e6
        self._spent = spent
        if self._pids:
            busy = psutil.cpu_percent() / 100 * (psutil.cpu_count() or 1)
            cores[OTHERS] = max(busy - sum(cores.values()), 0.0)
        return _rounded(cores, 3), _rounded(memory, 1)

    def _parts(self) -> dict[int, str]:
        """Every process to look at, and the part it belongs to: this one and its children are the bots."""
        named = dict(self._pids()) if self._pids else {}
        stack = {pid: name.partition("-")[0] for name, pid in named.items()}
        here = psutil.Process()
        bots = {here.pid: "bots"}
        for child in here.children():
            # A stack that came up for this run is a child as well, but no bot.
            if child.pid not in stack:
                bots[child.pid] = "bots"
        return bots | {pid: part for pid, part in stack.items() if part != "supervisor"}


def _places(topic: Topic) -> list[TopicPartition]:
    return [TopicPartition(topic.name, number) for number in range(topic.partitions)]


def _rounded(values: dict[str, float], digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in values.items()}
