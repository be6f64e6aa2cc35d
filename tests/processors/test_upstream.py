"""What this room works around in Faust and aiokafka: if one fails, upstream changed and its work-around may go."""

import asyncio
import inspect
from collections import defaultdict

import aiokafka
import faust
import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest
from faust.stores.memory import Store
from faust.tables.recovery import Recovery, ServiceStopped
from faust.transport.consumer import Consumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from intervaltree import IntervalTree

from infra import connection
from processors.app import Settings, new_app
from processors.recovery import UnansweredError

TOPIC = TP("any", 0)


class Acks:
    """As much of a Faust consumer as decides what to commit."""

    def __init__(self, acked: list[int], gap: tuple[int, int] | None = None) -> None:
        self._acked = defaultdict(list, {TOPIC: acked})
        self._acked_index = defaultdict(set, {TOPIC: set(acked)})
        self._gap = defaultdict(IntervalTree)
        if gap is not None:
            self._gap[TOPIC].addi(*gap)
        self._committed_offset = defaultdict(lambda: None)


def test_these_are_the_versions_the_holes_were_seen_in() -> None:
    """Pinned exactly; another version means reading their changes."""
    assert (faust.__version__, aiokafka.__version__) == ("0.15.3", "0.14.0")


def test_faust_waits_a_minute_for_a_dead_worker_serves_its_tables_and_keeps_standbys() -> None:
    """Defaults changed in processors/app.py."""
    conf = faust.App("defaults").conf
    assert conf.broker_session_timeout == 60.0
    assert conf.web_enabled
    assert conf.table_standby_replicas == 1
    assert not conf.topic_disable_leader
    assert conf.stream_wait_empty


def test_faust_hard_codes_the_fetch_wait() -> None:
    """Set after the fact in processors/guest.py."""
    assert "fetch_max_wait_ms=1500" in inspect.getsource(AIOKafkaConsumerThread._create_worker_consumer)


def test_faust_resumes_its_partitions_before_it_seeks_them() -> None:
    """Between the two the fetcher hands out records that then come again; seen as doubles after a rebalance."""
    recovery = inspect.getsource(Recovery.on_recovery_completed)
    assert recovery.index("consumer.resume_partitions") < recovery.index("consumer.perform_seek")


def test_faust_commits_past_an_event_that_was_never_acked() -> None:
    """With nothing committed yet, an ack of 6 commits 7 while 5 is still worked on: lost if the worker dies now."""
    assert Consumer._new_offset(Acks([6]), TOPIC) == 7  # type: ignore[arg-type]  # all it looks at


def test_faust_takes_a_commit_that_failed_for_one_that_was_made() -> None:
    """Where nothing is committed it then goes on wherever it was; asked again in processors/batching.py."""
    source = inspect.getsource(Consumer._commit_offsets)
    assert "            if did_commit:" in source
    assert "\n        self._committed_offset.update(committable_offsets)" in source


def test_faust_expands_every_gap_into_its_offsets() -> None:
    """A chunk of 100,000 records would be a list of as many numbers, sorted at each commit."""
    acks = Acks([0, 99_999], gap=(1, 99_999))
    assert Consumer._new_offset(acks, TOPIC) == 100_000  # type: ignore[arg-type]  # all it looks at
    assert "stuff_to_add.extend(range(" in inspect.getsource(Consumer._new_offset)


def test_faust_producers_are_not_idempotent_outside_transactions() -> None:
    """Changed in processors/batching.py."""
    extra = inspect.getsource(faust.transport.drivers.aiokafka.Producer._settings_extra)
    assert "if self.app.in_transaction" in extra


def test_aiokafka_producers_take_one_replica_for_all_and_may_double() -> None:
    """Changed in processors/tell.py."""
    defaults = inspect.signature(aiokafka.AIOKafkaProducer.__init__).parameters
    assert defaults["enable_idempotence"].default is False
    assert "acks = 1" in inspect.getsource(aiokafka.AIOKafkaProducer.__init__)


def test_faust_forgets_revoked_keys_of_its_memory_table_only_where_it_read_them_itself() -> None:
    """A key written by `table[key] = value` stays for ever; ours are never written that way."""
    dropping = inspect.getsource(Store.on_recovery_completed)
    assert "self._key_partition.items()" in dropping
    assert "_key_partition" not in inspect.getsource(Store.__setitem__)


def test_aiokafka_leaves_a_partition_without_a_committed_offset_where_it_is() -> None:
    """Whoever drops what was fetched before that seek must seek to the beginning itself, or lose it."""
    assert "if offset and offset > 0:" in inspect.getsource(aiokafka.AIOKafkaConsumer.seek_to_committed)


async def test_faust_takes_a_question_that_was_not_answered_in_time_for_being_stopped() -> None:
    """Its recovery then ends in silence, and the worker never gets ready; processors/recovery.py makes it a crash."""
    app = faust.App("unanswered")
    never = asyncio.get_running_loop().create_future()
    recovery = app.tables.recovery  # type: ignore[attr-defined]  # the port does not name it
    with pytest.raises(ServiceStopped):
        await Recovery._wait(recovery, never, timeout=0.001)
    assert not recovery.should_stop
    mended = new_app(Settings()).tables.recovery  # type: ignore[attr-defined]
    with pytest.raises(UnansweredError, match="unanswered for 0 s"):
        await mended._wait(asyncio.get_running_loop().create_future(), timeout=0.001)


class _Reset:
    """A uvloop transport's writer, after the peer's reset and before anybody was told."""

    def write(self, _: bytes) -> None:
        """As uvloop says it."""
        text = "unable to perform operation on <TCPTransport closed=True>; the handler is closed"
        raise RuntimeError(text)


async def test_aiokafka_does_not_know_how_uvloop_says_that_a_connection_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ended sender, fetcher or coordinator for good; infra/connection.py says it in aiokafka's words."""
    broken = AIOKafkaConnection("127.0.0.1", 9)
    broken._writer, broken._versions = _Reset(), {3: (0, 1)}
    monkeypatch.setattr(broken, "close", lambda **_: None)
    request = MetadataRequest([])
    with pytest.raises(RuntimeError, match="handler is closed"):
        connection._send(broken, request)
    with pytest.raises(KafkaConnectionError, match=r"127\.0\.0\.1:9 is broken"):
        connection._sent_or_broken(broken, request)
