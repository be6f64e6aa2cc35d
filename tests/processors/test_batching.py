"""The chunk transport, with a made-up partner in the place of the one that talks to Kafka."""

import asyncio
from collections import deque
from collections.abc import Iterator

import pytest
from aiokafka.structs import ConsumerRecord
from faust.transport.drivers import by_url
from faust.types import TP, Message

from processors.app import SESSION_S, Settings, new_app
from processors.batching import CHUNK, ChunkedApp, Consumer, Producer, Transport

EVENTS, OTHER = TP("player-events", 0), TP("another-topic", 0)
GENERATION = 7


class Thread:
    """Answers what a test laid out: fetches in turn, and committed offsets."""

    def __init__(self) -> None:
        self.fetches: list[dict[TP, list[ConsumerRecord]]] = []
        self.committed: dict[TP, int | None] = {EVENTS: 0, OTHER: 0}
        self.begun: list[tuple[str, int]] = []
        self.fetching, self.answer = asyncio.Event(), asyncio.Event()
        self.answer.set()

    async def getmany(self, _: set[TP] | None, __: float) -> dict[TP, list[ConsumerRecord]]:
        self.fetching.set()
        await self.answer.wait()
        return self.fetches.pop(0)

    async def seek_to_committed(self) -> dict[TP, int | None]:
        return self.committed

    async def seek_wait(self, _: dict[TP, int]) -> None:
        return None

    async def seek_to_beginning(self, *partitions: tuple[str, int]) -> None:
        self.begun += partitions

    def assignment(self) -> set[TP]:
        return set(self.committed)

    def highwater(self, _: TP) -> int:
        return 0


