"""A Faust transport that hands an agent a whole fetched chunk of a partition as one message.

Stock Faust pays for every record: a message object, a race between the callback and a suspended flow, a queue, an ack,
a list of acked offsets that is searched at every commit. That is some 95 us an event where the fetch itself costs 3.
Here a source topic yields one message per partition and fetch, at most `CHUNK` records long, whose value is the list
of aiokafka records and whose offset is that of the last one. Groups, rebalancing, tables, acks and commits stay
Faust's. Changelogs come in chunks as well, for a table that knows (recovery.py): record by record a worker took 200 us
for each to get its players back. It is used by registering `chunks://` beside `kafka://` and giving Faust a broker
address with that scheme.

What is strange, and why it is right:
- **Commits.** Faust finds the offset to commit by looking for consecutive acked offsets, and fills the holes that a
  skipping fetch leaves by writing every missing number into an interval tree. Chunks make nothing but holes. So for
  source topics the chunks handed out are remembered in order, and what is committed is the end of the last one up to
  which *all* are acked. An ack from before a rebalance counts for nothing.
- **Seeking.** After a rebalance stock Faust resumes the source partitions and only then seeks them to what was
  committed, with the fetcher already running: records are handed out before the seek, and again after it. Here a fetch
  and a seek exclude each other, and what was fetched in a generation of the group before its seek is dropped. What
  was committed the broker says alone: Faust notes commits that failed as well.
- **Waiting.** A chunk is handed over by awaiting the callback directly, which cannot block while the flow runs and the
  queue has room. Otherwise it races, as in stock Faust, against the suspension of the flow: a rebalance empties the
  queue without waking whoever waits to put something into it.
- **Pressure.** Faust stops fetching a partition whose queue is nearly full, and may start it again after it was
  revoked. The bounded queue makes the fetcher wait; nothing else is needed.
- **No thread.** Whoever talks to the broker is a guest on the worker's own loop (guest.py).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Final, TypeAlias

import faust
from aiokafka.structs import ConsumerRecord
from faust.transport.consumer import RecordMap
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as stock
from faust.types import TP, ConsumerMessage, Message
from mode.utils.queues import FlowControlEvent

from processors.guest import Guest

SCHEME: Final = "chunks"
CHUNK: Final = 2_000
"""Records in one message at most: the agent cannot be interrupted inside a chunk, so this bounds how long a rebalance
waits for it (2,000 events are some 20 ms)."""
QUEUE_CHUNKS: Final = 16

Chunk: TypeAlias = list[ConsumerRecord]


class Flow(FlowControlEvent):
    """The stock one empties all queues when it is resumed, also when nothing had suspended it.

    Faust resumes it once to restore tables and again some turns of the loop after the seek: what was fetched between
    the two was lost from the queue, and what came after it was folded.
    """

    def resume(self) -> None:
        """Let chunks in, unless they may come in already."""
        if not self.is_active():
            super().resume()


class ChunkedApp(faust.App):
    """A Faust app whose topics named in `chunked` arrive in chunks."""

    def __init__(self, *args: Any, chunked: Iterable[str], **options: Any) -> None:  # noqa: ANN401 - Faust's own signature
        self.chunked = frozenset(chunked)
        super().__init__(*args, **options)

    @cached_property
    def flow_control(self) -> FlowControlEvent:
        """What lets chunks into the agent's queue, and empties it when partitions are revoked."""
        return Flow(loop=self.loop)

    def _create_directories(self) -> None:
        """None: tables live in memory and in Kafka, and a worker's file system may be read-only."""


class AsFetched(faust.Schema[Any, Any]):
    """Leaves key and value alone: what a chunk holds is read by whoever knows the contract."""

    def loads_key(self, app: Any, message: Message, **_: Any) -> Any:  # noqa: ANN401, ARG002 - Faust's own signature
        return message.key

    def loads_value(self, app: Any, message: Message, **_: Any) -> Any:  # noqa: ANN401, ARG002 - Faust's own signature
        return message.value


