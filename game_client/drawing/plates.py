"""Plates, bars, key caps and other small furniture that HUD and panels share.

Everything translucent is painted once per size and kept; sizes come from `unit`, which is 1.0 in a window of 1280x720.
"""

from functools import lru_cache
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.letters import Letters
from game_client.drawing.palette import Colour, Signs, mix

PLATE: Final[Colour] = (8, 22, 34)


def unit_of(size: tuple[int, int]) -> float:
    """How large furniture is in a window of this size; 1.0 at 1280x720."""
    return max(0.55, min(size[0] / 1280, size[1] / 720))


@lru_cache(maxsize=96)
def plate(size: tuple[int, int], alpha: int = 150, radius: int = 12, edge: Colour | None = None) -> Surface:
    """A dark rounded plate with a light upper rim."""

    def paint(sheet: Surface, fine: float) -> None:
        box = sheet.get_rect()
        corner = int(radius * fine)
        pygame.draw.rect(sheet, (*mix(PLATE, (255, 255, 255), 0.22), alpha), box, border_radius=corner)
        inner = pygame.Rect(0, 0, box.width - int(2 * fine), box.height - int(2 * fine))
        inner.center = box.center
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


def gauge(canvas: Surface, box: pygame.Rect, value: float, reach: float, channel: float, signs: Signs) -> None:
    """A needle on a scale from -`reach` to `reach`, with the middle `channel` to either side marked as good."""
    pygame.draw.rect(canvas, (38, 56, 68), box, border_radius=box.height // 2)
    good = box.copy()
    good.width = int(box.width * channel / reach)
    good.centerx = box.centerx
    pygame.draw.rect(canvas, mix(signs.open, PLATE, 0.25), good, border_radius=2)
    share = min(max(value / reach, -1.0), 1.0)
    x = box.centerx + int(share * (box.width / 2 - 2))
    needle = pygame.Rect(0, 0, max(3, box.height // 2), int(box.height * 2))
    needle.center = (x, box.centery)
    pygame.draw.rect(canvas, signs.paper if abs(value) <= channel else signs.gold, needle, border_radius=2)


def keycap(canvas: Surface, letters: Letters, name: str, at: tuple[int, int], size: int, signs: Signs) -> int:
    """A key with its name, its left middle at `at`; answers with its width in pixels."""
    shown = {"left": "←", "right": "→", "up": "↑", "down": "↓"}.get(name, name)
    arrow = shown != name
    width = int(size * 1.75) if arrow or len(name) == 1 else letters.font(size).size(name)[0] + size
    box = pygame.Rect(at[0], at[1] - int(size * 0.85), width, int(size * 1.7))
    pygame.draw.rect(canvas, mix(signs.paper, PLATE, 0.55), box.move(0, max(2, size // 7)), border_radius=size // 3)
    pygame.draw.rect(canvas, signs.paper, box, border_radius=size // 3)
    if arrow:
        _arrow(canvas, box.center, size * 0.42, name, signs.ink)
    else:
        letters.write(canvas, name, box.center, size, signs.ink, anchor="center")
    return width


def _arrow(canvas: Surface, at: tuple[int, int], reach: float, way: str, colour: Colour) -> None:
    dx, dy = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[way]
    x, y = at
    tip = (x + dx * reach, y + dy * reach)
    one = (x - dx * reach * 0.7 + dy * reach * 0.9, y - dy * reach * 0.7 + dx * reach * 0.9)
    two = (x - dx * reach * 0.7 - dy * reach * 0.9, y - dy * reach * 0.7 - dx * reach * 0.9)
    pygame.draw.polygon(canvas, colour, [tip, one, two])


def hulls(canvas: Surface, at: tuple[int, int], size: int, left: int, most: int, signs: Signs) -> None:
    """The hull as small kayaks lying side by side; lost ones are only outlines."""
    for number in range(most):
        box = pygame.Rect(at[0] + int(number * size * 0.62), at[1], int(size * 0.42), int(size * 1.3))
        if number < left:
            pygame.draw.ellipse(canvas, mix(signs.kayak, (0, 0, 0), 0.45), box.inflate(3, 3))
            pygame.draw.ellipse(canvas, signs.kayak, box)
            pygame.draw.ellipse(canvas, PLATE, box.inflate(-box.width * 0.5, -box.height * 0.66))
        else:
            pygame.draw.ellipse(canvas, mix(signs.faint, PLATE, 0.4), box, 2)
            pygame.draw.line(canvas, mix(signs.faint, PLATE, 0.4), box.midleft, box.midright, 2)


def badge(
    canvas: Surface, letters: Letters, grade: str, at: tuple[int, int], size: int, colour: Colour, signs: Signs
) -> None:
    """The class of a rapid in a diamond, as on a river sign; `at` is its middle."""
    x, y = at
    half = size / 2
    for reach, fill in ((half * 1.12, signs.paper), (half, mix(colour, (0, 0, 0), 0.15))):
        pygame.draw.polygon(canvas, fill, [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)])
        pygame.draw.aalines(canvas, fill, True, [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)])  # noqa: FBT003 - pygame names it by place
    letters.write(canvas, grade, at, int(size * (0.42 if len(grade) < 3 else 0.34)), signs.paper, anchor="center")
