"""What grows and lies on the banks: trees, flowers, snags and stones, each a sprite with its shadow.

Painted once per look and scale, a handful of variants of each; the banks choose among them by place. Light comes from
the upper left, so shadows fall to the lower right, everywhere in the game.
"""

from math import cos, pi, sin
from random import Random
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.palette import Colour, Growth, Look, mix

VARIANTS: Final = 5
GROUND: Final = 512
GRAIN: Final = 256
SHADE: Final = (8, 16, 20)
SIZES: Final[dict[Growth, float]] = {"broadleaf": 1.55, "pine": 1.35, "scrub": 0.6, "snag": 1.2, "flowers": 0.7}
"""Metres from the middle to the rim."""


class Nursery:
    """All sprites of one look at one scale."""

    def __init__(self, look: Look, scale: float, seed: int) -> None:
        dice = Random(seed)
        self._look = look
        self.ground = _ground(look, seed)
        self.grain = _grain((GROUND, GRAIN), seed, 0.10 + 0.16 * look.cliff)
        self._grown = {
            kind: [_grow(kind, look, scale * dice.uniform(0.7, 1.15), dice) for _ in range(VARIANTS)]
            for kind in set(look.growth)
        }
        self._stones = [stone(look.stone, scale * dice.uniform(0.18, 0.5), dice) for _ in range(VARIANTS * 2)]

    def pick(self, from_water: float, pick: float, grove: float) -> Surface | None:
        """What stands so many metres from the water, for a draw `pick` (0 to 1) in a `grove` (-1 bare to 1 dense)."""
        sort = int(pick * 997)
        if from_water < -0.1:
            return None
        if from_water < 1.1:
            return self._stones[sort % len(self._stones)] if pick < 0.8 else None
        if pick > 0.62 + 0.38 * grove:
            return self._stones[sort % len(self._stones)] if pick > 0.93 else None
        kind = self._look.growth[sort % len(self._look.growth)]
        if from_water < SIZES[kind] + 0.9:
            kind = "flowers" if "flowers" in self._grown else "scrub"
        return self._grown[kind][sort // 7 % VARIANTS] if kind in self._grown else None


def _ground(look: Look, seed: int) -> Surface:
    size = (GROUND, GROUND)
    dark, light = look.ground
    grey = brush.noise(size, (5, 5), seed, octaves=4)
    stops = ((0.0, mix(dark, (0, 0, 0), 0.25)), (0.42, dark), (0.62, light), (1.0, mix(light, (255, 255, 220), 0.15)))
    return brush.ramp(grey, size, stops)


def _grain(size: tuple[int, int], seed: int, depth: float) -> Surface:
    low = int(255 * (1.0 - depth))
    stops = ((0.0, (low, low, low)), (0.5, (252, 252, 252)), (1.0, (255, 255, 255)))
    return brush.ramp(brush.noise(size, (size[0] // 32, size[1] // 16), seed + 3, octaves=2), size, stops)


def _grow(kind: Growth, look: Look, scale: float, dice: Random) -> Surface:
    radius = SIZES[kind] * scale
    side = int(radius * 2.9)
    paint = {"broadleaf": _broadleaf, "pine": _pine, "scrub": _scrub, "snag": _snag, "flowers": _flowers}[kind]
    return brush.sprite((side, side), lambda sheet, fine: paint(sheet, radius * fine, look, dice), SHADE)


def _tint(look: Look, share: float, dice: Random) -> Colour:
    return mix(look.leaf[0], look.leaf[1], min(1.0, max(0.0, share + dice.uniform(-0.12, 0.12))))


def _shadow(sheet: Surface, radius: float, drop: float) -> None:
    middle = sheet.get_width() / 2
    for ring in range(5):
        size = radius * (1.1 - 0.08 * ring)
        pygame.draw.circle(sheet, (*SHADE, 26 + 20 * ring), (middle + drop, middle + drop), size)


def _broadleaf(sheet: Surface, radius: float, look: Look, dice: Random) -> None:
    middle = sheet.get_width() / 2
    _shadow(sheet, radius * 0.95, radius * 0.28)
    hue = dice.uniform(-0.15, 0.15)
    for layer in range(6):
        share = layer / 5
        reach = radius * (0.72 - 0.55 * share)
        for _ in range(13 - layer):
            turn = dice.uniform(0, 2 * pi)
            x = middle + cos(turn) * reach - radius * 0.16 * share
            y = middle + sin(turn) * reach - radius * 0.16 * share
            size = radius * dice.uniform(0.20, 0.34) * (1.0 - 0.35 * share)
            pygame.draw.circle(sheet, _tint(look, share + hue, dice), (x, y), size)


def _pine(sheet: Surface, radius: float, look: Look, dice: Random) -> None:
    middle = sheet.get_width() / 2
    _shadow(sheet, radius * 0.8, radius * 0.34)
    turn = dice.uniform(0, pi)
    for layer in range(6):
        share = layer / 5
        size = radius * (0.95 - 0.80 * share)
        spikes = 11
        corners = []
        for corner in range(spikes * 2):
            far = size * (1.0 if corner % 2 == 0 else 0.66) * dice.uniform(0.9, 1.08)
            angle = turn + layer * 0.3 + pi * corner / spikes
            corners.append(
                (middle + cos(angle) * far - radius * 0.1 * share, middle + sin(angle) * far - radius * 0.1 * share)
            )
        pygame.draw.polygon(sheet, _tint(look, share * 0.9, dice), corners)


def _scrub(sheet: Surface, radius: float, look: Look, dice: Random) -> None:
    middle = sheet.get_width() / 2
    _shadow(sheet, radius * 0.8, radius * 0.2)
    for step in range(16):
        turn, far = dice.uniform(0, 2 * pi), radius * 0.6 * dice.random()
        at = (middle + cos(turn) * far, middle + sin(turn) * far)
        pygame.draw.circle(sheet, _tint(look, 0.15 + 0.05 * step, dice), at, radius * dice.uniform(0.18, 0.36))


def _flowers(sheet: Surface, radius: float, look: Look, dice: Random) -> None:
    middle = sheet.get_width() / 2
    petals = dice.choice(((250, 246, 236), (252, 214, 92), (232, 122, 150), (176, 148, 226)))
    for _ in range(15):
        turn, far = dice.uniform(0, 2 * pi), radius * dice.random() ** 0.6
        at = (middle + cos(turn) * far, middle + sin(turn) * far)
        pygame.draw.circle(
            sheet, mix(look.ground[0], look.leaf[0], 0.4), (at[0] + radius * 0.05, at[1] + radius * 0.08), radius * 0.15
        )
        pygame.draw.circle(sheet, petals, at, radius * 0.10)
        pygame.draw.circle(sheet, (250, 200, 70), at, radius * 0.04)


def _snag(sheet: Surface, radius: float, look: Look, dice: Random) -> None:
    """A dead tree: bare branches from one root, and their thin shadow."""
    middle = sheet.get_width() / 2
    bark = mix(look.stone[1], (120, 96, 74), 0.5)
    branches = [(dice.uniform(0, 2 * pi), radius * dice.uniform(0.5, 1.0)) for _ in range(6)]
    width = max(2, int(radius * 0.11))
    for shift, colour in ((radius * 0.2, (*SHADE, 90)), (0.0, (*bark, 255))):
        for turn, far in branches:
            root = (middle + shift, middle + shift)
            tip = (root[0] + cos(turn) * far, root[1] + sin(turn) * far)
            knee = (root[0] + cos(turn) * far * 0.55, root[1] + sin(turn) * far * 0.55)
            twig = (knee[0] + cos(turn + 0.7) * far * 0.35, knee[1] + sin(turn + 0.7) * far * 0.35)
            pygame.draw.line(sheet, colour, root, tip, width)
            pygame.draw.line(sheet, colour, knee, twig, max(1, width // 2))


def stone(hues: tuple[Colour, Colour], radius: float, dice: Random) -> Surface:
    """A stone seen from above: faceted, lit from the upper left, with its shadow."""
    side = int(radius * 2.8) + 2
    return brush.sprite((side, side), lambda sheet, fine: paint_stone(sheet, radius * fine, hues, dice), SHADE)


def paint_stone(sheet: Surface, radius: float, hues: tuple[Colour, Colour], dice: Random) -> None:
    """The same on a sheet that is there already, in its middle."""
    middle = sheet.get_width() / 2
    outline = brush.blob((middle, middle), radius * 1.08, 0.24, dice, corners=10)
    pygame.draw.polygon(sheet, (*SHADE, 120), [(x + radius * 0.2, y + radius * 0.24) for x, y in outline])
    pygame.draw.polygon(sheet, mix(hues[0], (0, 0, 0), 0.28), outline)
    for share, size, shift in ((0.12, 0.90, 0.05), (0.42, 0.72, 0.14), (0.74, 0.50, 0.22), (1.0, 0.26, 0.28)):
        facet = [
            (
                middle + (x - middle) * size * dice.uniform(0.86, 1.06) - radius * shift,
                middle + (y - middle) * size * dice.uniform(0.86, 1.06) - radius * shift,
            )
            for x, y in outline
        ]
        pygame.draw.polygon(sheet, mix(hues[0], hues[1], share), facet)
