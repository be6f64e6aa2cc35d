"""Still water and what floats in it: eddies that swirl, stars, repairs, breathers, and rewards adrift.

A swirl is one painted spiral turned in small steps; the things afloat bob. Each thing has its own outline, so that none
is told from another by colour alone: a star, a plank with a cross, a leaf, a drop, a ring.
"""

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.palette import Look, Signs, mix
from game_client.drawing.view import View
from game_client.state import Eddy, Gift

TURNS: Final = 36
BOB_M: Final = 0.06
Picture = Callable[[Surface, Signs], None]


class Eddies:
    """Eddies and gifts at one scale."""

    def __init__(self, look: Look, signs: Signs, scale: float) -> None:
        self._look, self._signs, self._scale = look, signs, scale
        self._swirls: dict[int, list[Surface]] = {}
        self._things = {name: token(name, int(scale * 1.15), signs) for name in PICTURES}

    def draw(self, canvas: Surface, view: View, eddy: Eddy, clock_s: float, *, full: bool) -> None:
        """One eddy, and what it holds while it is `full`."""
        swirl = self._turns_of(eddy.radius)[int(clock_s * 14 + eddy.y) % TURNS]
        x, y = view.place(eddy.x, eddy.y)
        canvas.blit(swirl, (x - swirl.get_width() // 2, y - swirl.get_height() // 2))
        if full:
            self._float(canvas, eddy.item, (x, y), clock_s + eddy.y)

    def draw_gift(self, canvas: Surface, view: View, gift: Gift, clock_s: float) -> None:
        """A reward adrift, in a halo that breathes."""
        at = view.place(gift.x, gift.y)
        for ring in range(3):
            reach = gift.radius * (0.7 + 0.22 * ring + 0.1 * sin(clock_s * 4 - ring))
            colour = mix(self._signs.gold, self._look.water, 0.25 + 0.25 * ring)
            pygame.draw.circle(canvas, colour, at, int(reach * self._scale), 2)
        self._float(canvas, gift.reward, at, clock_s)

    def _float(self, canvas: Surface, name: str, at: tuple[int, int], clock_s: float) -> None:
        thing = self._things[name]
        lift = int((1 + sin(clock_s * 3)) * BOB_M * self._scale)
        canvas.blit(thing, (at[0] - thing.get_width() // 2, at[1] - thing.get_height() // 2 - lift))

    def _turns_of(self, radius_m: float) -> list[Surface]:
        key = int(radius_m * 10)
        if key not in self._swirls:
            side = int(radius_m * 2.5 * self._scale)
            sheet = Surface((side * 2, side * 2), pygame.SRCALPHA)
            sheet.fill((*self._look.foam, 0))
            _spiral(sheet, self._look)
            self._swirls[key] = [
                brush.packed(pygame.transform.rotozoom(sheet, turn * 360 / TURNS, 0.5)) for turn in range(TURNS)
            ]
        return self._swirls[key]


def _spiral(sheet: Surface, look: Look) -> None:
    middle = sheet.get_width() / 2
    for ring in range(8):
        shade = mix(look.deep, look.shallow, 0.10 * ring)
        pygame.draw.circle(sheet, (*shade, 50 + 16 * ring), (middle, middle), middle * (0.86 - 0.09 * ring))
    for arm in range(3):
        for step in range(46):
            share = step / 45
            turn = arm * 2 * pi / 3 + share * 1.5 * pi
            far = middle * (0.90 - 0.62 * share)
            at = (middle + cos(turn) * far, middle + sin(turn) * far)
            alpha = int(210 * (1 - share) ** 0.6 * min(1.0, share * 6))
            pygame.draw.circle(sheet, (*look.foam, alpha), at, middle * (0.055 - 0.03 * share))


@lru_cache(maxsize=64)
def token(name: str, side: int, signs: Signs) -> Surface:
    """The picture of a thing that can be caught, on its float, `side` pixels wide."""

    def paint(sheet: Surface, _: float) -> None:
        wide = sheet.get_width()
        middle = wide / 2
        pygame.draw.circle(sheet, (0, 12, 24, 90), (middle + wide * 0.05, middle + wide * 0.07), wide * 0.42)
        pygame.draw.circle(sheet, signs.ink, (middle, middle), wide * 0.42)
        pygame.draw.circle(sheet, signs.paper, (middle, middle), wide * 0.375)
        PICTURES[name](sheet, signs)

    return brush.sprite((side, side), paint)


def star_points(middle: tuple[float, float], radius: float) -> list[tuple[float, float]]:
    """The ten corners of a star standing on two legs."""
    return [
        (
            middle[0] + sin(corner * pi / 5) * radius * (1.0 if corner % 2 == 0 else 0.45),
            middle[1] - cos(corner * pi / 5) * radius * (1.0 if corner % 2 == 0 else 0.45),
        )
        for corner in range(10)
    ]


def _star(sheet: Surface, signs: Signs) -> None:
    middle, wide = (sheet.get_width() / 2, sheet.get_width() / 2), sheet.get_width()
    pygame.draw.polygon(sheet, mix(signs.gold, (90, 50, 0), 0.55), star_points(middle, wide * 0.35))
    pygame.draw.polygon(sheet, signs.gold, star_points(middle, wide * 0.30))


def _repair(sheet: Surface, signs: Signs) -> None:
    wide = sheet.get_width()
    for breadth, colour in ((0.20, mix(signs.missed, (0, 0, 0), 0.3)), (0.14, signs.missed)):
        pygame.draw.rect(sheet, colour, (wide * (0.5 - breadth / 2), wide * 0.24, wide * breadth, wide * 0.52))
        pygame.draw.rect(sheet, colour, (wide * 0.24, wide * (0.5 - breadth / 2), wide * 0.52, wide * breadth))


def _leaf(sheet: Surface, signs: Signs) -> None:
    wide = sheet.get_width()
    green = mix(signs.calm, (0, 90, 90), 0.45)
    for wave in range(3):
        y = wide * (0.36 + 0.14 * wave)
        line = [(wide * (0.26 + 0.48 * step / 12), y + sin(step * pi / 3) * wide * 0.045) for step in range(13)]
        pygame.draw.lines(sheet, green, closed=False, points=line, width=max(2, int(wide * 0.065)))


def _drop(sheet: Surface, signs: Signs) -> None:
    wide = sheet.get_width()
    pygame.draw.circle(sheet, signs.calm, (wide * 0.5, wide * 0.57), wide * 0.18)
    pygame.draw.polygon(
        sheet, signs.calm, [(wide * 0.5, wide * 0.2), (wide * 0.345, wide * 0.5), (wide * 0.655, wide * 0.5)]
    )


def _ring(sheet: Surface, signs: Signs) -> None:
    wide = sheet.get_width()
    pygame.draw.circle(sheet, mix(signs.gold, (90, 50, 0), 0.4), (wide / 2, wide / 2), wide * 0.28, int(wide * 0.12))
    pygame.draw.circle(sheet, signs.gold, (wide / 2, wide / 2), wide * 0.265, int(wide * 0.08))


def _hull(sheet: Surface, signs: Signs) -> None:
    wide = sheet.get_width()
    pygame.draw.ellipse(sheet, mix(signs.kayak, (0, 0, 0), 0.4), (wide * 0.36, wide * 0.16, wide * 0.28, wide * 0.68))
    pygame.draw.ellipse(sheet, signs.kayak, (wide * 0.39, wide * 0.19, wide * 0.22, wide * 0.62))
    pygame.draw.ellipse(sheet, signs.ink, (wide * 0.44, wide * 0.40, wide * 0.12, wide * 0.22))


PICTURES: Final[dict[str, Picture]] = {
    "star": _star,
    "repair": _repair,
    "breather": _leaf,
    "calm_water": _drop,
    "golden_line": _ring,
    "spare_hull": _hull,
}
