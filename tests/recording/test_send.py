"""Sending, to a Kafka that was made up for it."""

import asyncio
from collections.abc import Sequence

import pytest

from producers.port import Parcel
from recording import send as sending
from recording.send import Leaving, Sent, parcel, send


class Stuck:
    """Takes two at once, and never answers."""

    most = 2

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, _: Sequence[Parcel]) -> Sequence[Parcel]:
        await asyncio.Event().wait()
        return ()


@pytest.mark.parametrize("messages", [1, 100])
async def test_who_stops_does_not_wait_for_a_kafka_that_is_away(messages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither with everything in line, nor with more than there is room for."""
    monkeypatch.setattr(sending, "KafkaStream", lambda _: Stuck())
    monkeypatch.setattr(sending, "LAST_S", 0.0)
    sent, stop = Sent(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, stop.set)
    async with asyncio.timeout(5.0):
        await send("nowhere", [Leaving(0.0, (parcel("heron", b"{}"),))] * messages, sent, stop)
    assert (sent.acked, sent.late) == (0, 0)
