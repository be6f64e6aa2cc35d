"""What this room works around in Faust and aiokafka: if one fails, upstream changed and its work-around may go."""

import inspect
from collections import defaultdict

import aiokafka
import faust
from faust.stores.memory import Store
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from intervaltree import IntervalTree

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
