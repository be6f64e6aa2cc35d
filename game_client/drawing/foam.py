"""White water and stone, painted: pillows and wakes of rocks, standing waves, ledges, and the rocks themselves.

Foam is a loop of a few frames per size of rock, painted once. What it shows is true to the water: piled up before a
rock (upstream is down), torn to both sides, still and dark right behind it.
"""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.growth import SHADE, paint_stone
from game_client.drawing.palette import Look, mix
from game_client.state import HALF_WIDTH

FRAMES: Final = 8
"""Frames in a loop."""
GRAIN_M: Final = 0.1
"""Rocks are painted in steps of so many metres of radius."""
SHAPES: Final = 3
CRESTS_M: Final = (1.5, 2.2, 3.0)
"""Widths of standing waves."""
LIP_M: Final = 1.6
"""Metres of the ledge's picture that lie below, downstream of, its lip."""
FOOT: Final = 0.72
"""How far down the picture of a rock's foam its middle lies."""

Froth = Callable[[Surface, float, Look, float], None]
"""Paints one frame of foam: sheet, pixels a metre, look, and how far through the loop (0 to 1)."""


class Foam:
    """The sprites of one look at one scale, painted when first asked for."""

    def __init__(self, look: Look, scale: float) -> None:
        self._look, self._scale = look, scale
        self._stones: dict[tuple[int, int], Surface] = {}
        self._pillows: dict[int, list[Surface]] = {}
        self.crests = [self._loop((width, 0.9), wave_of(width)) for width in CRESTS_M] if look.waves else []
        self._ledge: list[Surface] = []

    @property
    def ledge(self) -> list[Surface]:
        """A drop across the whole river."""
        if not self._ledge:
            self._ledge = self._loop((2 * HALF_WIDTH + 0.6, 2.2), paint_ledge)
        return self._ledge

    def stone(self, radius_m: float, shape: int) -> Surface:
        """A rock of about this radius, one of a few shapes."""
        key = max(2, round(radius_m / GRAIN_M)), shape % SHAPES
        if key not in self._stones:
            radius, dice = key[0] * GRAIN_M * self._scale, Random(key[0] * 31 + key[1])
            hues = (mix(self._look.stone[0], self._look.deep, 0.15), self._look.stone[1])
            side = int(radius * 2.9) + 2
            self._stones[key] = brush.sprite(
                (side, side), lambda sheet, fine: paint_stone(sheet, radius * fine * 1.06, hues, dice), SHADE
            )
        return self._stones[key]

    def pillow(self, radius_m: float) -> list[Surface]:
        """The foam round a rock of about this radius."""
        size = max(2, round(radius_m / GRAIN_M))
        if size not in self._pillows:
            metres = size * GRAIN_M
            self._pillows[size] = self._loop((metres * 4.4, metres * 6.0 + 0.4), pillow_of(metres))
        return self._pillows[size]

    def _loop(self, metres: tuple[float, float], paint: Froth) -> list[Surface]:
        size = (int(metres[0] * self._scale), int(metres[1] * self._scale))

        def frame(at: int) -> Surface:
            return brush.sprite(
                size, lambda sheet, fine: paint(sheet, self._scale * fine, self._look, at / FRAMES), self._look.foam, 2
            )

        return [frame(at) for at in range(FRAMES)]


def pillow_of(radius_m: float) -> Froth:
    """Foam round a rock of this radius: its middle lies at `FOOT` of the sheet."""

    def paint(sheet: Surface, scale: float, look: Look, at: float) -> None:
        dice = Random(11)
        radius = radius_m * scale
        x, y = sheet.get_width() / 2, sheet.get_height() * FOOT
        for ring in range(4):
            shade = (*mix(look.deep, (0, 0, 0), 0.25), 30 + 22 * ring)
            calm = pygame.Rect(0, 0, radius * (1.9 - 0.3 * ring), radius * (4.2 - 0.8 * ring))
            calm.midbottom = (int(x), int(y + radius * 0.2))
            pygame.draw.ellipse(sheet, shade, calm)
        strength = 150 + int(100 * look.froth)
        for side in (-1, 1):
            for step in range(26):
                share = ((step + at) / 26) ** 0.8
                out = radius * (1.06 + 0.55 * share + dice.uniform(-0.10, 0.14) * (0.4 + share))
                up = radius * (-0.5 + 4.2 * share)
                size = radius * (0.23 - 0.15 * share) * dice.uniform(0.6, 1.3)
                white = (*look.foam, int(strength * (1.0 - share) ** 1.1))
                pygame.draw.circle(sheet, white, (x + side * out, y - up), max(1.0, size))
        for step in range(34):
            turn = pi * (0.06 + 0.88 * step / 33)
            breath = 1.0 + 0.06 * sin(2 * pi * (at + step / 9))
            far = radius * (1.08 + dice.uniform(0.0, 0.24)) * breath
            size = radius * dice.uniform(0.10, 0.24)
            pygame.draw.circle(sheet, (*look.foam, strength), (x + cos(turn) * far, y + sin(turn) * far * 1.04), size)

    return paint


def wave_of(width_m: float) -> Froth:
    """A standing wave: a dark trough upstream, a bright back, a crest that breaks."""

    def paint(sheet: Surface, scale: float, look: Look, at: float) -> None:
        dice = Random(int(width_m * 10))
        x, y = sheet.get_width() / 2, sheet.get_height() / 2
        lift = 0.05 * scale * sin(2 * pi * at)
        half = width_m * scale * 0.46
        for step in range(22):
            share = step / 21 * 2 - 1
            bow = (1 - share * share) * 0.26 * scale
            at_x, at_y = x + share * half, y - bow * 0.7 + lift
            fade = 1.0 - abs(share) ** 2.2
            size = scale * (0.05 + 0.12 * fade) * dice.uniform(0.7, 1.25)
            pygame.draw.circle(
                sheet, (*mix(look.deep, (0, 0, 0), 0.2), int(110 * fade)), (at_x, at_y + size * 1.5), size
            )
            pygame.draw.circle(sheet, (*look.foam, int((110 + 140 * look.froth) * fade)), (at_x, at_y), size)

    return paint


def paint_ledge(sheet: Surface, scale: float, look: Look, at: float) -> None:
    """A drop across the whole river: dark lip, bright fall, boiling foot. Its lip lies `LIP_M` down the sheet."""
    dice = Random(5)
    wide = sheet.get_width()
    lip = LIP_M * scale
    for step in range(70):
        x = wide * (step + 0.5) / 70
        sag = sin(step * 0.55) * 0.10 * scale
        thread = dice.uniform(0.35, 0.95)
        slide = (at + dice.random()) % 1.0
        width = int(wide / 70) + 1
        dark = (*mix(look.deep, (0, 0, 0), 0.45), 150)
        pygame.draw.rect(sheet, dark, (x - width / 2, lip - 0.1 * scale + sag, width, 0.5 * scale))
        fall = (*mix(look.shallow, look.foam, thread), 215)
        pygame.draw.rect(sheet, fall, (x - width / 2, lip - 0.62 * scale + sag, width, 0.6 * scale))
        white = (*look.foam, 90 + int(130 * thread))
        pygame.draw.circle(sheet, white, (x, lip - (0.5 + 0.9 * slide) * scale + sag), scale * (0.30 - 0.2 * slide))
        pygame.draw.circle(sheet, (*look.foam, 230), (x, lip - 0.62 * scale + sag), scale * dice.uniform(0.08, 0.2))
