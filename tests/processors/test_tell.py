"""Telling beliefs without making anybody wait, to a broker made up for it."""

import asyncio

import pytest
from aiokafka.errors import KafkaTimeoutError

from processors import tell
from processors.tell import Teller


class Batch:
    """Takes whatever it is given."""

    def __init__(self) -> None:
        self.values: list[bytes] = []

    def append(self, *, key: bytes, value: bytes, timestamp: None) -> bool:  # noqa: ARG002 - aiokafka's own signature
        self.values.append(value)
        return True


class Broker:
    """Acknowledges at once, and remembers."""

    def __init__(self) -> None:
        self.told: list[bytes] = []

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, _: str, *, partition: int) -> asyncio.Future[None]:  # noqa: ARG002 - the same
        self.told += batch.values
        answer = asyncio.get_running_loop().create_future()
        answer.set_result(None)
        return answer


async def test_beliefs_that_find_no_room_push_out_the_oldest_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two, and Kafka takes nothing while five come: the last two are told, three are lost."""
    monkeypatch.setattr(tell, "ROOM", 2)
    broker = Broker()
    teller = Teller(broker, "engagement-signals")
    for number in range(5):
        teller.tell(3, b"p-1", b"%d" % number)
    await teller.send()
    assert (broker.told, teller.told, teller.lost) == ([b"3", b"4"], 2, 3)


class Reluctant(Broker):
    """Refuses the first batch."""

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> asyncio.Future[None]:
        if not self.told:
            self.told.append(b"refused")
            raise KafkaTimeoutError
        return await super().send_batch(batch, topic, partition=partition)


async def test_a_belief_that_could_not_be_sent_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The event it rests on is folded once; nobody would ever tell of it again."""
    monkeypatch.setattr(tell, "AGAIN_S", 0.0)
    broker = Reluctant()
    teller = Teller(broker, "engagement-signals")
    teller.tell(3, b"p-1", b"1")
    await teller.send()
    assert (broker.told, teller.told, teller.lost) == ([b"refused", b"1"], 1, 0)
