"""What was acknowledged, per session and sequence, and how long that took.

It is the book that `lost` and `doubled` are checked against. Sequences come almost in order, so a session's part is a
few ranges, not a set of a million numbers. Times are counted in tenths of a millisecond, which is exact enough for a
percentile and small enough to keep until somebody asks for them.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

TENTHS_PER_S: Final = 10_000
LONGEST_S: Final = 60
Runs = tuple[tuple[int, int], ...]
"""Numbers as runs of them, first and last of each, in order and without touching."""


class Account:
    """A growing book of acknowledged events."""

    def __init__(self) -> None:
        self.events = 0
        """Acknowledgements in all, repeats included."""
        self._ranges: dict[str, list[list[int]]] = {}
        self._fresh: Counter[int] = Counter()
        """Timed since somebody last asked for the news."""

    def enter(self, session: str, sequence: int) -> None:
        """Note that one event was acknowledged."""
        self.events += 1
        ranges = self._ranges.get(session)
        if ranges is None:
            self._ranges[session] = [[sequence, sequence]]
        elif sequence == ranges[-1][1] + 1:
            ranges[-1][1] = sequence
        elif sequence > ranges[-1][1]:
            ranges.append([sequence, sequence])
        else:
            _insert(ranges, sequence)

    def timed(self, seconds: Iterable[float]) -> None:
        """Note how long events took from `emit` to the acknowledgement, in seconds."""
        tenths = [int(each * TENTHS_PER_S) for each in seconds]
        if tenths and max(tenths) > LONGEST_S * TENTHS_PER_S:
            tenths = [min(each, LONGEST_S * TENTHS_PER_S) for each in tenths]
        self._fresh.update(tenths)

    def news_ms(self) -> list[tuple[float, int]]:
        """Every time in milliseconds that was counted since this was last asked, rounded up, and how often."""
        fresh, self._fresh = self._fresh, Counter()
        return [((tenth + 1) / TENTHS_PER_S * 1000, times) for tenth, times in fresh.items()]

    def runs(self) -> dict[str, Runs]:
        """Per session, the sequences that were acknowledged, as runs: few, however many events there were."""
        return {session: tuple((first, last) for first, last in ranges) for session, ranges in self._ranges.items()}


def _insert(ranges: list[list[int]], sequence: int) -> None:
    """Put a number that came late where it belongs, joining ranges that come to touch."""
    place = next(i for i, (_, last) in enumerate(ranges) if sequence <= last + 1)
    if sequence < ranges[place][0] - 1:
        ranges.insert(place, [sequence, sequence])
        return
    first, last = ranges[place]
    ranges[place] = [min(first, sequence), max(last, sequence)]
    if place + 1 < len(ranges) and ranges[place + 1][0] == ranges[place][1] + 1:
        ranges[place][1] = ranges.pop(place + 1)[1]
