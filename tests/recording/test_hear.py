"""Listening, to a Kafka that was made up for it."""

import asyncio
from itertools import count

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from recording.format import Message
from recording.hear import Ear, SilentError

PLACE = TopicPartition("player-events", 0)


class Mute:
    """Has ten messages, says so, gives one, and then nothing more."""

    def __init__(self) -> None:
        self.given = 0

    async def getmany(self, *, timeout_ms: int) -> dict[TopicPartition, list[ConsumerRecord]]:  # noqa: ARG002 - aiokafka's own signature
        if self.given:
            return {}
        self.given = 1
        return {PLACE: [ConsumerRecord("player-events", 0, 0, 1_000, 0, b"heron", b"{}", None, 5, 2, ())]}

    async def position(self, _: TopicPartition) -> int:
        return self.given

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 10)

    def highwater(self, _: TopicPartition) -> int:
        return 10

    def pause(self, _: TopicPartition) -> None: ...

    def resume(self, _: TopicPartition) -> None: ...


async def test_a_kafka_that_falls_silent_before_the_end_is_not_waited_for_for_ever() -> None:
    """Told to stop, it reads on to where the topic ends; ten seconds of nothing, and it gives up with what it has."""
    seconds = count()
    ear = Ear(Mute(), [PLACE], lambda: float(next(seconds)))
    heard: list[Message] = []

    async def listen() -> None:
        stop = asyncio.Event()
        async for handful in ear.messages(stop):
            heard.extend(handful)
            stop.set()

    with pytest.raises(SilentError, match="what was heard until then is in the file"):
        await listen()
    assert heard == [Message(1_000, 0, "heron", b"{}")]
