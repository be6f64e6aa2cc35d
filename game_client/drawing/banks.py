"""The banks: strips of shore, plants and stones, painted once per stretch of rapid and then only scrolled past.

A stretch is a surface as wide as the eye can wander, with a hole where the river is; the water flows beneath it. What
grows where comes from the rapid's seed and the place alone, so a plant on the seam of two stretches is painted alike
on both. Stretches are painted a little before they come into view, one a frame at most.
"""

from random import Random
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.growth import Nursery
from game_client.drawing.palette import Colour, Look, mix
from game_client.drawing.view import View, sway_of
from game_client.state import HALF_WIDTH, Rapid

STRETCH: Final = 256
"""Pixels of river in a stretch."""
STEP: Final = 8
"""Pixels between two corners of a shoreline."""
OVERHANG: Final = 96
"""Pixels that the tallest plant reaches beyond its root."""


class Banks:
    """The land on both sides of one rapid, at one size of window."""

    def __init__(self, rapid: Rapid, look: Look, nursery: Nursery, size: tuple[int, int], scale: float) -> None:
        self._rapid, self._look, self._nursery, self._scale = rapid, look, nursery, scale
        self._sway = sway_of(rapid.bend_at, rapid.length, scale)
        self._width = size[0] + 2 * self._sway
        self._zero = size[0] // 2 + self._sway
        self._ready: dict[int, Surface] = {}
        self._wander = _wander(rapid.seed)

    def draw(self, canvas: Surface, view: View) -> None:
        """The stretches in view; the one to come is painted when all those are ready."""
        first, last = view.bottom // STRETCH, (view.bottom + view.height) // STRETCH
        fresh = False
        for number in range(first, last + 1):
            if number not in self._ready:
                self._ready[number] = self._paint(number)
                fresh = True
            top = view.height + view.bottom - (number + 1) * STRETCH
            canvas.blit(self._ready[number], (-view.left - self._zero, top))
        if not fresh and last + 1 not in self._ready:
            self._ready[last + 1] = self._paint(last + 1)
        for behind in [number for number in self._ready if number < first - 1]:
            del self._ready[behind]

    def _paint(self, number: int) -> Surface:
        sheet = Surface((self._width, STRETCH), pygame.SRCALPHA)
        texture = self._nursery.ground
        for left in range(0, self._width, texture.get_width()):
            sheet.blit(texture, (left, -(number * STRETCH) % texture.get_height() - texture.get_height()))
            sheet.blit(texture, (left, -(number * STRETCH) % texture.get_height()))
        self._strips(sheet, number)
        self._cut_river(sheet, number)
        self._plant(sheet, number)
        return brush.packed(sheet)

    def _shore(self, number: int, metres: float, rough: float, side: int, key: float) -> list[tuple[float, float]]:
        """The line `metres` outside of the water's edge on one side, in pixels of the stretch."""
        line = []
        for down in range(-STEP, STRETCH + 2 * STEP, STEP):
            y = (number * STRETCH + STRETCH - down) / self._scale
            lump = self._wander(y * 0.45 + key * 7.3 + side * 31.0) * rough
            lump += self._wander(y * 2.1 + key * 3.7 - side * 17.0) * rough * 0.35
            line.append(
                (self._zero + (self._rapid.bend_at(y) + side * (HALF_WIDTH + metres + lump)) * self._scale, down)
            )
        return line

    def _belt(
        self, sheet: Surface, number: int, metres: float, rough: float, fill: tuple[int, ...], key: float = 0.0
    ) -> None:
        """Everything nearer to the river than a line, in one colour, both sides at once; `key` names the line."""
        left = self._shore(number, metres, rough, -1, key)
        right = self._shore(number, metres, rough, 1, key)
        pygame.draw.polygon(sheet, fill, left + right[::-1])

    def _strips(self, sheet: Surface, number: int) -> None:
        cliff = self._look.cliff
        black, white = (0, 0, 0), (255, 255, 255)
        for metres, colour in self._look.bands:
            rough = min(1.0, metres * 0.5)
            facets = metres + 0.31 * cliff
            self._belt(sheet, number, metres + 0.10, rough, mix(colour, white, 0.08 + 0.14 * cliff), metres)
            self._belt(sheet, number, metres, rough, mix(colour, black, 0.12 + 0.4 * cliff), metres)
            self._belt(sheet, number, metres - 0.10 - 0.32 * cliff, rough, mix(colour, black, 0.2 * cliff), facets)
            self._belt(sheet, number, metres - 0.14 - 0.5 * cliff, rough, colour, metres)
            if cliff > 0.5:
                self._belt(sheet, number, metres - 0.6, rough, mix(colour, white, 0.07), metres + 0.7)
        sheet.blit(self._nursery.grain, (0, 0), special_flags=pygame.BLEND_RGB_MULT)

    def _cut_river(self, sheet: Surface, number: int) -> None:
        """The hole for the water, with the bank's wet rim and its shadow falling on the water."""
        shade: Colour = mix(self._look.deep, (0, 0, 0), 0.55)
        self._belt(sheet, number, 0.02, 0.16, mix(self._look.bands[-1][1], (0, 0, 0), 0.45))
        steps = 9
        reach = 0.5 + 1.3 * self._look.cliff
        for step in range(steps):
            depth = int((150 + 60 * self._look.cliff) * (1.0 - step / steps) ** 1.5)
            self._belt(sheet, number, -0.08 - reach * step / steps, 0.16, (*shade, depth))
        self._belt(sheet, number, -0.08 - reach, 0.16, (*shade, 0))

    def _plant(self, sheet: Surface, number: int) -> None:
        """Stones and plants whose root lies in this stretch or near enough to reach into it."""
        cell = 32
        first, last = (number * STRETCH - OVERHANG) // cell, ((number + 1) * STRETCH + OVERHANG) // cell
        grown: list[tuple[float, Surface, tuple[int, int]]] = []
        for row in range(last, first - 1, -1):
            dice = Random(self._rapid.seed * 7919 + row)
            mean = self._look.thickness * cell * self._width / self._scale**2
            for _ in range(int(mean + dice.random())):
                x, up = dice.uniform(0, self._width), row * cell + dice.uniform(0, cell)
                pick = dice.random()
                y = up / self._scale
                from_water = abs((x - self._zero) / self._scale - self._rapid.bend_at(y)) - HALF_WIDTH
                plant = self._nursery.pick(from_water, pick, self._wander(y * 0.35 + x * 0.01))
                if plant is not None:
                    down = (number + 1) * STRETCH - up
                    grown.append((down, plant, (int(x), int(down))))
        for _, plant, (x, down) in sorted(grown, key=lambda one: one[0]):
            sheet.blit(plant, (x - plant.get_width() // 2, down - plant.get_height() // 2))


def _wander(seed: int) -> "Wander":
    return Wander(seed)


class Wander:
    """A smooth random line: values between -1 and 1 that change over about one unit."""

    def __init__(self, seed: int) -> None:
        dice = Random(seed)
        self._knots = [dice.uniform(-1.0, 1.0) for _ in range(256)]

    def __call__(self, at: float) -> float:
        """The line at a place, cosine-free: smoothstep between two knots."""
        knot = int(at // 1)
        share = at - knot
        share *= share * (3.0 - 2.0 * share)
        return self._knots[knot & 255] * (1.0 - share) + self._knots[(knot + 1) & 255] * share
