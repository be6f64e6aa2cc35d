"""The worker on a real Kafka: what it folds, what it refuses, and what is left when it dies."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from contract.failures import Reason
from contract.topics import FAILED_EVENTS, Topic
from infra.local import health
from processors.__main__ import NotReachableError, look_for_topics
from producers.kafka import partition_of
from tests.system.worker_process import (
    Message,
    WorkerProcess,
    caught_up,
    crowd,
    everything,
    kept,
    messages,
    refused,
    replayed,
    send,
    until,
    working,
)

pytestmark = pytest.mark.system

PARTITIONS = 8


async def test_a_worker_killed_in_the_middle_of_20_000_events_loses_none_and_doubles_none(
    kafka: str, tmp_path: Path
) -> None:
    """After kill -9 and a restart the state equals a single-threaded replay, and every event is in it once."""
    told = messages(crowd("killed", 40, 500))
    async with working(kafka, tmp_path / "first.log") as first:
        await until(lambda: first.has(PARTITIONS), 30, "the first worker ready")
        sending = asyncio.create_task(_trickle(kafka, told))
        await until(lambda: _at_least(first.folded, 7_000), 30, "7,000 events folded")
        first.kill()
    async with working(kafka, tmp_path / "second.log") as second:
        await sending
        await until(lambda: second.has(PARTITIONS), 30, "the second worker ready")
        await until(lambda: caught_up(kafka), 30, "everything committed")
    states = await kept(kafka, "killed")
    assert sum(session.events for player in states.values() for session in player.heard) == 20_000
    assert states == await replayed(kafka, "killed")
    assert await refused(kafka, "killed") == []


async def test_two_workers_share_the_partitions_and_one_takes_over_when_the_other_dies(
    kafka: str, tmp_path: Path
) -> None:
    """Four partitions each; after kill -9 of one the other has all eight, and the state is as if nothing happened."""
    told = messages(crowd("shared", 30, 200))
    async with (
        working(kafka, tmp_path / "one.log") as one,
        working(kafka, tmp_path / "other.log") as other,
    ):
        await until(lambda: one.has(4), 40, "one worker with four partitions")
        await until(lambda: other.has(4), 40, "the other worker with four partitions")
        assert set((await one.says())["partitions"]).isdisjoint((await other.says())["partitions"])
        await send(kafka, told[:4_000])
        await until(lambda: _sum_at_least((one.folded, other.folded), 4_000), 30, "4,000 events folded")
        other.kill()
        await send(kafka, told[4_000:])
        took_s = await until(lambda: one.has(PARTITIONS), 30, "one worker with all partitions")
        assert took_s < 15
        await until(lambda: caught_up(kafka), 30, "everything committed")
    assert await kept(kafka, "shared") == await replayed(kafka, "shared")
    assert await refused(kafka, "shared") == []


async def test_ten_thousand_malformed_inputs_are_all_kept_with_their_reasons_and_good_ones_are_unharmed(
    kafka: str, tmp_path: Path
) -> None:
    """One bad message after every tenth of a good one; each lies in failed-events as it came."""
    good = crowd("poison", 10, 100)
    bad = _malformed(10_000)
    woven = [each for n, message in enumerate(messages(good)) for each in (message, *bad[n * 10 : n * 10 + 10])]
    async with working(kafka, tmp_path / "worker.log") as worker:
        await until(lambda: worker.has(PARTITIONS), 30, "the worker ready")
        await send(kafka, woven)
        await until(lambda: caught_up(kafka), 60, "everything committed")
        assert await worker.folded() == 1_000
    failures = await refused(kafka, "poison")
    assert Counter(bytes(each.data.original) for each in failures) == Counter(value for _, value in bad)
    assert Counter(each.data.reason for each in failures) == {
        Reason.NOT_JSON: 2_500,
        Reason.WRONG_SHAPE: 2_500,
        Reason.WRONG_KEY: 2_500,
        Reason.TOO_OLD: 2_500,
    }
    states = await kept(kafka, "poison")
    assert sum(session.events for player in states.values() for session in player.heard) == 1_000
    assert states == await replayed(kafka, "poison")


async def test_a_worker_told_to_leave_writes_and_commits_first(kafka: str, tmp_path: Path) -> None:
    """With a minute between snapshots, SIGTERM alone brings state and offsets up to the last event."""
    async with working(kafka, tmp_path / "worker.log", snapshot_s=60) as worker:
        await until(lambda: worker.has(PARTITIONS), 30, "the worker ready")
        await send(kafka, messages(crowd("leaving", 5, 100)))
        await until(lambda: _at_least(worker.folded, 500), 30, "500 events folded")
        assert not await caught_up(kafka)
        assert worker.stop() == 0
    assert await caught_up(kafka)
    assert await kept(kafka, "leaving") == await replayed(kafka, "leaving")


async def test_a_belief_is_told_in_the_partition_of_its_player_and_answers_the_newest_event(
    kafka: str, tmp_path: Path
) -> None:
    """One player's events give a belief for every turn and few for all strokes; the last one rests on all of them."""
    events = crowd("told", 1, 300)
    async with working(kafka, tmp_path / "worker.log") as worker:
        await until(lambda: worker.has(PARTITIONS), 30, "the worker ready")
        await send(kafka, messages(events))
        await until(lambda: _at_least(worker.folded, 300), 30, "300 events folded")
        async with httpx.AsyncClient() as client:
            metrics = (await client.get(f"http://127.0.0.1:{worker.port}/metrics")).text
        assert "whitewater_worker_events_folded_total 300.0" in metrics
        assert "whitewater_worker_partitions 8.0" in metrics
        assert worker.stop() == 0
    told = [each for each in await everything(kafka, "engagement-signals") if each.key == b"told-0"]
    finished = sum(type(event.data).__name__ == "RapidFinished" for event in events)
    assert finished <= len(told) < len(events) / 2
    assert {each.partition for each in told} == {partition_of(b"told-0", PARTITIONS)}
    newest = json.loads(told[-1].value)
    assert newest["data"]["rounds"] == finished


