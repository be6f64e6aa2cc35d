"""A worker as its own process, the log it reads, and the state it leaves, for the system tests."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from contract.codec import encode, read_failure
from contract.events import Event
from contract.failures import EventFailed
from contract.topics import FAILED_EVENTS, PLAYER_EVENTS
from infra.local import health
from processors.partition import Partition
from processors.player import Player
from processors.state import APP, CHANGELOG, read
from processors.tell import new_producer, write
from producers.kafka import partition_of
from tests.processors.river import played

Message = tuple[bytes | None, bytes]


class WorkerProcess:
    """`python -m processors`, started and stopped, or killed."""

    def __init__(self, kafka: str, log: Path, **settings: object) -> None:
        self.port = health.any_free_port()
        given = {f"WHITEWATER_{name.upper()}": str(value) for name, value in settings.items()}
        environ = os.environ | {"WHITEWATER_KAFKA": kafka, "WHITEWATER_WORKER_PORT": str(self.port)} | given
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "processors"], env=environ, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    async def says(self) -> dict[str, Any]:
        """What it answers on /ready; empty while it does not answer."""
        async with httpx.AsyncClient() as client:
            try:
                answer: dict[str, Any] = (await client.get(f"http://127.0.0.1:{self.port}/ready")).json()
            except httpx.HTTPError:
                return {}
        return answer

    async def has(self, partitions: int) -> bool:
        """Whether it is ready with exactly so many partitions."""
        said = await self.says()
        return bool(said) and bool(said["ready"]) and len(said["partitions"]) == partitions

    async def folded(self) -> int:
        """How many events it has folded since it started."""
        return int((await self.says()).get("folded", 0))

    def stop(self) -> int:
        """Ask it to leave, and wait."""
        self.process.terminate()
        return self.process.wait(timeout=20)

    def kill(self) -> None:
        """No warning at all."""
        self.process.kill()
        self.process.wait(timeout=20)


@asynccontextmanager
async def working(kafka: str, log: Path, **settings: object) -> AsyncIterator[WorkerProcess]:
    """A worker that is gone afterwards, whatever happened."""
    worker = WorkerProcess(kafka, log, **settings)
    try:
        yield worker
    except BaseException:
        print(log.read_text()[-4000:])  # noqa: ASYNC240, T201 - what a failed test is read for
        raise
    finally:
        if worker.process.poll() is None:
            worker.kill()


async def until(fact: Callable[[], Awaitable[bool]], within_s: float, what: str) -> float:
    """Poll `fact` until it holds; gives the seconds it took."""
    began = monotonic()
    while not await fact():
        assert monotonic() - began < within_s, f"not within {within_s} s: {what}"
        await asyncio.sleep(0.05)
    return monotonic() - began


def crowd(name: str, players: int, events_each: int) -> list[Event]:
    """Sessions of several players, woven together, that began a minute ago."""
    start = datetime.now(UTC) - timedelta(minutes=1)
    dice = random.Random(name)
    sessions = [played(f"{name}-{n}", f"s-{name}-{n}", events_each, start, dice) for n in range(players)]
    return [event for together in zip(*sessions, strict=True) for event in together]


def messages(events: Iterable[Event]) -> list[Message]:
    """Key and bytes of each event, as a game sends it."""
    return [(event.subject.encode(), encode(event)) for event in events]


async def send(kafka: str, told: Sequence[Message]) -> None:
    """Write messages to player-events, acknowledged."""
    async with new_producer(kafka) as producer:
        placed = ((partition_of(key or b"", PLAYER_EVENTS.partitions), key, value) for key, value in told)
        await write(producer, PLAYER_EVENTS.name, placed)


async def everything(kafka: str, topic: str) -> list[Any]:
    """Every record of a topic, in order per partition."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        consumer.subscribe([topic])
        await until(lambda: _assigned(consumer), 10, f"the partitions of {topic}")
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[Any] = []
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(records)
        return found


async def _assigned(consumer: AIOKafkaConsumer) -> bool:
    return bool(consumer.assignment())


async def caught_up(kafka: str) -> bool:
    """Whether the workers' group has committed everything there is: then every snapshot is written too."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        committed = await admin.list_consumer_group_offsets(APP)
    finally:
        await admin.close()
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        consumer.subscribe([PLAYER_EVENTS.name])
        await until(lambda: _assigned(consumer), 10, "the partitions of player-events")
        ends = await consumer.end_offsets(consumer.assignment())
    return all(end == 0 or (tp in committed and committed[tp].offset == end) for tp, end in ends.items())


async def kept(kafka: str, prefix: str) -> dict[str, Player]:
    """The newest state in the changelog of every player whose name begins with `prefix`; of the forgotten none."""
    newest = {record.key: record.value for record in await everything(kafka, CHANGELOG)}
    return {key.decode(): read(raw) for key, raw in newest.items() if raw and key.startswith(prefix.encode())}


async def replayed(kafka: str, prefix: str) -> dict[str, Player]:
    """The state of the same players after one thread folded the whole log, record by record, with no crash."""
    partitions: dict[int, Partition] = {}
    for record in await everything(kafka, PLAYER_EVENTS.name):
        if (record.key or b"").startswith(prefix.encode()):
            partition = partitions.setdefault(record.partition, Partition(record.partition, lambda _: None))
            partition.take([record], datetime.now(UTC))
    states = [state for partition in partitions.values() for state in partition.snapshots()]
    return {key.decode(): read(raw) for key, raw in states if raw}


async def refused(kafka: str, prefix: str) -> list[EventFailed]:
    """What lies in failed-events for keys that begin with `prefix`; others write there, too, and not only failures."""
    read_back = [read_failure(record.value) for record in await everything(kafka, FAILED_EVENTS.name)]
    return [each for each in read_back if isinstance(each, EventFailed) and each.subject.startswith(prefix)]
