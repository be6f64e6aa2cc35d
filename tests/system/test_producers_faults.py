"""Brokers and games that are killed, wiped or not there: events arrive, in order, and repeats can be counted."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import health
from producers.emitter import Emitter
from producers.kafka import KafkaStream, at, kafka_emitter
from producers.spool import Spool
from tests.system.ashore import Broker, crowd, emit, log_of, sequences_of, until

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[2]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that is not started yet."""
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.kill()


async def test_a_broker_that_is_killed_and_comes_back_gets_everything_once_in_order(
    broker: Broker, tmp_path: Path
) -> None:
    """A kill -9 under load, three seconds of darkness, back: one producer lived through it, so nothing is repeated."""
    players = crowd(10)
    await broker.up()
    async with kafka_emitter(broker.address, spool=tmp_path / "spool", linger_ms=10) as emitter:
        for sequence in range(1, 401):
            emit(emitter, players, range(sequence, sequence + 1))
            await asyncio.sleep(0.01)
            if sequence == 50:
                await until(lambda: len(emitter.account.runs()) == len(players))
                broker.kill()
            if sequence == 350:
                assert (emitter.state, emitter.outbox.spooled > 0) == ("away", True)
                broker.start()
        await until(lambda: emitter.outbox.held == 0)
        assert (emitter.state, emitter.outbox.lost, emitter.outbox.dropped) == ("connected", 0, 0)
    assert sequences_of(await log_of(broker.address, set(players))) == {
        player: list(range(1, 401)) for player in players
    }


async def test_a_producer_that_was_given_up_leaves_nothing_lost_and_repeats_that_can_be_counted(
    broker: Broker, tmp_path: Path
) -> None:
    """Patience of a second: the next producer sends again what was in doubt; the sequence tells what is a repeat."""
    players = crowd(10)
    await broker.up()
    stream = KafkaStream(at(broker.address), patience_s=1.0)
    async with Emitter(stream, Spool(tmp_path / "spool"), linger_ms=10) as emitter:
        for sequence in range(1, 401):
            emit(emitter, players, range(sequence, sequence + 1))
            await asyncio.sleep(0.01)
            if sequence == 50:
                broker.kill()
            if sequence == 350:
                broker.start()
        await until(lambda: emitter.outbox.held == 0)
    for sequences in sequences_of(await log_of(broker.address, set(players))).values():
        assert list(dict.fromkeys(sequences)) == list(range(1, 401))
    assert emitter.account.runs() == {f"s-{player}": ((1, 400),) for player in players}


async def test_a_broker_that_is_not_there_at_the_start_gets_everything_later(broker: Broker, tmp_path: Path) -> None:
    """The events wait on disk, and arrive once when the broker comes."""
    players = crowd(5)
    async with kafka_emitter(broker.address, spool=tmp_path / "spool") as emitter:
        emit(emitter, players, range(1, 101))
        await until(lambda: emitter.outbox.spooled == 500)
        assert emitter.state == "away"
        await broker.up()
        await until(lambda: emitter.outbox.held == 0)
    assert sequences_of(await log_of(broker.address, set(players))) == {
        player: list(range(1, 101)) for player in players
    }


async def test_what_a_game_could_not_deliver_the_next_one_delivers_first(
    broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A game without a broker ends in seconds; the next game, with one, brings both its own and the old events."""
    players = crowd(5)
    async with asyncio.timeout(10):
        async with kafka_emitter(broker.address, spool=tmp_path / "spool") as emitter:
            emit(emitter, players, range(1, 51))
    assert "250 events wait for the next start" in caplog.text
    await broker.up()
    async with kafka_emitter(broker.address, spool=tmp_path / "spool") as emitter:
        emit(emitter, players, range(51, 61))
        await until(lambda: emitter.outbox.held == 0)
    assert sequences_of(await log_of(broker.address, set(players))) == {
        player: list(range(1, 61)) for player in players
    }


async def test_a_broker_that_forgot_everything_is_a_broker(broker: Broker, tmp_path: Path) -> None:
    """The stack is wiped and made anew under a running game: what was told meanwhile and later arrives in order."""
    players = crowd(5)
    await broker.up()
    stream = KafkaStream(at(broker.address), patience_s=5.0)
    async with Emitter(stream, Spool(tmp_path / "spool")) as emitter:
        emit(emitter, players, range(1, 21))
        await until(lambda: emitter.outbox.held == 0)
        broker.wipe()
        emit(emitter, players, range(21, 41))
        await broker.up()
        await until(lambda: emitter.outbox.held == 0)
        emit(emitter, players, range(41, 61))
        await until(lambda: emitter.outbox.held == 0)
    for sequences in sequences_of(await log_of(broker.address, set(players))).values():
        assert list(dict.fromkeys(sequences)) == list(range(21, 61))


GAME = """
import asyncio, sys
from pathlib import Path
from producers.kafka import kafka_emitter
from tests.producers.told import told
from datetime import UTC, datetime

async def play(nowhere, spool, player):
    async with kafka_emitter(nowhere, spool=Path(spool)) as emitter:
        for sequence in range(1, 501):
            emitter.emit(told(player, sequence, at=datetime.now(UTC)))
        while emitter.outbox.spooled < 500:
            await asyncio.sleep(0.01)
        print("on disk", flush=True)
        await asyncio.sleep(60)

asyncio.run(play(*sys.argv[1:]))
"""


async def test_a_game_that_is_killed_leaves_its_events_to_the_next_one(kafka: str, tmp_path: Path) -> None:
    """A real process, a real kill -9: 500 events lie on disk, and the next game delivers them before its own."""
    (player,) = crowd(1)
    game = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", GAME, f"127.0.0.1:{health.any_free_port()}", str(tmp_path), player),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert game.stdout is not None
    assert await game.stdout.readline() == b"on disk\n"
    game.kill()
    await game.communicate()
    async with kafka_emitter(kafka, spool=tmp_path) as emitter:
        emit(emitter, [player], range(501, 511))
        await until(lambda: emitter.outbox.held == 0)
    assert sequences_of(await log_of(kafka, {player})) == {player: list(range(1, 511))}
    left = Spool(tmp_path)
    left.close()
    assert len(left) == 0
