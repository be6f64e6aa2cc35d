"""What the producers' system tests share: a broker to be killed, a crowd, and what the log holds of it."""

import asyncio
import shutil
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import uuid_utils
from aiokafka import AIOKafkaConsumer, TopicPartition

from contract.codec import read_event
from contract.events import Event
from contract.topics import PLAYER_EVENTS
from infra.local import health
from infra.local import kafka as local
from infra.topics import create_topics
from producers.emitter import Emitter
from tests.producers.told import told

WITHIN_S = 60.0
PARTITIONS = list(range(PLAYER_EVENTS.partitions))


class Broker:
    """A broker of this test's own, to be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = health.any_free_port(), health.any_free_port()
        self._broker = local.prepare(folder, *self._ports)
        self._log = folder / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.address = self._broker.address

    def wipe(self) -> None:
        """Forget everything: the next start is a new broker at the same address."""
        self.kill()
        shutil.rmtree(self._folder / "log")
        local.prepare(self._folder, *self._ports)

    def start(self) -> None:
        """Begin to come up."""
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(self._broker.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    async def up(self) -> None:
        """Come up, with the topics of the contract."""
        self.start()
        await until(lambda: health.answers(self._broker.port))
        await create_topics(self.address)

    def kill(self) -> None:
        """Die at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


async def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact, not for ever."""
    async with asyncio.timeout(WITHIN_S):
        while not fact():  # noqa: ASYNC110 - the fact is another process's
            await asyncio.sleep(0.02)


async def log_of(address: str, players: set[str]) -> dict[int, list[Event]]:
    """Everything on the topic that these players did, per partition, in the order of the log; others share it."""
    keys = {player.encode() for player in players}
    found: dict[int, list[Event]] = defaultdict(list)
    consumer = AIOKafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(PLAYER_EVENTS.name, number) for number in PARTITIONS]
        consumer.assign(places)
        await consumer.seek_to_beginning()
        for place, end in (await consumer.end_offsets(places)).items():
            while await consumer.position(place) < end:
                for record in (await consumer.getmany(place, timeout_ms=200)).get(place, ()):
                    if record.key in keys:
                        event = read_event(record.value, datetime.now(UTC))
                        assert isinstance(event, Event)
                        assert record.key == event.subject.encode()
                        found[place.partition].append(event)
    finally:
        await consumer.stop()
    return found


def sequences_of(log: dict[int, list[Event]]) -> dict[str, list[int]]:
    """Per player, the sequences in the order of the log."""
    found: dict[str, list[int]] = defaultdict(list)
    for events in log.values():
        for event in events:
            found[event.subject].append(event.sequence)
    return found


def crowd(players: int) -> list[str]:
    """New players: nobody else's events are theirs."""
    return [f"p-{uuid_utils.uuid4().hex[:12]}" for _ in range(players)]


def emit(emitter: Emitter, players: list[str], sequences: range) -> None:
    """Everybody does something, once for each sequence."""
    now = datetime.now(UTC)
    for sequence in sequences:
        for player in players:
            emitter.emit(told(player, sequence, at=now))
