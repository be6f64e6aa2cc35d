"""A crowd recorded once and sung again by as many players as are wanted: events for a tenth of what playing them costs.

A minute of bots is played in memory, and each bot's session is kept as a voice: bytes with gaps for the player, the
session and the time. A singer has a voice and a name, sings its session to the end and begins another. Whoever listens
cannot tell singers from bots, but for one thing: they do not hear. What the river tells them changes nothing, so a
chorus serves to load the stack and not to judge a policy.

No clock here: whoever performs (concert.py) says which tick of 10 ms it is, and what time that was due.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import Final

from msgspec import Struct

from bots.fleet import SLOT_S, Fleet, Options
from bots.report import Tally
from contract.codec import encode
from contract.events import Event
from producers.outbox import Outbox
from producers.port import Parcel

TICK_S: Final = 0.010
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
