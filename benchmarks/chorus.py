"""A crowd recorded once and sung again by as many players as are wanted: events for a tenth of what playing them costs.

A minute of bots is played in memory, and each bot's session is kept as a voice: bytes with gaps for the player, the
session and the time. A singer has a voice and a name, sings its session to the end and begins another. Whoever listens
cannot tell singers from bots, but for one thing: they do not hear. What the river tells them changes nothing, so a
chorus serves to load the stack and not to judge a policy.

The model is open and honest: a note is due at its tick of 10 ms, whatever became of the ones before, and carries the
time it was *due*. A chorus or a broker that falls behind makes every latency worse instead of hiding it (coordinated
omission); ticks that began late are counted.
"""

import asyncio
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import Final

from msgspec import Struct

from bots.fleet import SLOT_S, Fleet, Options
from bots.report import Latency, Tally
from contract.codec import encode
from contract.events import Event
from producers.kafka import KafkaStream, at
from producers.outbox import Outbox
from producers.port import Parcel

TICK_S: Final = 0.010
LATE_S: Final = 0.050
"""What is late is in the latency already; a tick this late says that the chorus needs more than it gets of the machine.
Bots are held to 10 ms, because they play like people; on a machine used to the full nobody keeps that; ours."""
BREATH_TICKS: Final = 50
"""Between two sessions of a singer."""
GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0
"""Its multiples lie evenly between whole numbers, however many there are."""
BOTS: Final = 100
MINUTE_S: Final = 75.0
"""Of it the last to arrive has a minute."""
ARRIVED: Final = 100
"""Sessions shorter than so many events are left out: nobody sings the one who left at once, over and over."""
_TIME: Final = re.compile(rb'"time":"[^"]*"')


class Note(Struct, frozen=True, gc=False):
    """One event: how many ticks after its session began, and its bytes with gaps."""

    tick: int
    text: bytes
    """Filled with session, sequence, player, time, session and sequence."""


Voice = tuple[Note, ...]


class _Kept:
    """A shore that keeps every event."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        """Keeps it."""
        self.events.append(event)


def recorded(bots: int = BOTS, seconds: float = MINUTE_S, seed: int = 1) -> list[Voice]:
    """The sessions that so many bots play in so many seconds, played as fast as it goes."""
    kept, start = _Kept(), datetime.now(UTC)
    fleet = Fleet(Options(players=bots, seconds=seconds, seed=seed), kept, Tally(), lambda: 0.0, start)
    for slot in range(round(seconds / SLOT_S)):
        fleet.play_slot(slot, late=False)
    fleet.everybody_up(seconds)
    sessions = sorted(kept.events, key=lambda event: (event.sessionid, event.sequence))
    voices = [_voice(list(events)) for _, events in groupby(sessions, key=lambda event: event.sessionid)]
    return [voice for voice in voices if len(voice) >= ARRIVED]


def _voice(events: list[Event]) -> Voice:
    first = events[0].time
    return tuple(Note(round((event.time - first).total_seconds() / TICK_S), _text(event)) for event in events)


def _text(event: Event) -> bytes:
    """The event's bytes, with a gap where each singer and each moment differs; an id is a session and a sequence."""
    raw = encode(event).replace(b"%", b"%%")
    raw = raw.replace(event.id.encode(), b"%b-%d", 1)
    raw = raw.replace(b'"%s"' % event.subject.encode(), b'"%b"', 1)
    raw = _TIME.sub(b'"time":"%b"', raw, count=1)
    raw = raw.replace(b'"%s"' % event.sessionid.encode(), b'"%b"', 1)
    return raw.replace(b'"sequence":%d' % event.sequence, b'"sequence":%d', 1)


class Singer:
    """Somebody with a voice."""

    __slots__ = ("began", "key", "next", "player", "sequence", "session", "times", "voice")

    def __init__(self, player: str, voice: Voice) -> None:
        self.player = player
        self.key = player.encode()
        self.voice = voice
        self.next = self.times = self.began = self.sequence = 0
        self.session = ""

    def begin(self, run: str, tick: int, note: int = 0) -> None:
        """A new session of `run`, at this note of the voice."""
        self.times += 1
        self.session = f"{run}-{self.player}-{self.times}"
        self.next, self.sequence = note, 0
        self.began = tick - self.voice[note].tick

    def sing(self, moment: bytes) -> Parcel:
        """The next event; after the last one somebody has to `begin` again."""
        self.sequence += 1
        session = self.session.encode()
        value = self.voice[self.next].text % (session, self.sequence, self.key, moment, session, self.sequence)
        self.next += 1
        return Parcel(value, self.player, self.session, self.sequence)

    @property
    def due(self) -> int | None:
        """The tick of the next note; None when the session is over."""
        return self.began + self.voice[self.next].tick if self.next < len(self.voice) else None


def singers(voices: Sequence[Voice], count: int) -> list[Singer]:
    """So many, the same names each time."""
    return [Singer(f"c-{number:06d}", voices[number % len(voices)]) for number in range(count)]


