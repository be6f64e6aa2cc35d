"""Events on a real Kafka: once, in order, where every client would put them, whatever happens to the broker."""

import asyncio
import shutil
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uuid_utils
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.partitioner import DefaultPartitioner

from contract.codec import read_event
from contract.events import Event
from contract.topics import PLAYER_EVENTS
from infra.local import health
from infra.local import kafka as local
from infra.topics import create_topics
from producers.emitter import Emitter
from producers.kafka import KafkaStream, at, kafka_emitter
from producers.spool import Spool
from tests.producers.told import told

pytestmark = pytest.mark.system
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
        await _until(lambda: health.answers(self._broker.port))
        await create_topics(self.address)

    def kill(self) -> None:
        """Die at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that is not started yet."""
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.kill()


async def _until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not fact():  # noqa: ASYNC110 - the fact is another process's
            await asyncio.sleep(0.02)


async def _log_of(address: str, players: set[str]) -> dict[int, list[Event]]:
    """Everything on the topic that these players did, per partition, in the order of the log."""
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
                    event = read_event(record.value, datetime.now(UTC))
                    assert isinstance(event, Event)
                    assert record.key == event.subject.encode()
                    if event.subject in players:
                        found[place.partition].append(event)
    finally:
        await consumer.stop()
    return found


def _sequences(log: dict[int, list[Event]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for events in log.values():
        for event in events:
            found[event.subject].append(event.sequence)
    return found


def _crowd(players: int) -> list[str]:
    return [f"p-{uuid_utils.uuid4().hex[:12]}" for _ in range(players)]


def _emit(emitter: Emitter, players: list[str], sequences: range) -> None:
    now = datetime.now(UTC)
    for sequence in sequences:
        for player in players:
            emitter.emit(told(player, sequence, at=now))


async def test_events_arrive_once_in_order_where_every_client_would_put_them(kafka: str, tmp_path: Path) -> None:
    """200 events each of 40 players, in bursts: acknowledged, not repeated, on the default partitioner's choice."""
    players = _crowd(40)
    async with kafka_emitter(kafka, spool=tmp_path, linger_ms=5) as emitter:
        for first in range(1, 201, 20):
            _emit(emitter, players, range(first, first + 20))
            await asyncio.sleep(0.01)
        await _until(lambda: emitter.outbox.held == 0)
    log = await _log_of(kafka, set(players))
    assert _sequences(log) == {player: list(range(1, 201)) for player in players}
    assert emitter.acked == {f"s-{player}": set(range(1, 201)) for player in players}
    choose = DefaultPartitioner()
    for partition, events in log.items():
        assert {choose(event.subject.encode(), PARTITIONS, PARTITIONS) for event in events} == {partition}
    assert len(log) > 1


async def test_more_than_a_batch_of_one_player_stays_in_order(kafka: str) -> None:
    """9,000 events of one player are more than the partition's batch of 900 KiB and more than a window."""
    players = _crowd(1)
    async with kafka_emitter(kafka, spool=None) as emitter:
        _emit(emitter, players, range(1, 9_001))
        await _until(lambda: emitter.outbox.held == 0)
    assert _sequences(await _log_of(kafka, set(players))) == {players[0]: list(range(1, 9_001))}


async def test_a_broker_that_is_killed_and_comes_back_gets_everything_once_in_order(
    broker: Broker, tmp_path: Path
) -> None:
    """A kill -9 under load, three seconds of darkness, back: one producer lived through it, so nothing is repeated."""
    players = _crowd(10)
    await broker.up()
    async with kafka_emitter(broker.address, spool=tmp_path / "spool", linger_ms=10) as emitter:
        for sequence in range(1, 401):
            _emit(emitter, players, range(sequence, sequence + 1))
            await asyncio.sleep(0.01)
            if sequence == 50:
                await _until(lambda: len(emitter.acked) == len(players))
                broker.kill()
            if sequence == 350:
                assert (emitter.state, emitter.outbox.spooled > 0) == ("away", True)
                broker.start()
        await _until(lambda: emitter.outbox.held == 0)
        assert (emitter.state, emitter.outbox.lost, emitter.outbox.dropped) == ("connected", 0, 0)
    assert _sequences(await _log_of(broker.address, set(players))) == {
        player: list(range(1, 401)) for player in players
    }


async def test_a_producer_that_was_given_up_leaves_nothing_lost_and_repeats_that_can_be_counted(
    broker: Broker, tmp_path: Path
) -> None:
    """Patience of a second: the next producer sends again what was in doubt; the sequence tells what is a repeat."""
    players = _crowd(10)
    await broker.up()
    stream = KafkaStream(at(broker.address), patience_s=1.0)
    async with Emitter(stream, Spool(tmp_path / "spool"), linger_ms=10) as emitter:
        for sequence in range(1, 401):
            _emit(emitter, players, range(sequence, sequence + 1))
            await asyncio.sleep(0.01)
            if sequence == 50:
                broker.kill()
            if sequence == 350:
                broker.start()
        await _until(lambda: emitter.outbox.held == 0)
    for sequences in _sequences(await _log_of(broker.address, set(players))).values():
        assert list(dict.fromkeys(sequences)) == list(range(1, 401))
    assert emitter.acked == {f"s-{player}": set(range(1, 401)) for player in players}


async def test_a_broker_that_is_not_there_at_the_start_gets_everything_later(broker: Broker, tmp_path: Path) -> None:
    """The events wait on disk, and arrive once when the broker comes."""
    players = _crowd(5)
    async with kafka_emitter(broker.address, spool=tmp_path / "spool") as emitter:
        _emit(emitter, players, range(1, 101))
        await _until(lambda: emitter.outbox.spooled == 500)
        assert emitter.state == "away"
        await broker.up()
        await _until(lambda: emitter.outbox.held == 0)
    assert _sequences(await _log_of(broker.address, set(players))) == {
        player: list(range(1, 101)) for player in players
    }


async def test_what_a_game_could_not_deliver_the_next_one_delivers_first(
    broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A game without a broker ends in seconds; the next game, with one, brings both its own and the old events."""
    players = _crowd(5)
    async with asyncio.timeout(10):
        async with kafka_emitter(broker.address, spool=tmp_path / "spool") as emitter:
            _emit(emitter, players, range(1, 51))
    assert "250 events wait for the next start" in caplog.text
    await broker.up()
    async with kafka_emitter(broker.address, spool=tmp_path / "spool") as emitter:
        _emit(emitter, players, range(51, 61))
        await _until(lambda: emitter.outbox.held == 0)
    assert _sequences(await _log_of(broker.address, set(players))) == {player: list(range(1, 61)) for player in players}


async def test_a_broker_that_forgot_everything_is_a_broker(broker: Broker, tmp_path: Path) -> None:
    """The stack is wiped and made anew under a running game: what was told meanwhile and later arrives in order."""
    players = _crowd(5)
    await broker.up()
    stream = KafkaStream(at(broker.address), patience_s=5.0)
    async with Emitter(stream, Spool(tmp_path / "spool")) as emitter:
        _emit(emitter, players, range(1, 21))
        await _until(lambda: emitter.outbox.held == 0)
        broker.wipe()
        _emit(emitter, players, range(21, 41))
        await broker.up()
        await _until(lambda: emitter.outbox.held == 0)
        _emit(emitter, players, range(41, 61))
        await _until(lambda: emitter.outbox.held == 0)
    for sequences in _sequences(await _log_of(broker.address, set(players))).values():
        assert list(dict.fromkeys(sequences)) == list(range(21, 61))
