"""What furniture is drawn with: a canvas, the one who writes, the meaning of colours, and how large a pixel is.

Sizes in HUD and panels are pixels of a window of 1280x720; `px` makes them pixels of this one.
"""

from typing import Final

import pygame
from msgspec import Struct
from pygame import Surface

from game_client.drawing.letters import Anchor, Letters
from game_client.drawing.palette import Colour, Signs

SMALLEST: Final = 11


class Easel(Struct, frozen=True):
    """Handed to everything that draws words and signs."""

    canvas: Surface
    letters: Letters
    signs: Signs
    unit: float

    def px(self, size: float) -> int:
        """So many pixels of 1280x720, in this window."""
        return int(size * self.unit)

    def type_size(self, size: float) -> int:
        """The height of letters, in pixels of this window: never so small that they cannot be read."""
        return max(SMALLEST, self.px(size))

    def width(self, words: str, size: float) -> int:
        """How wide `write` would make these words."""
        return self.letters.width(words, self.type_size(size))

    def wrap(self, words: str, size: float, width: float) -> list[str]:
        """The words in lines that `write` fits into `width` pixels of 1280x720."""
        return self.letters.wrap(words, self.type_size(size), self.px(width))

    def write(
        self,
        words: str,
        at: tuple[int, int],
        size: float,
        colour: Colour,
        *,
        anchor: Anchor = "topleft",
        edge: bool = False,
    ) -> pygame.Rect:
        """Puts words on the canvas, `size` in pixels of 1280x720, and answers where they went."""
        return self.letters.write(self.canvas, words, at, self.type_size(size), colour, anchor=anchor, edge=edge)


def easel_for(canvas: Surface, letters: Letters, signs: Signs) -> Easel:
    """The easel for a canvas; the unit is 1.0 at 1280x720 and never so small that words cannot be read."""
    return Easel(canvas, letters, signs, max(0.55, min(canvas.get_width() / 1280, canvas.get_height() / 720)))
