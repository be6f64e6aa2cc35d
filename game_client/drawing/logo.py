"""The name of the game in letters half under water: white above, river below, a wave in between that never stands.

The letters are a mask; a painted strip twice as wide as the name is slid behind it, so the wave moves for the price of
two blits.
"""

from math import pi, sin
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing.letters import Letters
from game_client.drawing.palette import Look, mix

NAME: Final = "WHITEWATER"
WAVES: Final = 3
"""Waves along the name; whole, so that the strip joins itself."""


class Logo:
    """The name at one height in pixels."""

    def __init__(self, letters: Letters, look: Look, height: int) -> None:
        face = letters.font(int(height))
        self._mask = face.render(NAME, True, (255, 255, 255)).convert_alpha()  # noqa: FBT003 - pygame names it by place
        width, tall = self._mask.get_size()
        self._strip = _strip((width, tall), look)
        self._sheet = Surface((width, tall), pygame.SRCALPHA)
        dark = face.render(NAME, True, mix(look.deep, (0, 0, 0), 0.72))  # noqa: FBT003 - pygame names it by place
        rim = max(2, height // 20)
        self._back = Surface((width + 2 * rim, tall + 3 * rim), pygame.SRCALPHA)
        for across in range(-rim, rim + 1, max(1, rim // 3)):
            for down in range(-rim, 2 * rim + 1, max(1, rim // 3)):
                self._back.blit(dark, (rim + across, rim + down))
        self._rim = rim

    def draw(self, canvas: Surface, centre: tuple[int, int], clock_s: float) -> pygame.Rect:
        """The name, its wave at a moment; answers where it stands."""
        width = self._mask.get_width()
        self._sheet.blit(self._mask, (0, 0))
        shift = int(clock_s * width * 0.06) % width
        # Filling first keeps the mask's alpha from the last frame out of this one.
        self._sheet.fill((0, 0, 0, 0))
        self._sheet.blit(self._mask, (0, 0))
        self._sheet.blit(self._strip, (-shift, 0), special_flags=pygame.BLEND_RGB_MULT)
        place = self._sheet.get_rect(center=centre)
        canvas.blit(self._back, (place.left - self._rim, place.top - self._rim))
        canvas.blit(self._sheet, place)
        return place


def _strip(size: tuple[int, int], look: Look) -> Surface:
    width, tall = size
    fine = 2
    sheet = Surface((width * 2 * fine, tall * fine))
    sheet.fill((255, 255, 255))

    def crest(at: int, lag: float) -> float:
        turn = 2 * pi * WAVES * at / (width * fine)
        return tall * fine * (0.50 + 0.055 * sin(turn + lag) + 0.03 * sin(turn * 2 - lag))

    layers = (
        (0.0, look.foam, -0.035), (0.0, mix(look.water, look.shallow, 0.45), 0.0), (1.1, look.water, 0.11),
        (2.2, mix(look.water, look.deep, 0.6), 0.21), (3.4, look.deep, 0.31),
    )  # fmt: skip
    for lag, colour, down in layers:
        top = [(at, crest(at, lag) + down * tall * fine) for at in range(0, width * 2 * fine + 8, 8)]
        pygame.draw.polygon(sheet, colour, [*top, (width * 2 * fine, tall * fine), (0, tall * fine)])
    return pygame.transform.smoothscale(sheet, (width * 2, tall)).convert()


def foam_line(canvas: Surface, centre: tuple[int, int], reach: int, look: Look) -> None:
    """A line of foam to either side of the words below the name."""
    for side in (-1, 1):
        line = [(centre[0] + side * (reach + step * 4), centre[1] + sin(step * 0.6) * 3) for step in range(24)]
        pygame.draw.aalines(canvas, look.foam, closed=False, points=line)
