"""The banks: strips of shore, plants and stones, painted once per stretch of rapid and then only scrolled past.

A stretch is a surface as wide as the eye can wander, with a hole where the river is; the water flows beneath it. What
grows where comes from the rapid's seed and the place alone, so a plant on the seam of two stretches is painted alike
on both. Stretches are painted before they come into view, a brush stroke in every frame.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

import pygame
from msgspec import Struct
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
CELL: Final = 32
"""Pixels of river that throw their dice for plants together."""
HANDFUL: Final = 12
OVERHANG: Final = 96
"""Pixels that the tallest plant reaches beyond its root."""


class Shoreline(Struct, frozen=True):
    """A line along the water's edge."""

    metres: float
    """From the water's edge outwards."""
    rough: float
    """Metres that it wanders to either side."""
    key: float = 0.0
    """Lines with the same key wander alike."""


class Banks:
    """The land on both sides of one rapid, at one size of window."""

    def __init__(self, rapid: Rapid, look: Look, nursery: Nursery, size: tuple[int, int], scale: float) -> None:
        self._rapid, self._look, self._nursery, self._scale = rapid, look, nursery, scale
        self._sway = sway_of(rapid.bend_at, rapid.length, scale)
        self._width = size[0] + 2 * self._sway
        self._zero = size[0] // 2 + self._sway
        self._ready: dict[int, Surface] = {}
        self._easel: tuple[int, Iterator[Surface | None]] | None = None
        self._wander = Wander(rapid.seed)

    def draw(self, canvas: Surface, view: View) -> None:
        """The stretches in view; of the one to come, one brush stroke more is painted in every frame."""
        first, last = view.bottom // STRETCH, (view.bottom + view.height) // STRETCH
        for number in range(first, last + 1):
            if number not in self._ready:
                self._ready[number] = self._finish(number)
            top = view.height + view.bottom - (number + 1) * STRETCH
            canvas.blit(self._ready[number], (-view.left - self._zero, top))
        if last + 1 not in self._ready:
            self._advance(last + 1)
        for behind in [number for number in self._ready if not first - 2 < number < last + 3]:
            del self._ready[behind]

    def _advance(self, number: int) -> None:
        if self._easel is None or self._easel[0] != number:
            self._easel = (number, self._paint(number))
        painted = next(self._easel[1])
        if painted is not None:
            self._ready[number], self._easel = painted, None

    def _finish(self, number: int) -> Surface:
        """A stretch that is wanted now."""
        strokes = self._easel[1] if self._easel is not None and self._easel[0] == number else self._paint(number)
        self._easel = None
        return next(painted for painted in strokes if painted is not None)

    def _paint(self, number: int) -> Iterator[Surface | None]:
        """Yields after every brush stroke, and the finished stretch at last: a frame has time for one, not for all."""
        sheet = Surface((self._width, STRETCH), pygame.SRCALPHA)
        texture = self._nursery.ground
        for left in range(0, self._width, texture.get_width()):
            sheet.blit(texture, (left, -(number * STRETCH) % texture.get_height() - texture.get_height()))
            sheet.blit(texture, (left, -(number * STRETCH) % texture.get_height()))
        yield None
        for metres, colour in self._look.bands:
            self._strip(sheet, number, metres, colour)
            yield None
        grain = self._nursery.grain
        for left in range(0, self._width, grain.get_width()):
            sheet.blit(grain, (left, 0), special_flags=pygame.BLEND_RGB_MULT)
        yield None
        self._cut_river(sheet, number)
        yield None
        grown = self._grown(number)
        yield None
        for start in range(0, len(grown), HANDFUL):
            for plant, at in grown[start : start + HANDFUL]:
                sheet.blit(plant, at)
            yield None
        ready = brush.packed(sheet)
        yield None
        # The first blit packs; a blit that ends outside packs too, and is not seen.
        Surface((1, 1)).convert().blit(ready, (0, 0))
        yield ready

    def _shore(self, number: int, line: Shoreline, side: int) -> list[tuple[float, float]]:
        """A shoreline on one side, in pixels of the stretch."""
        corners: list[tuple[float, float]] = []
        for down in range(-STEP, STRETCH + 2 * STEP, STEP):
            y = (number * STRETCH + STRETCH - down) / self._scale
            lump = self._wander(y * 0.45 + line.key * 7.3 + side * 31.0) * line.rough
            lump += self._wander(y * 2.1 + line.key * 3.7 - side * 17.0) * line.rough * 0.35
            across = self._rapid.bend_at(y) + side * (HALF_WIDTH + line.metres + lump)
            corners.append((self._zero + across * self._scale, down))
        return corners

    def _belt(self, sheet: Surface, number: int, line: Shoreline, fill: tuple[int, ...]) -> None:
        """Everything nearer to the river than a line, in one colour, both sides at once."""
        left, right = self._shore(number, line, -1), self._shore(number, line, 1)
        pygame.draw.polygon(sheet, fill, left + right[::-1])

    def _strip(self, sheet: Surface, number: int, metres: float, colour: Colour) -> None:
        """One strip of shore with its lit edge and, where it is steep, the shadow below it."""
        cliff, rough = self._look.cliff, min(1.0, metres * 0.5)
        black, white = (0, 0, 0), (255, 255, 255)
        self._belt(sheet, number, Shoreline(metres + 0.10, rough, metres), mix(colour, white, 0.08 + 0.14 * cliff))
        self._belt(sheet, number, Shoreline(metres, rough, metres), mix(colour, black, 0.12 + 0.4 * cliff))
        facets = metres + 0.31 * cliff
        self._belt(
            sheet, number, Shoreline(metres - 0.10 - 0.32 * cliff, rough, facets), mix(colour, black, 0.2 * cliff)
        )
        self._belt(sheet, number, Shoreline(metres - 0.14 - 0.5 * cliff, rough, metres), colour)
        if cliff > 0.5:
            self._belt(sheet, number, Shoreline(metres - 0.6, rough, metres + 0.7), mix(colour, white, 0.07))

    def _cut_river(self, sheet: Surface, number: int) -> None:
        """The hole for the water, with the bank's wet rim and its shadow falling on the water."""
        shade: Colour = mix(self._look.deep, (0, 0, 0), 0.55)
        self._belt(sheet, number, Shoreline(0.02, 0.16), mix(self._look.bands[-1][1], (0, 0, 0), 0.45))
        steps = 9
        reach = 0.5 + 1.3 * self._look.cliff
        for step in range(steps):
            depth = int((150 + 60 * self._look.cliff) * (1.0 - step / steps) ** 1.5)
            self._belt(sheet, number, Shoreline(-0.08 - reach * step / steps, 0.16), (*shade, depth))
        self._belt(sheet, number, Shoreline(-0.08 - reach, 0.16), (*shade, 0))

    def _grown(self, number: int) -> list[tuple[Surface, tuple[int, int]]]:
        """Stones and plants whose root lies in this stretch or near enough to reach into it, the tallest last."""
        first, last = (number * STRETCH - OVERHANG) // CELL, ((number + 1) * STRETCH + OVERHANG) // CELL
        mean = self._look.thickness * CELL * self._width / self._scale**2
        grown: list[tuple[int, int, Surface, int]] = []
        for row in range(last, first - 1, -1):
            dice = Random(self._rapid.seed * 7919 + row)
            for _ in range(int(mean + dice.random())):
                x, up, pick = dice.uniform(0, self._width), row * CELL + dice.uniform(0, CELL), dice.random()
                y = up / self._scale
                from_water = abs((x - self._zero) / self._scale - self._rapid.bend_at(y)) - HALF_WIDTH
                plant = self._nursery.pick(from_water, pick, self._wander(y * 0.35 + x * 0.01))
                if plant is not None:
                    down = (number + 1) * STRETCH - up
                    grown.append((plant.get_width(), int(down - plant.get_height() / 2), plant, int(x)))
        grown.sort(key=lambda one: one[:2])
        return [(plant, (x - width // 2, top)) for width, top, plant, x in grown]


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
