"""A menu: lines one below the other, the chosen one in a kayak."""

from math import pi, sin
from typing import Final

import pygame

from game_client.drawing.easel import Easel
from game_client.drawing.palette import mix
from game_client.scene import Scene

ROW: Final = 46
"""Pixels at unit 1 from line to line."""


def draw_menu(easel: Easel, scene: Scene, top: tuple[int, int], wide: float) -> None:
    """The lines to choose from, below the point `top`, the kayak `wide` pixels at unit 1."""
    row = easel.px(ROW)
    for number, words in enumerate(scene.menu):
        box = pygame.Rect(0, 0, easel.px(wide), int(row * 0.86))
        box.center = (top[0], top[1] + row * number + row // 2)
        if number == scene.cursor:
            sway = 0 if scene.preferences.reduced_motion else easel.px(sin(scene.clock_s * 2.4) * 2)
            box.move_ip(sway, 0)
            _kayak(easel, box)
        easel.write(words, box.center, 23, easel.signs.paper, anchor="center", edge=True)


def _kayak(easel: Easel, box: pygame.Rect) -> None:
    """A kayak lying on its side."""
    signs = easel.signs
    for shrink, colour in ((0, mix(signs.kayak, (40, 0, 0), 0.5)), (2, signs.kayak)):
        outline = _outline(box.inflate(-2 * shrink, -2 * shrink))
        pygame.draw.polygon(easel.canvas, colour, outline)
        pygame.draw.aalines(easel.canvas, colour, closed=True, points=outline)
    for side in (-1, 1):
        x = box.centerx + side * (box.width / 2 - box.height * 0.8)
        top, bottom = (x, box.top + box.height * 0.14), (x, box.bottom - box.height * 0.16)
        pygame.draw.line(easel.canvas, signs.kayak_trim, top, bottom, max(2, box.height // 10))


def _outline(box: pygame.Rect) -> list[tuple[float, float]]:
    """Round sides that meet in two points: a quarter of a sine to each end."""
    nose, half = box.height * 0.9, box.height / 2
    swell = [(nose * step / 8, half * sin(pi / 2 * step / 8)) for step in range(9)]
    over = [(box.left + along, box.centery - out) for along, out in swell]
    over += [(box.right - along, box.centery - out) for along, out in reversed(swell)]
    under = [(box.right - along, box.centery + out) for along, out in swell]
    return over + under + [(box.left + along, box.centery + out) for along, out in reversed(swell)]
