"""stuck_s: active seconds on the present rapid, all its attempts together.

    stuck_s = sum over the attempts at this rapid of (end or now - start)

Only time inside a round counts, not the screen between two attempts. It starts again with another rapid; a rapid of
the same number paddled again after another one is another rapid.
"""

from typing import Final

from msgspec import Struct

from processors.signals.told import Told

LONGEST_S: Final = 1e7
TELLS: Final = (Told("stuck_s", "active s", "present rapid"),)


class Stuck(Struct, frozen=True, array_like=True):
    """The rapid, the seconds of its finished attempts, and when the present attempt began (None between rounds)."""

    rapid: int = 0
    spent_s: float = 0.0
    since_s: float | None = None


def start(stuck: Stuck, rapid: int, at_s: float) -> Stuck:
    """A round of `rapid` begins."""
    return Stuck(rapid, read(stuck, at_s) if rapid == stuck.rapid else 0.0, at_s)


def stop(stuck: Stuck, at_s: float) -> Stuck:
    """The round is over."""
    return Stuck(stuck.rapid, read(stuck, at_s), None)


def read(stuck: Stuck, now_s: float) -> float:
    """Seconds, 0 to 1e7."""
    if stuck.since_s is None:
        return stuck.spent_s
    return min(stuck.spent_s + now_s - stuck.since_s, LONGEST_S)
