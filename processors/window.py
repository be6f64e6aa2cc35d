"""Which events of a player were heard before: a window over each session's sequence numbers.

Bounded: 256 numbers a session, four sessions a player. Inside the window the answer is certain. Outside it there is
none, and `OutOfWindowError` says so instead of guessing: taking a repeat would double its effect, dropping a new event
would lose it.

A session that is no longer remembered is told from a new one by time: everything it ever said is older than
`forgotten_s`, so an unknown session that speaks of a time before that is out of the window too.
"""

from typing import Final

from msgspec import Struct

from contract.events import Event

NUMBERS: Final = 256
SESSIONS: Final = 4


class OutOfWindowError(ValueError):
    """An event too old to say whether it was heard before; the text says how old."""


class Heard(Struct, frozen=True, array_like=True):
    """What was heard of one session."""

    session: str
    highest: int = 0
    missing: tuple[int, ...] = ()
    """Numbers below `highest`, and inside the window, that were not heard; rising."""
    events: int = 0
    """How many different events were taken: what the stream is counted against."""
    newest_s: float = 0.0

    def has(self, sequence: int) -> bool:
        """Whether `sequence` was heard. Raises `OutOfWindowError` where that cannot be known."""
        if sequence > self.highest or sequence in self.missing:
            return False
        if sequence <= self.highest - NUMBERS:
            text = f"sequence {sequence} of session {self.session} is {self.highest - sequence} behind the newest"
            raise OutOfWindowError(text)
        return True

    def next(self, newest_s: float) -> "Heard":
        """The commonest case: the number after the highest, and `newest_s` the newest time of them all."""
        highest = self.highest + 1
        missing = self.missing
        if missing and missing[0] <= highest - NUMBERS:
            missing = missing[1:]
        return Heard(self.session, highest, missing, self.events + 1, newest_s)

    def with_(self, sequence: int, now_s: float) -> "Heard":
        """Any number not heard before."""
        highest = max(self.highest, sequence)
        skipped = range(max(self.highest + 1, sequence - NUMBERS + 1), sequence)
        missing = tuple(n for n in (*self.missing, *skipped) if n != sequence and n > highest - NUMBERS)
        return Heard(self.session, highest, missing, self.events + 1, max(now_s, self.newest_s))


class Found(Struct, frozen=True):
    """The session an event belongs to, the others that are remembered, and what is now forgotten."""

    heard: Heard
    others: tuple[Heard, ...]
    forgotten_s: float


def find(heard: tuple[Heard, ...], forgotten_s: float, event: Event) -> Found:
    """The session of `event` among those remembered, or a new one, for which the one silent longest is forgotten.

    Raises `OutOfWindowError` for a session that may be one of those forgotten.
    """
    for each in heard:
        if each.session == event.sessionid:
            return Found(each, tuple(other for other in heard if other is not each), forgotten_s)
    if event.time.timestamp() <= forgotten_s:
        text = f"session {event.sessionid} is not among the last {SESSIONS} and speaks of a time before them"
        raise OutOfWindowError(text)
    if len(heard) == SESSIONS:
        silent = min(reversed(heard), key=lambda each: each.newest_s)
        heard = tuple(each for each in heard if each is not silent)
        forgotten_s = max(forgotten_s, silent.newest_s)
    return Found(Heard(event.sessionid), heard, forgotten_s)
