"""The river as its designer drew it: difficulty per rapid, and the class a difficulty is called by.

Both sides start from it. The game plays this curve when it is alone; the engagement API starts from it, falls back to
it, and may not leave its neighbourhood. Difficulty is in logits: a paddler of skill theta clears a rapid of difficulty
d with probability 1 / (1 + exp(-alpha (theta - d))), so 0 is a river that an average paddler clears every second time.
"""

from bisect import bisect_right
from functools import lru_cache
from math import exp, log
from typing import Final

from contract.events import Grade

ALPHA: Final = 1.0
"""Log odds of clearing a rapid per logit of difficulty; the scale that skill and difficulty share."""
GRADES: Final[tuple[Grade, ...]] = ("I", "II", "III", "IV", "V", "VI")
GRADE_BOUNDS: Final = (-1.5, -0.75, 0.0, 0.75, 1.5)
"""Logits between one class and the next; ours, chosen so that the designer's curve leads through all six of them."""

FIRST: Final = -1.6
RISE: Final = 0.22
TOOTH: Final = 5
REST: Final = 0.77
CEILING: Final = 2.4


@lru_cache(maxsize=1_024)
def designed_difficulty(rapid: int) -> float:
    """The designer's saw-tooth for the `rapid`-th rapid (from 1), in logits: rise for five, rest, rise again."""
    teeth, step = divmod(max(rapid, 1) - 1, TOOTH)
    return min(FIRST + RISE * step + (RISE * TOOTH - REST) * teeth, CEILING)


def grade_of(difficulty: float) -> Grade:
    """The class, I to VI, that a difficulty in logits is called by."""
    return GRADES[bisect_right(GRADE_BOUNDS, difficulty)]


def chance_of_clearing(skill: float, difficulty: float) -> float:
    """`1 / (1 + exp(-alpha (theta - d)))`, 0 to 1, for a skill and a difficulty in logits (Rasch 1960)."""
    return 1.0 / (1.0 + exp(-ALPHA * (skill - difficulty)))


def difficulty_for(skill: float, chance: float) -> float:
    """The difficulty in logits that a paddler of `skill` clears with this `chance` (above 0, below 1)."""
    return skill - log(chance / (1.0 - chance)) / ALPHA