def notes_per_s(voices: Sequence[Voice]) -> float:
    """Events a second of a singer, on average over the voices as long as each is."""
    return sum(map(len, voices)) / sum((voice[-1].tick + BREATH_TICKS) * TICK_S for voice in voices)


Score = Callable[[int, bytes], Iterator[Parcel]]
"""Given a tick and its moment as text, the events that are due in it."""


def by_heart(crowd: Sequence[Singer], over_s: float, run: str) -> Score:
    """Everybody sings as it was recorded; they come in one after the other, over so many seconds.

    The first session is joined in the midst, each elsewhere, so that from the first second on some rounds begin and
    some end, as in a crowd that has been playing for long.
    """
    due: defaultdict[int, list[Singer]] = defaultdict(list)
    for place, singer in enumerate(crowd):
        tick = round(place * over_s / TICK_S / len(crowd))
        singer.begin(run, tick, int(place * GOLDEN % 1.0 * len(singer.voice)))
        due[tick].append(singer)

    def score(tick: int, moment: bytes) -> Iterator[Parcel]:
        for singer in due.pop(tick, ()):
            then: int | None = tick
            while then is not None and then <= tick:
                yield singer.sing(moment)
                then = singer.due
            if then is None:
                then = tick + BREATH_TICKS
                singer.begin(run, then)
            due[then].append(singer)

    return score


def in_turn(crowd: Sequence[Singer], per_s: float, run: str) -> Score:
    """Everybody sings one note and waits until everybody else has, so many notes a second in all.

    Whoever is in the midst of a session goes on with it.
    """
    sung = 0

    def score(tick: int, moment: bytes) -> Iterator[Parcel]:
        nonlocal sung
        until = round((tick + 1) * TICK_S * per_s)
        while sung < until:
            singer = crowd[sung % len(crowd)]
            if not singer.session or singer.due is None:
                singer.begin(run, tick)
            yield singer.sing(moment)
            sung += 1

    return score


def backlog(crowd: Sequence[Singer], events: int, run: str, every_s: float = 0.2) -> Iterator[Parcel]:
    """So many events of the last hours at once: everybody's first, then everybody's second, `every_s` later each."""
    start = datetime.now(UTC) - timedelta(seconds=every_s * events / len(crowd))
    per_tick = in_turn(crowd, len(crowd) / TICK_S, run)
    for tick in range(-(-events // len(crowd))):
        moment = (start + timedelta(seconds=tick * every_s)).isoformat().encode()
        yield from islice(per_tick(tick, moment), events - tick * len(crowd))


async def pour(kafka: str, parcels: Sequence[Parcel], before: Callable[[], None] = lambda: None) -> None:
    """Send everything as fast as it goes; `before` is called when the broker is connected and nothing is sent yet."""
    stream = KafkaStream(at(kafka))
    await stream.start()
    before()
    for first in range(0, len(parcels), stream.most):
        if left := await stream.send(parcels[first : first + stream.most]):
            sys.exit(f"The broker did not take {len(left)} events.")
    await stream.stop()


class Sung:
    """What came of a performance, while it goes on too."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC)
        self.offered = self.acked = self.ticks = self.late = 0
        self.over = False
        self.accept = Latency()
        """From when a note was due until it was acknowledged; of each flight its oldest note."""

    @property
    def late_share(self) -> float:
        """Of the ticks, those that began more than 10 ms after their time."""
        return self.late / max(self.ticks, 1)


async def perform(kafka: str, score: Score, seconds: float, sung: Sung) -> None:
    """Sing for so many seconds or until `sung.over`, and return when everything is acknowledged; counts in `sung`."""
    stream = KafkaStream(at(kafka))
    await stream.start()
    waiting: list[Parcel] = []
    news = asyncio.Event()
    sung.began, clock = datetime.now(UTC), time.monotonic
    since, oldest = clock(), 0.0

    async def carry() -> None:
        nonlocal waiting, oldest
        while waiting or not sung.over:
            if not waiting:
                news.clear()
                await news.wait()
                continue
            flight, waiting, due = waiting, [], oldest
            for first in range(0, len(flight), stream.most):
                part = flight[first : first + stream.most]
                sung.acked += len(part) - len(await stream.send(part))
            sung.accept.record((clock() - since - due) * 1000)

    carrying = asyncio.create_task(carry())
    try:
        for tick in range(round(seconds / TICK_S)):
            if sung.over:
                break
            due_s = tick * TICK_S
            await asyncio.sleep(max(since + due_s - clock(), 0.0))
            sung.ticks += 1
            sung.late += clock() - since - due_s > LATE_S
            notes = list(score(tick, (sung.began + timedelta(seconds=due_s)).isoformat().encode()))
            if notes:
                oldest = oldest if waiting else due_s
                waiting.extend(notes)
                sung.offered += len(notes)
                news.set()
        sung.over = True
        news.set()
        await carrying
    finally:
        carrying.cancel()
        await asyncio.wait({carrying})
        await stream.stop()
