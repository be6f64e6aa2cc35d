"""What is seen from outside: lag by hand from ends and commits, and who uses this machine."""

from collections.abc import Sequence

import psutil
from aiokafka import TopicPartition
from aiokafka.errors import NodeNotReadyError
from aiokafka.structs import OffsetAndMetadata

from load.probes import Broker, Hunger


class Consumer:
    """Knows the ends of the topics, as long as the broker answers."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.answers = True

    async def end_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The same for every partition."""
        if not self.answers:
            raise NodeNotReadyError
        return dict.fromkeys(places, self.end)


class Admin:
    """Knows what a group has committed: so much of every partition, and of the first one nothing yet."""

    def __init__(self, committed: int) -> None:
        self.committed = committed

    async def list_consumer_group_offsets(
        self, group: str, *, partitions: Sequence[TopicPartition]
    ) -> dict[TopicPartition, OffsetAndMetadata]:
        """-1 is Kafka's word for nothing."""
        assert group == "a-group"
        return {place: OffsetAndMetadata(self.committed if place.partition else -1, "") for place in partitions}


async def test_lag_is_what_lies_on_the_topic_and_is_not_committed() -> None:
    """Eight partitions end at 10; of seven, 7 are committed, of the first nothing: 7 x 3 + 10."""
    broker = Broker(Consumer(10), Admin(7), "a-group")
    assert await broker.lag() == 31


async def test_what_others_write_later_is_nobodys_lag_while_it_drains() -> None:
    """It was 7 everywhere when the crowd went home, and that is committed but for the first partition's 7."""
    consumer = Consumer(7)
    broker = Broker(consumer, Admin(7), "a-group")
    until = await broker.ends()
    consumer.end = 100
    assert await broker.lag(until) == 7


async def test_a_broker_that_is_away_has_no_lag_of_zero() -> None:
    """Nobody knows it; and nobody was refused meanwhile that one could know of."""
    consumer = Consumer(10)
    broker = Broker(consumer, Admin(10), "a-group")
    assert await broker.refused() == 0  # from here on it is counted: 4 x 10 messages lay there before
    consumer.answers = False
    assert await broker.lag() is None
    assert await broker.refused() == 0
    consumer.answers, consumer.end = True, 11
    assert await broker.refused() == 4


def test_this_process_is_the_bots_and_a_stack_elsewhere_is_not_seen() -> None:
    """Without a stack here nobody asks what else the machine does."""
    seconds = iter((0.0, 1.0, 2.0))
    cores, memory = Hunger(None, lambda: next(seconds)).look()
    assert set(cores) == set(memory) == {"bots"}
    assert memory["bots"] > 1.0


def test_every_worker_is_the_worker_and_the_supervisor_is_nobody() -> None:
    """By their names; whoever started this process stands for the second worker."""
    seconds = iter((0.0, 1.0, 2.0))
    parent = psutil.Process().ppid()
    cores, memory = Hunger(lambda: {"worker-2": parent, "supervisor": 1}, lambda: next(seconds)).look()
    assert set(memory) == {"bots", "worker"}
    assert set(cores) == {"bots", "worker", "others"}
