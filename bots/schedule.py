"""How many players a crowd has at every moment of a run: points joined by straight lines.

An open model: the schedule says when somebody sits down, whatever the river answers. Two points at the same moment are
a step. It refuses to know what a profile is for (`load/profiles.py`).
"""

from bisect import bisect_right

from msgspec import Struct


class Point(Struct, frozen=True):
    """So many players, so many seconds after the run began."""

    at_s: float
    players: int


Schedule = tuple[Point, ...]
"""In order of time, the first at 0 s; after the last point its number stays."""


def players_at(schedule: Schedule, at_s: float) -> int:
    """How many play `at_s` seconds after the run began."""
    after = bisect_right(schedule, at_s, key=lambda point: point.at_s)
    if after == len(schedule):
        return schedule[-1].players
    if not after:
        return schedule[0].players
    before, then = schedule[after - 1], schedule[after]
    share = (at_s - before.at_s) / (then.at_s - before.at_s)
    return round(before.players + share * (then.players - before.players))


def most(schedule: Schedule) -> int:
    """How many there ever are at once."""
    return max(point.players for point in schedule)


def share_of(schedule: Schedule, place: int, processes: int) -> Schedule:
    """What one of several processes plays of it; the shares of all of them add up to the whole at every point."""
    return tuple(
        Point(point.at_s, point.players // processes + (place < point.players % processes)) for point in schedule
    )
