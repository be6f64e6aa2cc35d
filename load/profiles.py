"""The shapes a load test can have: each profile as a schedule of players.

It refuses to know who plays. Strange: nobody's crowd arrives at once, or their rounds would end in step ever after. So
a level is reached over a round's time (a quarter of a short run), and for profiles that ask about a *level* (constant,
soak, a try of find-max) the latencies of the seconds before it are left out. For those that ask about *change* (ramp,
step, spike) every second counts, as in k6. Counts, losses and lateness are always of the whole run.
"""

from typing import Final, get_args

from bots.schedule import Point, Schedule, most
from bots.shifts import arriving
from load.timeline import ProfileName

PROFILES: Final[tuple[ProfileName, ...]] = get_args(ProfileName)
STAIRS: Final = 5
SPIKE_BASE: Final = 10
"""A spike rises from a tenth of its height; ours."""
SOAK_RISE: Final = 0.05
SOAK_RISE_S: Final = 300.0
SHORTEST_S: Final = 4.0
"""Shorter, and there are hardly seconds to judge."""
LEVEL: Final[frozenset[ProfileName]] = frozenset({"constant", "soak", "find-max"})
"""Profiles that ask how it is at a level, and not how it is to get there."""


class BadProfileError(ValueError):
    """These figures make no schedule; the text says which and why."""


def named(name: str) -> ProfileName:
    """The profile of that name. Raises `BadProfileError`."""
    if name not in PROFILES:
        sentence = f"There is no profile {name!r}: take one of {', '.join(PROFILES)}."
        raise BadProfileError(sentence)
    return next(profile for profile in PROFILES if profile == name)


def make(profile: ProfileName, to: int, seconds: float, start: int | None = None) -> Schedule:
    """The schedule of `profile` with at most `to` players, `seconds` long, beginning with `start` where that has a say.

    Raises `BadProfileError`.
    """
    if seconds < SHORTEST_S:
        sentence = f"--for {seconds:g}s is too short to load anything: take {SHORTEST_S:g}s or more."
        raise BadProfileError(sentence)
    if start is not None and profile in {"constant", "soak"}:
        sentence = f"A {profile} profile has one level: leave out --from, or take ramp, step, spike or find-max."
        raise BadProfileError(sentence)
    if (start or 0) > to:
        sentence = f"--from {start} is more than --to {to}: a load test goes upward, so name the smaller one first."
        raise BadProfileError(sentence)
    match profile:
        case "constant" | "find-max":
            return arriving(to, seconds)
        case "ramp":
            return (Point(0.0, start or 0), Point(seconds, to))
        case "step":
            return _stairs(to, seconds, start)
        case "spike":
            base = max(to // SPIKE_BASE, 1) if start is None else start
            up, down = seconds * 0.4, seconds * 0.6
            return (Point(0.0, base), Point(up, base), Point(up, to), Point(down, to), Point(down, base),
                    Point(seconds, base))  # fmt: skip
        case "soak":
            rise = min(seconds * SOAK_RISE, SOAK_RISE_S)
            return (Point(0.0, 0), Point(rise, to), Point(seconds - rise, to), Point(seconds, 0))


def counts_from_s(profile: ProfileName, schedule: Schedule) -> float:
    """From when on latencies count, in seconds since the run began."""
    if profile not in LEVEL:
        return 0.0
    highest = most(schedule)
    return next(point.at_s for point in schedule if point.players == highest)


def length_s(schedule: Schedule) -> float:
    """How long it lasts."""
    return schedule[-1].at_s


def _stairs(to: int, seconds: float, start: int | None) -> Schedule:
    """Equally long, equally high; the last one is `to`, the first one `start`, or as high as the others."""
    first = to / STAIRS if start is None else start
    heights = [round(first + (to - first) * number / (STAIRS - 1)) for number in range(STAIRS)]
    long_s = seconds / STAIRS
    return tuple(Point((number + end) * long_s, height) for number, height in enumerate(heights) for end in (0, 1))
