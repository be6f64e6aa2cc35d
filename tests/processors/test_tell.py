"""Telling beliefs without making anybody wait, to a broker made up for it."""

import asyncio

import pytest

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
    await teller._send()
    assert (broker.told, teller.told, teller.lost) == ([b"3", b"4"], 2, 3)
