"""Rocks and the white water about them: pillows, wakes, standing waves, ledges.

Foam is a loop of a few frames per size of rock, painted once; each thing on the river runs through the loop from its
own place in it, so nothing beats in step. What the foam shows is true to the water: piled up before a rock (upstream is
down), torn to both sides, still and dark right behind it.
"""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.growth import paint_stone
from game_client.drawing.palette import Look, mix
from game_client.drawing.view import View
from game_client.state import HALF_WIDTH, Rapid, Rock

FRAMES: Final = 8
BEAT: Final = 13.0
"""Frames of foam a second."""
GRAIN_M: Final = 0.1
"""Rocks are painted in steps of so many metres of radius."""
SHAPES: Final = 3


class Rocks:
    """The rocks, waves and ledges of one rapid at one scale."""

    def __init__(self, rapid: Rapid, look: Look, scale: float) -> None:
        self._look, self._scale = look, scale
        self._stones: dict[tuple[int, int], Surface] = {}
        self._foam: dict[int, list[Surface]] = {}
        self._drops = rapid.drops
        self._met: dict[Rock, None] = {}
        dice = Random(rapid.seed + 1)
        self._waves = [
            (dice.uniform(-4.6, 4.6), dice.uniform(6.0, rapid.length), dice.randrange(FRAMES), dice.randrange(3))
            for _ in range(int(look.waves * rapid.length))
        ]
        self._crests = [self._loop((w, 0.9), wave_of(w)) for w in (1.5, 2.2, 3.0)] if self._waves else []
        self._ledge = self._loop((2 * HALF_WIDTH + 0.6, 2.2), _ledge) if self._drops else []
        for rock in rapid.rocks:
            self._sprite_of(rock)

    def draw_waves(self, canvas: Surface, view: View, clock_s: float) -> None:
        """Ledges and standing waves, which lie in the water."""
        beat = int(clock_s * BEAT)
        for y in self._drops:
            if view.visible(y, 3.0):
                x, top = view.place(-HALF_WIDTH - 0.3, y + 1.6)
                canvas.blit(self._ledge[beat % FRAMES], (x, top))
        for wave_x, wave_y, start, size in self._waves:
            if view.visible(wave_y, 1.0):
                crest = self._crests[size][(beat + start) % FRAMES]
                x, y = view.place(wave_x, wave_y)
                canvas.blit(crest, (x - crest.get_width() // 2, y - crest.get_height() // 2))

    def draw(self, canvas: Surface, view: View, rocks: tuple[Rock, ...], clock_s: float) -> tuple[Rock, ...]:
        """The rocks that are there, those just passed included, with their foam; answers with those drawn."""
        self._met.update(dict.fromkeys(rocks))
        for rock in [rock for rock in self._met if rock.y < view.metres(view.height) - 3.0]:
            del self._met[rock]
        shown = tuple(sorted((rock for rock in self._met if view.visible(rock.y, 3.0)), key=lambda rock: -rock.y))
        beat = int(clock_s * BEAT)
        for rock in shown:
            stone, foam = self._sprite_of(rock)
            x, y = view.place(rock.x, rock.y)
            froth = foam[(beat + int(rock.y * 7)) % FRAMES]
            canvas.blit(froth, (x - froth.get_width() // 2, y - int(froth.get_height() * 0.72)))
            canvas.blit(stone, (x - stone.get_width() // 2, y - stone.get_height() // 2))
        return shown

    def _sprite_of(self, rock: Rock) -> tuple[Surface, list[Surface]]:
        size, shape = max(2, round(rock.radius / GRAIN_M)), int(rock.x * 97) % SHAPES
        radius = size * GRAIN_M * self._scale
        if (size, shape) not in self._stones:
            side = int(radius * 2.9) + 2
            dice = Random(size * 31 + shape)
            hues = (mix(self._look.stone[0], self._look.deep, 0.15), self._look.stone[1])
            self._stones[size, shape] = brush.sprite(
                (side, side), lambda sheet, fine: paint_stone(sheet, radius * fine * 1.06, hues, dice), (8, 16, 20)
            )
        if size not in self._foam:
            metres = size * GRAIN_M
            self._foam[size] = self._loop((metres * 4.4, metres * 6.0 + 0.4), pillow_of(metres))
        return self._stones[size, shape], self._foam[size]

    def _loop(self, metres: tuple[float, float], paint: "Froth") -> list[Surface]:
        size = (int(metres[0] * self._scale), int(metres[1] * self._scale))

        def frame(at: int) -> Surface:
            return brush.sprite(
                size, lambda sheet, fine: paint(sheet, self._scale * fine, self._look, at / FRAMES), self._look.foam, 2
            )

        return [frame(at) for at in range(FRAMES)]


Froth = Callable[[Surface, float, Look, float], None]
"""Paints one frame of foam: sheet, pixels a metre, look, and how far through the loop (0 to 1)."""


def pillow_of(radius_m: float) -> Froth:
    """Foam round a rock of this radius: its middle lies 0.72 of the way down the sheet."""

    def paint(sheet: Surface, scale: float, look: Look, at: float) -> None:
        dice = Random(11)
        radius = radius_m * scale
        x, y = sheet.get_width() / 2, sheet.get_height() * 0.72
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


def _ledge(sheet: Surface, scale: float, look: Look, at: float) -> None:
    """A drop across the whole river: dark lip, bright fall, boiling foot. Its lip lies 1.6 m down the sheet."""
    dice = Random(5)
    wide = sheet.get_width()
    lip = 1.6 * scale
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
