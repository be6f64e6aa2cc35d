"""The Kafka door without a Kafka: where a player's events go, and a producer that has failed for good."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaError, OutOfOrderSequenceNumber
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder, MessageAccumulator
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from producers.kafka import KafkaStream, _abandon, at, partition_of
from producers.port import AwayError
from tests.producers.told import parcel


class Producer:
    """What the door needs of a producer: it fails at once for some partitions, later for others, and takes the rest."""

    def __init__(self, at_once: set[int], later: set[int], batch_bytes: int = 10_000) -> None:
        self.took: list[tuple[int, int]] = []
        self._at_once = at_once
        self._later = later
        self._batch_bytes = batch_bytes

    def create_batch(self) -> BatchBuilder:
        """An empty batch."""
        return BatchBuilder(self._batch_bytes, 0)

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        """Take it, or not."""
        assert topic == "player-events"
        if partition in self._at_once:
            raise OutOfOrderSequenceNumber
        answer = asyncio.get_running_loop().create_future()
        if partition in self._later:
            answer.set_exception(KafkaError())
        else:
            self.took.append((partition, batch.record_count()))
            answer.set_result(None)
        return answer


class Led:
    """A cluster in which broker 1 leads everywhere."""

    def leader_for_partition(self, _place: TopicPartition) -> int:
        """Always the same."""
        return 1


class Stuck:
    """A producer whose sender has ended, with batches that will never leave."""

    def __init__(self, gathered: MessageAccumulator) -> None:
        self._sender = SimpleNamespace(sender_task=None)
        self._message_accumulator = gathered

    async def stop(self) -> None:
        """Waits for what is in line, as aiokafka does."""
        await self._message_accumulator.close()


def _stream(producer: Producer) -> KafkaStream:
    stream = KafkaStream(at("nowhere"))
    stream._producer = producer
    stream._partitions = 8
    return stream


@given(st.binary(max_size=40), st.integers(1, 64))
def test_a_key_goes_where_every_client_would_put_it(key: bytes, partitions: int) -> None:
    """Our choice is that of the default partitioner for any key and any number of partitions."""
    places = list(range(partitions))
    assert partition_of(key, partitions) == DefaultPartitioner()(key, places, places)


async def test_what_a_failed_partition_did_not_take_comes_back_in_order() -> None:
    """Of three players one has a partition that refuses at once and one a partition that refuses later."""
    players = ["b", "c", "d"]
    first, second, third = (partition_of(player.encode(), 8) for player in players)
    assert len({first, second, third}) == 3
    sent = [parcel(player, number) for number in (1, 2) for player in players]
    producer = Producer({first}, {third})
    returned = await _stream(producer).send(sent)
    assert [(each.player, each.sequence) for each in returned] == [("b", 1), ("d", 1), ("b", 2), ("d", 2)]
    assert producer.took == [(second, 2)]


async def test_what_does_not_fit_a_batch_goes_with_the_next_round() -> None:
    """A batch of 1,000 bytes holds two events of 320 bytes: five events of one player are three batches, in order."""
    producer = Producer(set(), set(), batch_bytes=1_000)
    assert await _stream(producer).send([parcel("p", number) for number in range(1, 6)]) == []
    assert [records for _, records in producer.took] == [2, 2, 1]


async def test_nobody_at_the_address_is_away() -> None:
    """A port that nobody listens on: the door says so, and lets go of everything."""
    with pytest.raises(AwayError, match=r"127\.0\.0\.1:9"):
        await KafkaStream(at("127.0.0.1:9")).start()


async def test_a_batch_that_was_tried_and_put_back_is_given_up_in_silence() -> None:
    """A broker died with it in flight: it is settled as not taken, and the event loop has nothing to complain of."""
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    gathered, place = MessageAccumulator(Led(), 10_000, 0, 30.0), TopicPartition("player-events", 0)
    batch = gathered.create_builder()
    batch.append(timestamp=None, key=None, value=b"{}")
    answer = await gathered.add_batch(batch, place, 1.0)
    tried, _ = gathered.drain_by_nodes(set())
    gathered.reenqueue(tried[1][place])
    await _abandon(Stuck(gathered))
    assert await answer is None
    assert complaints == []
