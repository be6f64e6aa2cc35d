"""Words on the picture: pygame's own font, each word rendered once and kept.

Sizes are pixels of cap height or so, given by the caller, who knows the window. Words are rendered `FINE` times too
large and shrunk: the font's own hinting would tear small letters apart. Everything drawn over the river has a
dark edge, because water is light in one class and dark in the next.
"""

from typing import Final, Literal

import pygame
from pygame import Surface

from game_client.drawing.palette import Colour

KEPT: Final = 600
FINE: Final = 3
Anchor = Literal[
    "topleft", "midtop", "topright", "center", "midleft", "midright", "midbottom", "bottomleft", "bottomright"
]


class Letters:
    """The one who writes; keeps what it wrote."""

    def __init__(self) -> None:
        pygame.font.init()
        self._fonts: dict[int, pygame.font.Font] = {}
        self._kept: dict[tuple[str, int, Colour, bool], Surface] = {}

    def font(self, size: int) -> pygame.font.Font:
        """The face at a size in pixels, unshrunk."""
        if size not in self._fonts:
            self._fonts[size] = pygame.font.Font(None, max(6, int(size * 1.3)))
        return self._fonts[size]

    def width(self, words: str, size: int) -> int:
        """How many pixels wide words of a size are."""
        return self.font(size * FINE).size(words)[0] // FINE

    def render(self, words: str, size: int, colour: Colour, *, edge: bool = False) -> Surface:
        """The words as a picture; with `edge`, on a soft dark rim."""
        key = (words, size, colour, edge)
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = self._edged(words, size, colour) if edge else self._plain(words, size, colour)
        return self._kept[key]

    def write(
        self,
        canvas: Surface,
        words: str,
        at: tuple[int, int],
        size: int,
        colour: Colour,
        *,
        anchor: Anchor = "topleft",
        edge: bool = False,
    ) -> pygame.Rect:
        """Puts words on the canvas and answers where they went."""
        picture = self.render(words, size, colour, edge=edge)
        place = picture.get_rect(**{anchor: at})
        canvas.blit(picture, place)
        return place

    def wrap(self, words: str, size: int, width: int) -> list[str]:
        """The words in lines no wider than `width` pixels."""
        lines: list[str] = []
        for word in words.split():
            if lines and self.width(f"{lines[-1]} {word}", size) <= width:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines.append(word)
        return lines

    def _plain(self, words: str, size: int, colour: Colour) -> Surface:
        large = self.font(size * FINE).render(words, True, colour)  # noqa: FBT003 - pygame names it by place
        sheet = Surface(large.get_size(), pygame.SRCALPHA)
        sheet.fill((*colour, 0))
        sheet.blit(large, (0, 0))
        return pygame.transform.smoothscale(sheet, (large.get_width() // FINE, large.get_height() // FINE))

    def _edged(self, words: str, size: int, colour: Colour) -> Surface:
        rim = max(1, size // 14)
        light, dark = self._plain(words, size, colour), self._plain(words, size, (6, 18, 26))
        sheet = Surface((light.get_width() + 2 * rim, light.get_height() + 2 * rim + 1), pygame.SRCALPHA)
        sheet.fill((6, 18, 26, 0))
        for across in range(-rim, rim + 1):
            for down in range(-rim, rim + 1):
                sheet.blit(dark, (rim + across, rim + down + 1))
        sheet.blit(light, (rim, rim))
        return sheet
