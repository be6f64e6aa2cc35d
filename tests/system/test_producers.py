"""Events on a real Kafka: once, in order, where every client would put them."""

import asyncio
from pathlib import Path

import pytest
from aiokafka.partitioner import DefaultPartitioner

from producers.kafka import kafka_emitter
from tests.system.ashore import PARTITIONS, crowd, emit, log_of, sequences_of, until

pytestmark = pytest.mark.system


async def test_events_arrive_once_in_order_where_every_client_would_put_them(kafka: str, tmp_path: Path) -> None:
    """200 events each of 40 players, in bursts: acknowledged, not repeated, on the default partitioner's choice."""
    players = crowd(40)
    async with kafka_emitter(kafka, spool=tmp_path, linger_ms=5) as emitter:
        for first in range(1, 201, 20):
            emit(emitter, players, range(first, first + 20))
            await asyncio.sleep(0.01)
        await until(lambda: emitter.outbox.held == 0)
    log = await log_of(kafka, set(players))
    assert sequences_of(log) == {player: list(range(1, 201)) for player in players}
    assert emitter.account.runs() == {f"s-{player}": ((1, 200),) for player in players}
    choose = DefaultPartitioner()
    for partition, events in log.items():
        assert {choose(event.subject.encode(), PARTITIONS, PARTITIONS) for event in events} == {partition}
    assert len(log) > 1


async def test_more_than_a_batch_of_one_player_stays_in_order(kafka: str) -> None:
    """9,000 events of one player are more than the partition's batch of 900 KiB and more than a window."""
    players = crowd(1)
    async with kafka_emitter(kafka, spool=None) as emitter:
        emit(emitter, players, range(1, 9_001))
        await until(lambda: emitter.outbox.held == 0)
    assert sequences_of(await log_of(kafka, set(players))) == {players[0]: list(range(1, 9_001))}