class Consumer(stock.Consumer):
    """Faust's consumer, chunk by chunk for the topics in `app.chunked`."""

    app: ChunkedApp

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Faust's own signature
        self._handed_out: dict[TP, deque[int]] = {}
        """The offsets of the chunks not yet committed, oldest first."""
        self._fetching = asyncio.Lock()
        """Held by a fetch and by a seek: never both, so that it is known whether records are from before a seek."""
        self._sought_in: int | None = None
        """The generation for which the source partitions stand where the group committed."""
        super().__init__(*args, **kwargs)

    def committed(self, tp: TP) -> int:
        """Everything of a partition before this offset was folded by the group; 0 when nothing is known."""
        return max(self._committed_offset[tp] or 0, 0)

    def _new_consumer_thread(self) -> Guest:
        return Guest(self, loop=self.loop, thread_loop=self.loop, beacon=self.beacon)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> RecordMap:  # noqa: ASYNC109 - Faust's own signature
        async with self._fetching:
            return await super()._getmany(active_partitions, timeout)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's own signature
        """What one fetch brought: chunks of source topics, single messages of all others."""
        records, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        sought = self._sought_in == generation  # asked once, here: a seek that waited for this fetch comes next
        for tp, fetched in (records or {}).items():
            if active is not None and tp not in active:
                continue
            if tp.topic in self.app.chunked and not sought:
                continue
            self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
            for message in self._messages(tp, fetched):
                if self.app.consumer_generation_id != generation or not self.flow_active or self.should_stop:
                    return
                yield tp, message

    def _messages(self, tp: TP, fetched: Chunk) -> Iterable[ConsumerMessage]:
        if tp.topic not in self.app.chunked and tp.topic not in self.app.tables.changelog_topics:
            return (self._to_message(tp, record) for record in fetched)
        chunks = (fetched[at : at + CHUNK] for at in range(0, len(fetched), CHUNK))
        return (self._chunk_message(tp, chunk) for chunk in chunks)

    def _chunk_message(self, tp: TP, chunk: Chunk) -> ConsumerMessage:
        message = self._to_message(tp, chunk[-1])
        message.key = None
        message.value = chunk  # type: ignore[assignment]  # bytes for Faust; AsFetched hands it on as it is
        return message

    async def _drain_messages(self, fetcher: Any) -> None:  # noqa: ANN401 - Faust's own signature
        """The fetcher's loop. The stock one, less what it does per message."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                async for tp, message in self.getmany(timeout=1.0):
                    read = self._read_offset[tp]
                    if read is not None and message.offset < read:
                        continue
                    if tp.topic in self.app.chunked:
                        self._handed_out.setdefault(tp, deque()).append(message.offset)
                        await self._hand_over(message)
                    else:
                        await self.wait_first(self.callback(message), self.suspend_flow.wait())
                    self._read_offset[tp] = message.offset
                await self.sleep(0)
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise

    async def _hand_over(self, message: Message) -> None:
        handing_over: Awaitable[None] = self.callback(message)
        if self.app.flow_control.is_active() and self._room(message.topic):
            await handing_over
        else:
            await self.wait_first(handing_over, self.suspend_flow.wait())

    def _room(self, topic: str) -> bool:
        return not any(topic in channel.topics and channel.queue.full() for channel in self.app.topics)

    def on_buffer_full(self, tp: TP) -> None:
        if tp.topic not in self.app.chunked:
            super().on_buffer_full(tp)

    def ack(self, message: Message) -> bool:
        """Mark `message` as done, unless it was fetched before the newest rebalance."""
        if message.topic in self.app.chunked and message.generation_id != self.app.consumer_generation_id:
            message.acked = True
            self._unacked_messages.discard(message)
            return False
        return super().ack(message)

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit: after the last chunk up to which all chunks handed out are acked."""
        if tp.topic not in self.app.chunked:
            return super()._new_offset(tp)
        waiting, acked = self._handed_out.get(tp, deque()), self._acked_index[tp]
        done = None
        while waiting and waiting[0] in acked:
            done = waiting.popleft()
            acked.discard(done)
        if done is None:
            return None
        self._acked[tp] = [offset for offset in self._acked[tp] if offset in acked]
        return done + 1

    async def perform_seek(self) -> None:
        """Back to what was committed: everything handed out after that will come again."""
        async with self._fetching:
            self._handed_out.clear()
            for tp in [tp for tp in self._acked if tp.topic in self.app.chunked]:
                self._acked[tp].clear()
                self._acked_index[tp].clear()
            for tp in [tp for tp in self._committed_offset if tp.topic in self.app.chunked]:
                self._committed_offset[tp] = None
            generation = self.app.consumer_generation_id
            await super().perform_seek()
            await self._seek_to_beginnings()
            self._sought_in = generation

    async def _seek_to_beginnings(self) -> None:
        """A partition of which nothing is committed yet: the stock seek leaves it wherever the fetcher has got to."""
        sources = {tp for tp in self.assignment() if tp.topic in self.app.chunked}
        fresh = {tp for tp in sources if not self._committed_offset[tp]}
        if fresh:
            await self._thread.seek_to_beginning(*stock.ensure_aiokafka_TPset(fresh))


class Producer(stock.Producer):
    """Faust's producer, which must not lose or double what it was told to send."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Transport(stock.Transport):
    """What `chunks://host:port` stands for."""

    Consumer: ClassVar[type[Consumer]] = Consumer
    Producer: ClassVar[type[Producer]] = Producer


TRANSPORTS.aliases[SCHEME] = f"{__name__}:Transport"
