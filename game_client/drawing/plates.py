"""Plates, bars, key caps and other small furniture that HUD and panels share.

Everything translucent is painted once per size and kept.
"""

from functools import lru_cache
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.easel import Easel
from game_client.drawing.palette import Colour, Signs, mix

PLATE: Final[Colour] = (8, 22, 34)
ARROWS: Final = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@lru_cache(maxsize=96)
def plate(size: tuple[int, int], alpha: int = 150, radius: int = 12, edge: Colour | None = None) -> Surface:
    """A dark rounded plate with a light rim, or one of the colour `edge`."""

    def paint(sheet: Surface, fine: float) -> None:
        box = sheet.get_rect()
        corner = int(radius * fine)
        pygame.draw.rect(sheet, (*mix(PLATE, (255, 255, 255), 0.22), alpha), box, border_radius=corner)
        inner = box.inflate(-int(2 * fine), -int(2 * fine))
        pygame.draw.rect(sheet, (*PLATE, alpha), inner, border_radius=corner)
        if edge is not None:
            pygame.draw.rect(sheet, (*edge, 235), box, int(2 * fine), border_radius=corner)

    return brush.sprite(size, paint, PLATE, 2)


@lru_cache(maxsize=8)
def veil(size: tuple[int, int], alpha: int) -> Surface:
    """A dark sheet over the whole picture."""
    sheet = Surface(size).convert()
    sheet.fill((4, 14, 24))
    sheet.set_alpha(alpha)
    return sheet


def bar(canvas: Surface, box: pygame.Rect, share: float, colour: Colour) -> None:
    """A bar filled to `share` (0 to 1)."""
    radius = box.height // 2
    pygame.draw.rect(canvas, (38, 56, 68), box, border_radius=radius)
    full = box.copy()
    full.width = int(box.width * min(max(share, 0.0), 1.0))
    if full.width > radius:
        pygame.draw.rect(canvas, colour, full, border_radius=radius)


def gauge(easel: Easel, box: pygame.Rect, value: float, reach: float, channel: float) -> None:
    """A needle on a scale from -`reach` to `reach`, with the middle `channel` to either side marked as good."""
    canvas, signs = easel.canvas, easel.signs
    pygame.draw.rect(canvas, (38, 56, 68), box, border_radius=box.height // 2)
    good = box.copy()
    good.width = int(box.width * channel / reach)
    good.centerx = box.centerx
    pygame.draw.rect(canvas, mix(signs.open, PLATE, 0.25), good, border_radius=2)
    share = min(max(value / reach, -1.0), 1.0)
    needle = pygame.Rect(0, 0, max(3, box.height // 2), int(box.height * 2))
    needle.center = (box.centerx + int(share * (box.width / 2 - 2)), box.centery)
    pygame.draw.rect(canvas, signs.paper if abs(value) <= channel else signs.gold, needle, border_radius=2)


def keycap_width(easel: Easel, name: str, size: float) -> int:
    """Pixels from side to side of the key with this name."""
    narrow = name in ARROWS or len(name) == 1
    return easel.px(size * 1.75) if narrow else easel.width(name, size) + easel.px(size)


def keycap(easel: Easel, name: str, at: tuple[int, int], size: float) -> None:
    """A key with its name, its left middle at `at`; arrows are drawn, for the font has none."""
    canvas, signs, high = easel.canvas, easel.signs, easel.px(size)
    box = pygame.Rect(at[0], at[1] - int(high * 0.85), keycap_width(easel, name, size), int(high * 1.7))
    pygame.draw.rect(canvas, mix(signs.paper, PLATE, 0.55), box.move(0, max(2, high // 7)), border_radius=high // 3)
    pygame.draw.rect(canvas, signs.paper, box, border_radius=high // 3)
    if name in ARROWS:
        _arrow(canvas, box.center, high * 0.42, ARROWS[name], signs.ink)
    else:
        easel.write(name, box.center, size, signs.ink, anchor="center")


def _arrow(canvas: Surface, at: tuple[int, int], reach: float, way: tuple[int, int], colour: Colour) -> None:
    (dx, dy), (x, y) = way, at
    tail = (x - dx * reach * 0.7, y - dy * reach * 0.7)
    side = (dy * reach * 0.9, dx * reach * 0.9)
    corners = [
        (x + dx * reach, y + dy * reach),
        (tail[0] + side[0], tail[1] + side[1]),
        (tail[0] - side[0], tail[1] - side[1]),
    ]
    pygame.draw.polygon(canvas, colour, corners)


def hulls(easel: Easel, at: tuple[int, int], size: float, left: int, most: int) -> None:
    """The hull as small kayaks lying side by side; lost ones are only outlines."""
    canvas, signs, high = easel.canvas, easel.signs, easel.px(size)
    for number in range(most):
        box = pygame.Rect(at[0] + int(number * high * 0.62), at[1], int(high * 0.42), int(high * 1.3))
        if number < left:
            pygame.draw.ellipse(canvas, mix(signs.kayak, (0, 0, 0), 0.45), box.inflate(3, 3))
            pygame.draw.ellipse(canvas, signs.kayak, box)
            pygame.draw.ellipse(canvas, PLATE, box.inflate(-box.width * 0.5, -box.height * 0.66))
        else:
            lost = mix(signs.faint, PLATE, 0.4)
            pygame.draw.ellipse(canvas, lost, box, 2)
            pygame.draw.line(canvas, lost, box.midleft, box.midright, 2)


def badge(easel: Easel, grade: str, at: tuple[int, int], size: float, colour: Colour) -> None:
    """The class of a rapid in a diamond, as on a river sign; `at` is its middle."""
    x, y = at
    half = easel.px(size) / 2
    for reach, fill in ((half * 1.12, easel.signs.paper), (half, mix(colour, (0, 0, 0), 0.15))):
        corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
        pygame.draw.polygon(easel.canvas, fill, corners)
        pygame.draw.aalines(easel.canvas, fill, closed=True, points=corners)
    easel.write(grade, at, size * (0.42 if len(grade) < 3 else 0.34), easel.signs.paper, anchor="center")


def tick(easel: Easel, at: tuple[int, int], arm: float, colour: Colour) -> None:
    """A tick: yes."""
    (x, y), reach = at, easel.px(arm)
    line = [(x - reach, y), (x - reach * 0.3, y + reach * 0.7), (x + reach, y - reach * 0.8)]
    pygame.draw.lines(easel.canvas, colour, closed=False, points=line, width=max(2, easel.px(2.6)))


def cross(easel: Easel, at: tuple[int, int], arm: float, colour: Colour) -> None:
    """A cross: no."""
    (x, y), reach = at, easel.px(arm)
    for lean in (-1, 1):
        ends = ((x - reach, y - lean * reach), (x + reach, y + lean * reach))
        pygame.draw.line(easel.canvas, colour, *ends, max(2, easel.px(2.6)))


def closed_eye(canvas: Surface, box: pygame.Rect, signs: Signs) -> None:
    """A closed eye: the river looks away."""
    pygame.draw.arc(canvas, signs.calm, box, 3.34, 6.08, max(2, box.height // 6))
    for lash in (-1, 0, 1):
        start = (box.centerx + lash * box.width // 4, box.bottom - abs(lash) * box.height // 7)
        end = (start[0] + lash * box.width // 8, start[1] + box.height // 3)
        pygame.draw.line(canvas, signs.calm, start, end, 2)