class Bench:
    """A consumer of the transport with its made-up partner, assigned to two partitions."""

    def __init__(self, app: ChunkedApp) -> None:
        async def nobody(*_: object) -> None:
            return None

        app.consumer_generation_id = GENERATION
        self.app, self.thread = app, Thread()
        transport = Transport([], app, loop=asyncio.get_running_loop())
        self.consumer = Consumer(
            transport, callback=nobody, on_partitions_revoked=nobody, on_partitions_assigned=nobody,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self.consumer._thread = self.thread
        self.consumer._set_active_tps({EVENTS, OTHER})
        app._consumer = self.consumer
        app.topics._acking_topics.add(EVENTS.topic)

    async def fetched(self, records: dict[TP, list[ConsumerRecord]]) -> list[tuple[TP, Message]]:
        """What one fetch of `records` yields."""
        self.thread.fetches.append(records)
        return [each async for each in self.consumer.getmany(timeout=0.1)]

    def hand_out(self, *offsets: int) -> list[Message]:
        """Chunks that end at `offsets`, as the fetcher hands them out."""
        chunks = [self.consumer._chunk_message(EVENTS, records(EVENTS, offset, 1)) for offset in offsets]
        for chunk in chunks:
            self.consumer._handed_out.setdefault(EVENTS, deque()).append(chunk.offset)
        return chunks


@pytest.fixture(name="bench")
async def _bench() -> Bench:
    return Bench(new_app(Settings()))


def records(tp: TP, first: int, count: int) -> list[ConsumerRecord]:
    """`count` records from offset `first`."""
    return [ConsumerRecord(tp.topic, tp.partition, n, 0, 0, b"k", b"v", None, 1, 1, ()) for n in _from(first, count)]


async def test_a_fetch_of_a_source_partition_comes_in_chunks_of_two_thousand(bench: Bench) -> None:
    """4,500 records are three messages, each at the offset of its last record."""
    await bench.consumer.perform_seek()
    yielded = await bench.fetched({EVENTS: records(EVENTS, 100, 4_500)})
    assert [(len(message.value or b""), message.offset) for _, message in yielded] == [
        (CHUNK, 2_099),
        (CHUNK, 4_099),
        (500, 4_599),
    ]


async def test_other_topics_come_record_by_record(bench: Bench) -> None:
    """Nobody said that they come in chunks."""
    yielded = await bench.fetched({OTHER: records(OTHER, 5, 3)})
    assert [(message.value, message.offset) for _, message in yielded] == [(b"v", 5), (b"v", 6), (b"v", 7)]


async def test_nothing_is_handed_out_before_the_partitions_stand_where_the_group_committed(bench: Bench) -> None:
    """Not before the first seek, and not in another generation before its own."""
    assert await bench.fetched({EVENTS: records(EVENTS, 0, 5)}) == []
    await bench.consumer.perform_seek()
    assert len(await bench.fetched({EVENTS: records(EVENTS, 0, 5)})) == 1
    bench.app.consumer_generation_id = GENERATION + 1
    assert await bench.fetched({EVENTS: records(EVENTS, 5, 5)}) == []


async def test_what_was_fetched_before_the_seek_of_its_generation_is_dropped(bench: Bench) -> None:
    """The seek waits for the fetch under way, whose records come from anywhere; the next fetch is handed out."""
    bench.thread.answer.clear()
    fetch = asyncio.create_task(bench.fetched({EVENTS: records(EVENTS, 50, 5)}))
    await bench.thread.fetching.wait()
    seek = asyncio.create_task(bench.consumer.perform_seek())
    await asyncio.wait([seek], timeout=0)
    assert not seek.done()
    bench.thread.answer.set()
    await seek
    assert await fetch == []
    assert len(await bench.fetched({EVENTS: records(EVENTS, 0, 5)})) == 1


async def test_a_partition_of_which_nothing_is_committed_starts_at_its_beginning(bench: Bench) -> None:
    """What was fetched of it before the seek is dropped, so it must come again; of the others it does anyway."""
    await bench.consumer.perform_seek()
    assert bench.thread.begun == [EVENTS]
    bench.thread.committed = {EVENTS: 40, OTHER: 0}
    await bench.consumer.perform_seek()
    assert bench.thread.begun == [EVENTS]


async def test_a_commit_that_failed_is_no_place_to_go_on_from(bench: Bench) -> None:
    """Faust notes it all the same; the broker knows of none, so the partition begins anew. Found by a cut link."""
    bench.consumer._committed_offset[EVENTS] = 480
    bench.thread.committed = {EVENTS: None, OTHER: 7}
    await bench.consumer.perform_seek()
    assert bench.thread.begun == [EVENTS]
    assert bench.consumer.committed(EVENTS) == 0


async def test_a_stopped_flow_yields_nothing_more_of_a_fetch(bench: Bench) -> None:
    """A rebalance takes effect between two chunks."""
    await bench.consumer.perform_seek()
    bench.thread.fetches.append({EVENTS: records(EVENTS, 0, 3 * CHUNK)})
    offsets = []
    async for _, message in bench.consumer.getmany(timeout=0.1):
        offsets.append(message.offset)
        bench.consumer.stop_flow()
    assert offsets == [CHUNK - 1]


async def test_what_is_committed_is_the_end_of_the_last_chunk_up_to_which_all_are_acked(bench: Bench) -> None:
    """Chunks to 99, 199, 299; the second acked first commits nothing, then the first commits both."""
    one, two, three = bench.hand_out(99, 199, 299)
    consumer = bench.consumer
    assert consumer._new_offset(EVENTS) is None
    consumer.ack(two)
    assert consumer._new_offset(EVENTS) is None
    consumer.ack(one)
    assert consumer._new_offset(EVENTS) == 200
    assert consumer._new_offset(EVENTS) is None
    consumer.ack(three)
    assert consumer._new_offset(EVENTS) == 300
    assert consumer._acked[EVENTS] == []


async def test_an_ack_from_before_a_rebalance_counts_for_nothing(bench: Bench) -> None:
    """Its partition may be somebody else's, who starts where was committed."""
    (chunk,) = bench.hand_out(99)
    bench.app.consumer_generation_id = GENERATION + 1
    assert not bench.consumer.ack(chunk)
    assert bench.consumer._new_offset(EVENTS) is None


async def test_a_seek_forgets_the_chunks_handed_out(bench: Bench) -> None:
    """They come again, and only those will be committed."""
    (stale,) = bench.hand_out(99)
    bench.thread.committed = {EVENTS: 40, OTHER: 0}
    await bench.consumer.perform_seek()
    bench.consumer.ack(stale)
    assert bench.consumer._new_offset(EVENTS) is None
    bench.consumer.ack(*bench.hand_out(49))
    assert bench.consumer._new_offset(EVENTS) == 50


async def test_a_full_queue_does_not_take_a_partition_out_of_the_fetch(bench: Bench) -> None:
    """Faust would, and would put it back after it was revoked."""
    bench.consumer.on_buffer_full(EVENTS)
    assert EVENTS in bench.consumer._active_partitions


def test_the_scheme_is_registered() -> None:
    """A broker address with chunks:// is served by this transport."""
    assert by_url("chunks://127.0.0.1:9092") is Transport


async def test_every_default_that_would_hurt_is_changed() -> None:
    """The list of docs/decisions/faust-defaults.md, each as the worker really runs."""
    settings = Settings(kafka="127.0.0.1:1", snapshot_s=2.0)
    app = new_app(settings)
    conf = app.conf
    assert conf.broker_session_timeout == SESSION_S == 6.0
    assert conf.broker_heartbeat_interval == 2.0
    assert conf.broker_commit_interval == 2.0
    assert (conf.web_enabled, conf.topic_disable_leader, conf.stream_wait_empty) == (False, True, False)
    assert (conf.table_standby_replicas, str(conf.store)) == (0, "memory:")
    assert (conf.key_serializer, conf.value_serializer) == ("raw", "json")  # and neither is used: bytes are fetched
    bench = Bench(app)
    producer = Producer(bench.consumer.transport)
    sends = {**producer._settings_default(), **producer._settings_extra()}
    assert (sends["acks"], sends["enable_idempotence"]) == ("all", True)
    thread = bench.consumer._new_consumer_thread()
    assert thread.thread_loop is asyncio.get_running_loop()
    kafka = thread._create_worker_consumer(app.transport)
    assert kafka._session_timeout_ms == 6_000
    kafka._closed = None  # it was never started, and would complain of not having been stopped


def _from(first: int, count: int) -> Iterator[int]:
    return iter(range(first, first + count))


async def test_what_waits_in_a_queue_survives_a_second_resuming_and_not_a_revoking(bench: Bench) -> None:
    """Faust resumes the flow for the tables and again after the seek; a fetch between the two must not be lost."""
    flow = bench.app.flow_control
    queue = bench.app.FlowControlQueue(0, clear_on_resume=True)
    flow.resume()
    await queue.put("fetched after the seek")
    flow.resume()
    assert queue.qsize() == 1
    flow.suspend()
    flow.clear()
    assert queue.qsize() == 0
