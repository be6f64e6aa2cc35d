"""When each seat of a crowd is wanted, worked out of its schedule beforehand.

Seats fill from the front and empty from the back: whoever came last gets up first. A seat's shifts are where the
schedule's line lies above the seat's number. Strange: a step of the schedule is climbed at a thousand players a
second. To sit down costs a hundred steps (there is a rapid to make), so a thousand at one instant would hold up
everybody else for a tenth of a second: the generator would make the spike that it is there to measure.
"""

from itertools import pairwise
from math import inf
from typing import Final

from msgspec import Struct

from bots.schedule import Point, Schedule, most

CLIMB_PER_S: Final = 1000.0
"""Players who sit down or get up in a second of a step, in one process; ours: a tenth of a core sits down."""

ARRIVAL_S: Final = 24.0
"""A crowd sits down one after the other over a round's time, or its rounds would end in step ever after."""


class Shift(Struct, frozen=True):
    """A time in which a seat is wanted, in seconds since the run began."""

    from_s: float
    until_s: float


def arriving(players: int, seconds: float) -> Schedule:
    """So many for so long, where nobody says more; of a short run it takes a quarter until all are there."""
    return Point(0.0, 0), Point(min(ARRIVAL_S, seconds / 4), players), Point(seconds, players)


def shifts(schedule: Schedule) -> list[tuple[Shift, ...]]:
    """For every seat that is ever wanted, its shifts in order; one that no line ends lasts for ever."""
    begun: list[list[float]] = [[] for _ in range(most(schedule))]
    ended: list[list[float]] = [[] for _ in begun]
    for before, then in pairwise(climbed(schedule)):
        slope_s = (then.at_s - before.at_s) / max(abs(then.players - before.players), 1)
        for seat in range(before.players, then.players):
            begun[seat].append(before.at_s + (seat - before.players) * slope_s)
        for seat in range(before.players - 1, then.players - 1, -1):
            ended[seat].append(before.at_s + (before.players - seat) * slope_s)
    return [
        tuple(Shift(*times) for times in zip(starts, [*ends, inf], strict=False))
        for starts, ends in zip(begun, ended, strict=True)
    ]


def climbed(schedule: Schedule) -> Schedule:
    """The same line from nobody at 0 s, with slopes for steps; a slope ends where the schedule goes on."""
    line = [Point(0.0, 0)]
    for place, point in enumerate(schedule):
        before = line[-1]
        if point.at_s > before.at_s:
            line.append(point)
            continue
        goes_on_s = next((later.at_s for later in schedule[place:] if later.at_s > before.at_s), inf)
        top_s = before.at_s + abs(point.players - before.players) / CLIMB_PER_S
        line.append(Point(min(top_s, goes_on_s), point.players))
    return tuple(line)
