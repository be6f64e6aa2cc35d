"""How likely a player is to clear a rapid, and how long that takes: what fast mode draws its rounds from.

No formula but what bots did on the real river: `measured` has the log odds on a grid of skills and difficulties,
monotone in both, and between four points they are read bilinearly. Beyond the grid the nearest edge answers: a river
does not get harder than the knob's last row. It is read once for every round of millions of players, so all that can
be worked out beforehand is.
"""

from itertools import pairwise
from math import exp
from typing import Final, TypeAlias

from experiments.measured import CLEARED_S, DIFFICULTIES, LOGITS, LOST_BY, LOST_S, SKILLS

Patch: TypeAlias = tuple[float, float, float, float]
"""`a + b u + c v + e u v`: log odds within four points of the grid, u up in skill and v up in difficulty, 0 to 1."""
Rows: TypeAlias = tuple[tuple[float, ...], ...]

LEAST_SKILL: Final = SKILLS[0]
LEAST_DIFFICULTY: Final = DIFFICULTIES[0]
PER_SKILL: Final = 1.0 / (SKILLS[1] - SKILLS[0])
PER_DIFFICULTY: Final = 1.0 / (DIFFICULTIES[1] - DIFFICULTIES[0])
HAIR: Final = 1e-9
"""The last point of the grid belongs to the last patch."""
LAST_ROW: Final = len(SKILLS) - 1 - HAIR
LAST_COLUMN: Final = len(DIFFICULTIES) - 1 - HAIR


def patched(logits: Rows) -> tuple[tuple[Patch, ...], ...]:
    """The grid's patches, a row of them between each two skills."""
    return tuple(
        tuple(
            (low, up - low, low_right - low, up_right - up - low_right + low)
            for (low, low_right), (up, up_right) in zip(pairwise(lower), pairwise(upper), strict=True)
        )
        for lower, upper in pairwise(logits)
    )


PATCHES: Final = patched(LOGITS)


def chance(skill: float, difficulty: float) -> float:
    """The chance, 0 to 1, that a player of `skill` clears a rapid of `difficulty`, both in logits."""
    u = (skill - LEAST_SKILL) * PER_SKILL
    v = (difficulty - LEAST_DIFFICULTY) * PER_DIFFICULTY
    u = 0.0 if u < 0.0 else LAST_ROW if u > LAST_ROW else u  # noqa: FURB136 - min and max cost as much as all the rest
    v = 0.0 if v < 0.0 else LAST_COLUMN if v > LAST_COLUMN else v  # noqa: FURB136
    row, column = int(u), int(v)
    a, b, c, e = PATCHES[row][column]
    u -= row
    v -= column
    return 1.0 / (1.0 + exp(-(a + b * u + c * v + e * u * v)))


def round_s(difficulty: float, *, cleared: bool) -> float:
    """Active seconds of a round that ended so, on average over players of skill N(0, 1), at a difficulty in logits."""
    return _between(CLEARED_S if cleared else LOST_S, difficulty)


def lost_by(difficulty: float) -> tuple[float, float, float]:
    """Of lost rounds at a difficulty in logits, the shares that end by rock, gates and time."""
    rock, gates, time = (_between(column, difficulty) for column in zip(*LOST_BY, strict=True))
    return rock, gates, time


def _between(values: tuple[float, ...], difficulty: float) -> float:
    """One value a difficulty of the grid, read along straight lines."""
    v = min(max((difficulty - LEAST_DIFFICULTY) * PER_DIFFICULTY, 0.0), LAST_COLUMN)
    column = int(v)
    return values[column] + (values[column + 1] - values[column]) * (v - column)
