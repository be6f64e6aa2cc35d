"""streak and last3: the run of equal outcomes, signed, and the last three outcomes as bits.

    streak <- max(streak, 0) + 1 if cleared, min(streak, 0) - 1 if lost;   last3 <- (2 last3 + cleared) mod 8

streak is 3 after three rounds cleared in a row and -2 after two lost. last3 is 0 to 7, the newest round in the lowest
bit, 1 for cleared: the state that Chen et al. ("EOMM: An Engagement Optimized Matchmaking Framework", WWW 2017,
section 4) predict churn from. A player with fewer than three rounds has zeros where no round was yet; `rounds` tells
them apart.
"""

from typing import Final

from msgspec import Struct

from processors.signals.told import Told

LONGEST: Final = 1_000_000
TELLS: Final = (
    Told("streak", "rounds, signed", "since it last turned"),
    Told("last3", "3 bits", "3 rounds"),
)


class Streak(Struct, frozen=True, array_like=True):
    """The run and the three bits."""

    run: int = 0
    last3: int = 0


def judge(streak: Streak, *, cleared: bool) -> Streak:
    """The run after one more round."""
    if cleared:
        run = min(streak.run + 1, LONGEST) if streak.run > 0 else 1
    else:
        run = max(streak.run - 1, -LONGEST) if streak.run < 0 else -1
    return Streak(run, (streak.last3 << 1 | cleared) & 7)
