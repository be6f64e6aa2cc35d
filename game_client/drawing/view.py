"""The eye above the river: metres to pixels and back.

Pure. Downstream is up. The river's bends exist only here: a thing at `x` metres from the middle is drawn at `x` plus
the bend at its `y`; the rules never know. The eye follows the kayak down the river, looks ahead of it, and sways only
with part of the bend, so that the river meanders on screen instead of the land sliding beneath a straight one.
"""

from collections.abc import Callable
from math import ceil
from typing import Final

from msgspec import Struct

TALL: Final = 15.5
"""Metres of river on screen from bottom to top, where the water stands still."""
FORESIGHT_S: Final = 1.2
"""Faster water shows farther: so many metres more for each metre a second."""
WIDE: Final = 15.0
"""Metres that must fit from side to side, in a window taller than wide."""
SEAT: Final = 0.8
"""Where the kayak sits: share of the screen from the top."""
FOLLOW: Final = 0.62
"""Share of the bend the eye goes along with."""
LOOK_AHEAD_M: Final = 5.0

Bend = Callable[[float], float]


class View(Struct, frozen=True):
    """Where the eye is, for one frame."""

    width: int
    height: int
    scale: float
    """Pixels a metre."""
    left: int
    """Pixels from the river's zero line to the left rim of the screen, negative."""
    bottom: int
    """Pixels from the start of the rapid to the lower rim of the screen."""
    bend: Bend

    def place(self, x: float, y: float) -> tuple[int, int]:
        """The pixel of a place `x` metres across and `y` metres down the rapid."""
        return int((x + self.bend(y)) * self.scale) - self.left, self.height - int(y * self.scale) + self.bottom

    def metres(self, pixel_y: int) -> float:
        """How far down the rapid a line of pixels lies."""
        return (self.height - pixel_y + self.bottom) / self.scale

    def visible(self, y: float, margin: float = 0.0) -> bool:
        """Whether a place `y` metres down the rapid is on screen, give or take a margin in metres."""
        return self.bottom / self.scale - margin <= y <= (self.bottom + self.height) / self.scale + margin


def scale_of(size: tuple[int, int], current: float) -> float:
    """Pixels a metre in a window of this size, above water of this speed."""
    return max(4.0, min(size[1] / (TALL + FORESIGHT_S * current), size[0] / WIDE))


def sway_of(bend: Bend, length: float, scale: float) -> int:
    """How many pixels to either side the eye may wander on a rapid of `length` metres."""
    widest = max(abs(bend(float(y))) for y in range(-20, int(length) + 40, 2))
    return ceil((widest * FOLLOW + 0.5) * scale)


def look(size: tuple[int, int], scale: float, y: float, bend: Bend, shake: tuple[float, float] = (0.0, 0.0)) -> View:
    """The view of a kayak `y` metres down, shaken by so many pixels."""
    width, height = size
    around = (bend(y) + bend(y + LOOK_AHEAD_M) + bend(y + 2 * LOOK_AHEAD_M)) / 3.0
    return View(
        width=width,
        height=height,
        scale=scale,
        left=int(around * FOLLOW * scale + shake[0]) - width // 2,
        bottom=int(y * scale - (1.0 - SEAT) * height + shake[1]),
        bend=bend,
    )
