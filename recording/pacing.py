"""When each message of a recording is due again: the gaps as they were, divided by a speed.

An open model: a message is due at its moment whatever became of the one before. The file is in order of time but for
the few milliseconds by which partitions overtake each other; a message that stands behind a later one is due with it,
so that what is due never runs backwards and everybody's order is the file's.

It refuses to know a clock: seconds are counted from the first message.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from recording.format import Message

LATE_S: Final = 0.010
"""A message that leaves so long after it was due left late: the same measure as for a step of a bot."""


class Due(Struct, frozen=True, gc=False):
    """A message, and when it is to leave, in seconds after the first."""

    at_s: float
    message: Message


def paced(messages: Iterable[Message], speed: float) -> Iterator[Due]:
    """Each message with its moment at `speed` times the recorded pace; at an infinite speed all are due at once."""
    first: int | None = None
    latest_s = 0.0
    for message in messages:
        if first is None:
            first = message.at
        latest_s = max(latest_s, (message.at - first) / 1000.0 / speed)
        yield Due(latest_s, message)


def ahead_s(long_s: float, speed: float) -> float:
    """How far the times of events run ahead of the clock in the end, if the first of them is moved to now.

    After `long_s / speed` seconds the clock stands there, and the last event says `long_s`.
    """
    return max(long_s - long_s / speed, 0.0)
