"""The brushes: smooth noise, tone curves, and soft-edged sprites.

pygame draws hard edges and has no noise. Two tricks mend both without numpy: a few random pixels enlarged by
`smoothscale` are smooth noise, and `bytes.translate` is a tone curve over a whole picture at the speed of C. Sprites
are painted `FINE` times too large and shrunk, which is all the antialiasing there is.
"""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random
from typing import Final

import pygame
from pygame import Surface

from game_client.drawing.palette import Colour

FINE: Final = 4
"""Sprites are painted so many times larger than shown."""
Grey = bytes
"""One byte a pixel, row by row."""
Stops = tuple[tuple[float, tuple[int, ...]], ...]
"""A tone curve: (grey 0 to 1, colour), rising."""


def noise(size: tuple[int, int], cells: tuple[int, int], seed: int, octaves: int = 3) -> Grey:
    """Smooth noise that joins itself at the rims; `cells` are the first octave's bumps across and down."""
    sheet = Surface(size, depth=24)
    for octave in range(octaves):
        layer = _bumps(size, (cells[0] << octave, cells[1] << octave), seed + octave)
        layer.set_alpha(255 >> octave if octave else None)
        sheet.blit(layer, (0, 0))
    return pygame.image.tobytes(sheet, "RGB")[::3]


def _bumps(size: tuple[int, int], cells: tuple[int, int], seed: int) -> Surface:
    """Random pixels enlarged. `smoothscale` maps n pixels on n - 1 steps: one row more than cells joins the rims."""
    across, down = min(cells[0], size[0] // 2), min(cells[1], size[1] // 2)
    grey = Random(seed).randbytes(across * down)
    small = pygame.image.frombytes(bytes(level for level in grey for _ in "rgb"), (across, down), "RGB")
    joined = Surface((across + 1, down + 1), depth=24)
    for column in (0, across):
        for row in (0, down):
            joined.blit(small, (column, row))
    large = pygame.transform.smoothscale(joined, (across * -(-size[0] // across), down * -(-size[1] // down)))
    return large if large.get_size() == size else pygame.transform.smoothscale(large, size)


def curve(stops: Stops, channel: int) -> bytes:
    """The 256-step table that takes a grey to one channel of a tone curve."""
    table = bytearray()
    for level in range(256):
        at = level / 255
        below = max((stop for stop in stops if stop[0] <= at), key=lambda stop: stop[0], default=stops[0])
        above = min((stop for stop in stops if stop[0] >= at), key=lambda stop: stop[0], default=stops[-1])
        span = above[0] - below[0]
        share = (at - below[0]) / span if span else 0.0
        table.append(int(below[1][channel] + (above[1][channel] - below[1][channel]) * share))
    return bytes(table)


def ramp(grey: Grey, size: tuple[int, int], stops: Stops) -> Surface:
    """A grey picture coloured by a tone curve; with four channels in its colours, transparent where they say so."""
    channels = len(stops[0][1])
    pixels = bytearray(len(grey) * channels)
    for channel in range(channels):
        pixels[channel::channels] = grey.translate(curve(stops, channel))
    if channels == 3:
        return pygame.image.frombytes(bytes(pixels), size, "RGB").convert()
    return packed(pygame.image.frombytes(bytes(pixels), size, "RGBA"))


def packed(surface: Surface) -> Surface:
    """The same picture, stored so that its empty pixels cost nothing to draw."""
    ready = surface.convert_alpha()
    ready.set_alpha(255, pygame.RLEACCEL)
    return ready


def sprite(
    size: tuple[int, int], paint: Callable[[Surface, float], None], empty: Colour = (0, 0, 0), fine: int = FINE
) -> Surface:
    """A soft-edged sprite: `paint` draws at `fine` scale onto a sheet that is empty; `empty` tints its soft rim."""
    width, height = max(1, size[0]), max(1, size[1])
    sheet = Surface((width * fine, height * fine), pygame.SRCALPHA)
    sheet.fill((*empty, 0))
    paint(sheet, float(fine))
    return packed(pygame.transform.smoothscale(sheet, (width, height)))


def blob(
    centre: tuple[float, float], radius: float, rough: float, dice: Random, corners: int = 14
) -> list[tuple[float, float]]:
    """The corners of a lumpy circle; `rough` 0 is round."""
    return [
        (
            centre[0] + cos(2 * pi * corner / corners) * radius * (1 - rough * dice.random()),
            centre[1] + sin(2 * pi * corner / corners) * radius * (1 - rough * dice.random()),
        )
        for corner in range(corners)
    ]
