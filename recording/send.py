"""From a recording into the topic: each message when it is due, the bytes as they are, in order per player.

It sends through the producers' own Kafka door, a window of parcels at a time, and waits for each window's answer; what
was not taken is sent again before anything later, so nobody's order is lost. What becomes due meanwhile leaves late,
and is counted. One window is all that is in memory, however long the recording.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from producers.kafka import KafkaStream, at
from producers.port import AwayError, Parcel
from recording.pacing import LATE_S

PAUSE_S: Final = 0.5
TRIES: Final = 20


class Leaving(Struct, frozen=True, gc=False):
    """Messages that are to leave together, so many seconds after the first."""

    at_s: float
    parcels: tuple[Parcel, ...]


def parcel(key: str, value: bytes) -> Parcel:
    """A message on its way. Nobody accounts for it by session: it may be an array of events, or no event at all."""
    return Parcel(value, key, "", 0)


class Sent(Struct):
    """What has left so far; messages that Kafka acknowledged."""

    acked: int = 0
    late: int = 0
    """Left more than 10 ms after their moment; of those that had one."""
    seconds: float = 0.0


class GivenUpError(ConnectionError):
    """Kafka takes nothing any more; the text says how much it took."""


async def send(
    kafka: str,
    leaving: Iterable[Leaving],
    sent: Sent,
    stop: asyncio.Event,
    watch: Callable[[Sent], None] = lambda _: None,
) -> None:
    """Sends everything, or until `stop` is set; `sent` is kept up to date, and `watch` is told of every window.

    Raises `GivenUpError`.
    """
    stream = KafkaStream(at(kafka))
    clock = asyncio.get_running_loop().time
    try:
        await _start(stream, sent)
        began_s = clock()
        window: list[Parcel] = []
        for each in leaving:
            if window and (len(window) >= stream.most or each.at_s > clock() - began_s):
                await _deliver(stream, window, sent)
                window = []
                sent.seconds = clock() - began_s
                watch(sent)
            if (wait_s := each.at_s - (clock() - began_s)) > 0.0:
                await _wait(stop, wait_s)
            elif each.at_s > 0.0 and wait_s < -LATE_S:
                sent.late += len(each.parcels)
            if stop.is_set():
                break
            window += each.parcels
        await _deliver(stream, window, sent)
        sent.seconds = clock() - began_s
        watch(sent)
    finally:
        await stream.stop()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _start(stream: KafkaStream, sent: Sent) -> None:
    for last in (*(False,) * (TRIES - 1), True):
        try:
            await stream.start()
        except AwayError as fault:
            if last or not sent.acked:
                sentence = f"{fault}: {sent.acked} messages were taken"
                raise GivenUpError(sentence) from fault
            await asyncio.sleep(PAUSE_S)
        else:
            return


async def _deliver(stream: KafkaStream, window: list[Parcel], sent: Sent) -> None:
    rest: list[Parcel] = window
    for _ in range(TRIES):
        left = list(await stream.send(rest)) if rest else []
        sent.acked += len(rest) - len(left)
        if not left:
            return
        rest = left
        await stream.stop()
        await asyncio.sleep(PAUSE_S)
        await _start(stream, sent)
    sentence = f"Kafka refuses: {sent.acked} messages were taken"
    raise GivenUpError(sentence)
