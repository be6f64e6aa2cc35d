"""Telling beliefs without making anybody wait, to a broker made up for it."""

import asyncio

import pytest
from aiokafka.errors import KafkaTimeoutError

from processors import tell
from processors.tell import ASIDE_BYTES, KEPT_AT_ONCE, MOST_BYTES, Refusals, Teller


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


async def test_refusals_are_kept_in_order_some_at_a_time_and_the_first_attempt_may_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two and a half writes' worth: none is lost, doubled or out of its order, and all are counted."""
    monkeypatch.setattr(tell, "AGAIN_S", 0.0)
    broker = Reluctant()
    refusals = Refusals(broker)
    told = [b"%d" % number for number in range(KEPT_AT_ONCE * 5 // 2)]
    await refusals.lay_aside(0, [(None, value) for value in told])
    await refusals.keep()
    assert broker.told == [b"refused", *told]
    assert refusals.kept == len(told)


async def test_whoever_lays_a_refusal_aside_waits_only_when_memory_is_full() -> None:
    """Of a few nothing is written, of much it is written beside, and of too much before the fold goes on."""
    broker = Broker()
    refusals = Refusals(broker)
    beside = asyncio.create_task(refusals.run())
    await refusals.lay_aside(0, [(None, b"few")])
    await asyncio.sleep(0)  # noqa: TID251 - gives way, and waits for nothing
    assert broker.told == []
    await refusals.lay_aside(0, [(None, b"m" * ASIDE_BYTES)])
    assert broker.told == []
    await refusals.keep()
    await refusals.lay_aside(0, [(None, b"t" * MOST_BYTES), (None, b"last")])
    assert broker.told[2:] == [b"t" * MOST_BYTES, b"last"]
    assert refusals.kept == 4
    beside.cancel()


async def test_much_is_kept_without_a_snapshot() -> None:
    """The task beside the fold writes it; nobody asked."""
    broker = Broker()
    refusals = Refusals(broker)
    beside = asyncio.create_task(refusals.run())
    await refusals.lay_aside(0, [(None, b"m" * (ASIDE_BYTES + 1))])
    for _ in range(5):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, and waits for nothing
    assert refusals.kept == 1
    beside.cancel()
