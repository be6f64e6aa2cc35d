"""find-max: which load to try next, and when it is known which one is the highest that holds.

    grow      from the first load, twice as many players a try, until a try fails or the most is reached
    bisect    between the highest that held and the lowest that failed, until less than 5 % lies between them
    confirm   the highest that held once more; if it fails now, it was luck, and bisecting goes on below it

All that is known is the tries themselves, so the search has no other state. It refuses to know how a try is made. Where
already the first load fails, it goes down by halves. Strange: a try whose *generator* was late says nothing of the
stack; it counts as one that failed, with its own reason, for nothing beyond it can be known from here. So what was
found is then the most that the generator can drive, and the outcome says so.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from load.timeline import GENERATOR, Try

GROWTH: Final = 2
NEAR: Final = 0.05
"""Highest and failed are this near, as a share of the failed one: a search is over. As near as tries repeat; ours."""
FEWEST_SHARE: Final = 8
"""Below an eighth of the first load nothing more is tried: name a smaller one; ours."""
MOST_TRIES: Final = 24
"""No search goes on for ever, however the figures jump."""
HELD: Final = "everything held"
ELSEWHERE: Final = "more --processes, or another machine for the crowd, may tell"


class Bounds(Struct, frozen=True):
    """Where a search begins, and where it ends at the latest."""

    first: int
    most: int


def bounds(to: int, start: int | None) -> Bounds:
    """From `start`, or else from a tenth of `to`."""
    return Bounds(start or max(to // 10, 1), to)


def next_try(within: Bounds, tries: Sequence[Try]) -> int | None:
    """How many players to try next; None: the search is over."""
    if not tries:
        return within.first
    if len(tries) >= MOST_TRIES:
        return None
    held, failed = _held(tries), _failed(tries)
    if held is None:
        lower = (failed or 0) // GROWTH
        return lower if lower >= max(within.first // FEWEST_SHARE, 1) else None
    if failed is None and held < within.most:
        return min(held * GROWTH, within.most)
    if failed is not None and failed - held > max(NEAR * failed, 1):
        return (held + failed) // 2
    return None if _times_held(tries, held) > 1 else held


def highest(tries: Sequence[Try]) -> Try | None:
    """The highest load that held, as it was when it was tried last; None where none did."""
    held = _held(tries)
    return None if held is None else [one for one in tries if one.holds and one.players == held][-1]


def outcome(within: Bounds, tries: Sequence[Try]) -> str:
    """What the search found, in a sentence."""
    best, limit = highest(tries), lowest(tries)
    if best is None:
        return _nothing(limit)
    if limit is None:
        above = f"{within.most} was the most to try"
    elif limit.why.startswith(GENERATOR):
        above = f"at {limit.players} {GENERATOR} gave first, so the stack may hold more; {ELSEWHERE}"
    else:
        above = f"{limit.players} did not"
    sure = "" if _times_held(tries, best.players) > 1 else ", though it was not confirmed"
    found = f"The highest that held: {best.players} players, {best.events_per_s:.0f} events a second"
    return f"{found}{sure}; {above}."


def _nothing(limit: Try | None) -> str:
    if limit is None:
        return "No try came to its end, so nothing is known."
    if limit.why.startswith(GENERATOR):
        return f"Not even {limit.players} players: {GENERATOR} gave first, so the stack was not tested; {ELSEWHERE}."
    return f"Not even {limit.players} players held: begin lower with --from, ask for less, or make each try longer."


def lowest(tries: Sequence[Try]) -> Try | None:
    """The lowest load that did not hold: what stands between the highest that held and more; None where all did."""
    return min((one for one in tries if not one.holds), key=lambda one: one.players, default=None)


def told_of(one: Try) -> str:
    """One try in a sentence."""
    return f"{one.players} players, {one.events_per_s:.0f} events/s: {'held' if one.holds else one.why}"


def _failed(tries: Sequence[Try]) -> int | None:
    """The fewest players that did not hold."""
    limit = lowest(tries)
    return limit.players if limit else None


def _held(tries: Sequence[Try]) -> int | None:
    """The most players that held and that never failed, nor did fewer."""
    failed = _failed(tries)
    return max((one.players for one in tries if one.holds and (failed is None or one.players < failed)), default=None)


def _times_held(tries: Sequence[Try], players: int) -> int:
    return sum(one.holds for one in tries if one.players == players)