async def test_a_missing_topic_stops_a_worker_before_it_starts(kafka: str) -> None:
    """Faust would run on in silence; here it is one sentence that says what to do."""
    await look_for_topics(kafka)
    missing = Topic("never-made", 8, "delete", 1, "no topic at all")
    with pytest.raises(NotReachableError, match=r"The topic never-made has 0 partitions .* Create the topics first"):
        await look_for_topics(kafka, [missing])
    too_few = Topic(FAILED_EVENTS.name, 5, "delete", 1, "another number of partitions")
    with pytest.raises(NotReachableError, match=r"failed-events has 4 partitions .*, not 5"):
        await look_for_topics(kafka, [too_few])


async def test_a_taken_port_is_one_sentence_too(kafka: str, tmp_path: Path) -> None:
    """The second worker on the same port leaves with exit code 3."""
    async with working(kafka, tmp_path / "first.log") as first:
        await until(lambda: first.has(PARTITIONS), 30, "the worker ready")
        async with working(kafka, tmp_path / "second.log", worker_port=first.port) as second:
            await until(lambda: _gone(second), 20, "the second worker gone")
            assert second.process.returncode == 3
    said = (tmp_path / "second.log").read_text()
    assert f"cannot answer on 127.0.0.1:{first.port}" in said
    assert "Traceback" not in said


def test_a_worker_without_kafka_says_so_in_one_sentence() -> None:
    """Exit code 3 and one line on stderr; no traceback."""
    nowhere = f"127.0.0.1:{health.any_free_port()}"
    done = subprocess.run(
        [sys.executable, "-m", "processors"],
        env={"WHITEWATER_KAFKA": nowhere, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith(f"Kafka does not answer at {nowhere}")
    assert "Traceback" not in done.stderr


async def _gone(worker: WorkerProcess) -> bool:
    return worker.process.poll() is not None


async def _at_least(counted: object, wanted: int) -> bool:
    assert callable(counted)
    return int(await counted()) >= wanted


async def _sum_at_least(counted: tuple[object, ...], wanted: int) -> bool:
    total = 0
    for each in counted:
        assert callable(each)
        total += int(await each())
    return total >= wanted


async def _trickle(kafka: str, told: list[Message]) -> None:
    """Send in steps, so that there is a middle to be killed in."""
    for at in range(0, len(told), 1_000):
        await send(kafka, told[at : at + 1_000])
        await asyncio.sleep(0.1)


def _malformed(count: int) -> list[Message]:
    """A quarter each: no JSON, no event, somebody else's key, a year old."""
    fine = messages(crowd("poisonous", 1, 1))[0][1]
    old = fine.replace(fine[fine.index(b'"time":"') + 8 :][:4], b"2019", 1)
    made: list[Message] = []
    for n in range(count // 4):
        key = b"poison-bad-%d" % n
        made += [
            (key, b"no json at all: %d" % n),
            (key, b'{"type":"whitewater.rock.hit","nonsense":%d}' % n),
            (key, fine.replace(b"s-poisonous-0", b"s-%d" % n)),
            (key, old.replace(b"poisonous-0", key, 1).replace(b"s-poisonous-0", b"s-%d" % n)),
        ]
    return made
