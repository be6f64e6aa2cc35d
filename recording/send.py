"""From a recording into the topic: each message when it is due, the bytes as they are, in order per player.

An open model: one task puts messages in line when they are due, another (`_Pump`) takes what stands there to Kafka, a
window at a time, through the producers' own door. It waits for each window's answer, and what was not taken goes again
before anything later, so nobody's order is lost. The line is bounded, however long the recording: where Kafka is too
slow for the speed, messages leave late, and are counted.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from msgspec import Struct

from producers.kafka import KafkaStream, at
from producers.port import AwayError, Parcel
from recording.pacing import LATE_S

PAUSE_S: Final = 0.5
TRIES: Final = 20
LAST_S: Final = 5.0
"""How long whoever stopped is made to wait for what stands in line."""
LINE_WINDOWS: Final = 4
"""Windows that may stand in line: enough that making messages and sending them go on side by side."""


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
    stream, clock = KafkaStream(at(kafka)), asyncio.get_running_loop().time
    try:
        await _start(stream, sent)
        began_s, pump = clock(), _Pump(stream, sent, watch)
        for each in leaving:
            if (wait_s := each.at_s - (clock() - began_s)) > 0.0:
                await _wait(stop, wait_s)
            if not await pump.has_room(stop):
                break
            if each.at_s > 0.0 and clock() - began_s - each.at_s > LATE_S:
                sent.late += len(each.parcels)
            pump.take(each.parcels)
        await pump.finish(stop)
        sent.seconds = clock() - began_s
        watch(sent)
    finally:
        await stream.stop()


class _Pump:
    """Takes what is in line to the stream; `has_room` is where whoever fills the line waits."""

    def __init__(self, stream: KafkaStream, sent: Sent, watch: Callable[[Sent], None]) -> None:
        self._stream = stream
        self._sent = sent
        self._watch = watch
        self._line: list[Parcel] = []
        self._something = asyncio.Event()
        self._room = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="replay")

    def take(self, parcels: Iterable[Parcel]) -> None:
        self._line += parcels
        self._something.set()

    async def has_room(self, stop: asyncio.Event) -> bool:
        """Waits for room in line; false when `stop` is set, or nothing is taken any more."""
        while len(self._line) >= LINE_WINDOWS * self._stream.most and not (self._task.done() or stop.is_set()):
            self._room.clear()
            await self._until(self._room, stop)
        return not (self._task.done() or stop.is_set())

    async def finish(self, stop: asyncio.Event) -> None:
        """Waits until nobody is in line; not for long once `stop` is set: Kafka may be away. Raises `GivenUpError`."""
        self._closing = True
        self._something.set()
        await self._until(stop)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                await self._task

    async def _until(self, *events: asyncio.Event) -> None:
        """Waits for any of `events`, or until nothing is taken any more."""
        waiting = [asyncio.create_task(event.wait()) for event in events]
        await asyncio.wait({*waiting, self._task}, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()

    async def _run(self) -> None:
        while True:
            await self._something.wait()
            if not self._line:
                if self._closing:
                    return
                self._something.clear()
                continue
            window, self._line = self._line[: self._stream.most], self._line[self._stream.most :]
            await _deliver(self._stream, window, self._sent)
            self._room.set()
            self._watch(self._sent)


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
    rest = window
    for _ in range(TRIES):
        left = list(await stream.send(rest))
        sent.acked += len(rest) - len(left)
        if not left:
            return
        rest = left
        await stream.stop()
        await asyncio.sleep(PAUSE_S)
        await _start(stream, sent)
    sentence = f"Kafka refuses: {sent.acked} messages were taken"
    raise GivenUpError(sentence)
