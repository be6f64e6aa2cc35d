"""Writes down what a crowd's clients see: what they hand over, what is acknowledged, and what the river tells them.

It stands where a client library ends and the network begins: `emit` in front of the emitter, a stream around the
stream. What a delivery did not acknowledge is a `fail`: perhaps it arrived. Everything is kept in memory until the run
is over, so that a full disk or a slow one changes nothing in the run.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Sequence

from msgspec import json
from msgspec.structs import replace
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation
from contract.events import Event
from faults.history import Entry, Followed, Frame, History, Injected, Op
from faults.plan import Mangling
from producers.emitter import Emitter
from producers.outbox import Outbox
from producers.port import Parcel, Stream

AGAIN_S = 0.2
DEEP = 2_000
TOO_MANY_BYTES = 300_000


class Recorder:
    """The history of one run, while it is made."""

    def __init__(self) -> None:
        self.history = History()
        self.longest_emit_s = 0.0
        self.most_held = 0
        """Events that waited at once in the emitter."""

    def note(self, entry: Entry) -> None:
        """One more thing that was seen."""
        self.history.entries.append(entry)

    def injected(self, what: str) -> None:
        """A step was done."""
        self.note(Injected(time.time(), what))


class Shore:
    """The emitter as the crowd sees it."""

    def __init__(self, emitter: Emitter, recorder: Recorder) -> None:
        self._emitter = emitter
        self._recorder = recorder

    @property
    def outbox(self) -> Outbox:
        return self._emitter.outbox

    def emit(self, event: Event) -> None:
        """Hands one event over, and remembers when and how long that took."""
        recorder = self._recorder
        recorder.note(Op("invoke", time.time(), event.sessionid, event.sequence))
        began_s = time.perf_counter()
        self._emitter.emit(event)
        recorder.longest_emit_s = max(recorder.longest_emit_s, time.perf_counter() - began_s)
        recorder.most_held = max(recorder.most_held, self._emitter.outbox.held)


class Recorded:
    """A stream that writes down what was acknowledged; on the way it may mangle what is sent."""

    def __init__(self, stream: Stream, recorder: Recorder, mangling: Mangling, seed: int) -> None:
        self._stream = stream
        self._recorder = recorder
        self._mangling = mangling
        self._dice = random.Random(f"mangling/{seed}")
        self.most = stream.most

    async def start(self) -> None:
        await self._stream.start()

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        failed = {id(parcel) for parcel in await self._stream.send(mangled(parcels, self._mangling, self._dice))}
        at_s = time.time()
        for parcel in parcels:
            self._recorder.note(Op("fail" if id(parcel) in failed else "ok", at_s, parcel.session, parcel.sequence))
        return [parcel for parcel in parcels if id(parcel) in failed]

    async def stop(self) -> None:
        await self._stream.stop()


def mangled(parcels: Sequence[Parcel], mangling: Mangling, dice: random.Random) -> list[Parcel]:
    """What is sent in their place: copies, disorder and poison, as the plan wants it."""
    sent = [parcel for parcel in parcels for _ in range(dice.randint(1, mangling.copies))]
    if mangling.shuffled_in > 1:
        for at in range(0, len(sent), mangling.shuffled_in):
            window = sent[at : at + mangling.shuffled_in]
            dice.shuffle(window)
            sent[at : at + mangling.shuffled_in] = window
    for at in range(len(sent) - 1, -1, -1):
        if dice.random() < mangling.poison:
            sent.insert(at, replace(sent[at], value=poisoned(sent[at].value, dice)))
    return sent


def poisoned(value: bytes, dice: random.Random) -> bytes:
    """An event's bytes, spoiled in one of the ways in which bytes are spoiled, by accident or by whoever means harm."""
    place = dice.randrange(1, len(value))
    return dice.choice(
        (
            value[:place],
            b"",  # empty, and not absent: a key without any value says that somebody is to be forgotten
            value[:place] + b"\xff" + value[place:],
            value[:place] + b"\x00" + value[place:],
            b"{" + b'"x":1,' + value[1:],
            value.replace(b'"sequence":', b'"sequence":null,"x":', 1),
            value + value,
            b"[" * DEEP + b"]" * DEEP,
            value[:-1] + b" " * TOO_MANY_BYTES + b"}",
        )
    )


async def listen(
    river: str, reader: int, players: Iterable[str], recorder: Recorder, heard: Callable[[AdaptationDecided], None]
) -> None:
    """Follows these players and writes down every frame; connects again for as long as it is awaited."""
    asked = tuple(players)
    recorder.note(Followed(reader, asked))
    while True:
        try:
            async with connect(river, max_size=None, open_timeout=5.0) as socket:
                await socket.send(json.encode({"follow": asked}).decode())
                async for frame in socket:
                    text = frame if isinstance(frame, str) else frame.decode(errors="replace")
                    recorder.note(Frame(time.time(), reader, text))
                    goal = read_adaptation(text.encode())
                    if not isinstance(goal, Unreadable):
                        heard(goal)
        except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
            pass
        await asyncio.sleep(AGAIN_S)
