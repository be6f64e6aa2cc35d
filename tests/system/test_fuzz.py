"""Malformed messages of every kind, against the real doors: all refused, all kept, and nobody else notices.

What is malformed comes from benchmarks/malformed.py, by a seed; what is wrongly accepted is what the oracle
(benchmarks/oracle.py) refuses by the published schemas. A hundred thousand of them are in tests/long.
"""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
from aiokafka import AIOKafkaProducer

from benchmarks.kept import became_of, ends_of
from benchmarks.malformed import corpus, endless
from contract.failures import Reason
from contract.topics import PLAYER_EVENTS
from producers.kafka import partition_of
from tests.system.worker_process import caught_up, crowd, kept, messages, refused, replayed, send, until, working

pytestmark = pytest.mark.system

SEED: Final = 6
MADE: Final = 250
TRIED: Final = 5_000
UNPACKED: Final = 5_000_000


async def test_what_a_fuzzer_sends_is_refused_and_kept_and_nothing_else_is(kafka: str, tmp_path: Path) -> None:
    """In = accepted + refused, to the event and to the byte; nothing is taken that the published schemas refuse."""
    await fuzzed(kafka, tmp_path, "beside", made=MADE, tried=TRIED)


async def test_five_megabytes_in_a_few_kilobytes_are_refused_and_the_next_event_is_folded(
    kafka: str, tmp_path: Path
) -> None:
    """A broker counts compressed bytes; what unpacks to more than any record can hold once stopped its partition."""
    (own,) = messages(crowd("big", 1, 1))
    async with AIOKafkaProducer(
        bootstrap_servers=kafka, compression_type="gzip", max_request_size=2 * UNPACKED
    ) as producer:
        await producer.send_and_wait(
            PLAYER_EVENTS.name,
            b"a" * UNPACKED,
            own[0],
            partition=partition_of(own[0] or b"", PLAYER_EVENTS.partitions),
        )
    await send(kafka, [own])
    async with working(kafka, tmp_path / "worker.log") as worker:
        await until(lambda: worker.has(PLAYER_EVENTS.partitions), 30, "the worker ready")
        await until(lambda: caught_up(kafka), 30, "everything committed")
        assert worker.process.poll() is None
    (told,) = await refused(kafka, "big")
    assert (told.data.reason, len(told.data.original)) == (Reason.TOO_LARGE, 1_048_576)
    assert told.data.detail.endswith("of 5000000 bytes the first 1048576 are kept")
    ((_, player),) = (await kept(kafka, "big")).items()
    assert [session.events for session in player.heard] == [1]


async def fuzzed(kafka: str, folder: Path, good: str, *, made: int, tried: int) -> None:
    """One sound event of the crowd `good` to ten of the fuzzer's; all of the above is held against the two topics."""
    sound = messages(crowd(good, tried // 500, 50))
    stream = islice(endless(corpus(f"{good}-not", SEED, made, datetime.now(UTC)), SEED), tried)
    bad = [(each.key, each.value) for each in stream]
    woven = [each for n, one in enumerate(sound) for each in (one, *bad[n * 10 : n * 10 + 10])]
    since = await ends_of(kafka, PLAYER_EVENTS)
    async with working(kafka, folder / "worker.log") as worker:
        await until(lambda: worker.has(PLAYER_EVENTS.partitions), 30, "the worker ready")
        await until(lambda: caught_up(kafka), 30, "what others left behind committed")
        before = await worker.says()
        await send(kafka, woven)
        await until(lambda: caught_up(kafka), 120, "everything committed")
        after = await worker.says()
        assert worker.process.poll() is None
    own, others = f"{good}-".encode(), f"{good}-not".encode()
    found = await became_of(kafka, since, lambda key: key.startswith(own) and not key.startswith(others))
    assert found.wrongly_accepted == found.altered == found.unexplained == found.twice == 0, found.shown
    assert found.sound_refused == 0
    assert found.messages == len(woven)
    assert found.events == found.accepted + found.failed
    assert after["folded"] + after["repeated"] - before["folded"] - before["repeated"] == found.accepted
    assert after["failed"] - before["failed"] == found.failed
    assert found.accepted > len(sound), "some accidents are harmless, else nothing near the border was tried"
    assert found.refused.keys() >= {Reason.NOT_JSON, Reason.WRONG_SHAPE, Reason.DUPLICATE_KEY, Reason.WRONG_KEY}
    states = await kept(kafka, good)
    crowds = [state for name, state in states.items() if not name.startswith(f"{good}-not")]
    assert sum(session.events for player in crowds for session in player.heard) == len(sound)
    assert states == await replayed(kafka, good)
