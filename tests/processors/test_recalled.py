"""The table that gets its players back a chunk of the changelog at a time."""

from typing import NamedTuple

from aiokafka.structs import ConsumerRecord
from faust.types import TP

from processors.app import Settings, new_app
from processors.batching import CHUNK, AsFetched, ChunkedApp
from processors.recovery import Recalled
from tests.processors.test_batching import EVENTS, Bench, records


class Arrived(NamedTuple):
    """As much of a Faust event as a table looks at."""

    value: list[ConsumerRecord]


def players(app: ChunkedApp) -> Recalled:
    """A table as the worker has it."""
    return app.Table("players", schema=AsFetched(), key_type=bytes, value_type=bytes, partitions=8)


def kept(key: bytes, value: bytes | None, partition: int = 0) -> ConsumerRecord:
    """One record of a changelog."""
    return ConsumerRecord("changelog", partition, 0, 0, 0, key, value, None, 1, 1, ())


async def test_a_changelog_comes_in_chunks_before_any_seek_of_the_sources() -> None:
    """It is read before the sources stand where the group committed: 2,001 records are two messages."""
    bench = Bench(new_app(Settings()))
    changelog = TP(players(bench.app).changelog_topic.get_topic_name(), 0)
    bench.consumer._set_active_tps({EVENTS, changelog})
    yielded = await bench.fetched({changelog: records(changelog, 0, CHUNK + 1)})
    assert [(len(message.value or b""), message.offset) for _, message in yielded] == [(CHUNK, 1_999), (1, 2_000)]


async def test_a_changelog_of_several_chunks_is_recalled_whole() -> None:
    """The newest value of each counts, in whichever chunk it is; a tombstone forgets, and what comes after it counts.

    Of a partition that is somebody else's nothing stays.
    """
    table = players(new_app(Settings()))
    first = [kept(b"a", b"1"), kept(b"b", b"1"), kept(b"c", b"1"), kept(b"c", None), kept(b"c", b"2")]
    second = [kept(b"a", b"2"), kept(b"b", None), kept(b"d", b"1", partition=5)]
    table.apply_changelog_batch([Arrived(first), Arrived(second)])
    table.apply_changelog_batch([Arrived([kept(b"e", b"1"), kept(b"d", b"2", partition=5)])])
    assert dict(table.data) == {b"a": b"2", b"c": b"2", b"d": b"2", b"e": b"1"}
    await table.data.on_recovery_completed({TP("changelog", 5)}, set())
    assert dict(table.data) == {b"d": b"2"}


async def test_a_value_that_was_folded_further_is_not_undone_by_one_written_after_it() -> None:
    """A worker that woke up late wrote what it had: 7 after 9; what is folded as far as 9 counts, and then 12."""
    table = players(new_app(Settings()))
    table.offset_of = int
    table.apply_changelog_batch([Arrived([kept(b"a", b"9"), kept(b"a", b"7")])])
    assert dict(table.data) == {b"a": b"9"}
    table.apply_changelog_batch([Arrived([kept(b"a", b"8")]), Arrived([kept(b"a", b"12")])])
    assert dict(table.data) == {b"a": b"12"}
    table.apply_changelog_batch([Arrived([kept(b"a", None), kept(b"a", b"1")])])
    assert dict(table.data) == {b"a": b"1"}
