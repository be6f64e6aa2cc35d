"""The water: a painted sheet, cut into thin slices that follow the river's bends, and threads of foam that race on it.

Three layers. The sheet (noise through a tone curve, opaque) drifts a little slower than the current; ripples (contour
lines of other noise, translucent) a little faster; threads are drawn one by one, swim at the speed of the water under
them (fastest in the middle, as Prandtl's profile has it) and part around rocks as ideal flow parts around a cylinder.
"""

from math import hypot
from random import Random
from typing import Final

import pygame
from msgspec import Struct
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.palette import Colour, Look, mix
from game_client.drawing.view import View
from game_client.state import HALF_WIDTH, Rock

SLICE: Final = 4
"""Pixels in a slice of water: thin enough that the steps of a bend are not seen."""
SHEET: Final = 1024
"""Pixels after which the water repeats itself."""
OVER: Final = 1.6
"""Metres that the sheet reaches under either bank."""
THREADS: Final = 110


class Thread(Struct):
    """One thread of foam; lives in place because there are many and nobody else sees them."""

    x: float
    y: float
    life: float
    length: float
    white: float


class Sheets(Struct, frozen=True, eq=False):
    """The two painted layers, each `SHEET` pixels of river long, and a slice more that is its own beginning."""

    water: Surface
    ripples: Surface


class Water:
    """The water of one rapid."""

    def __init__(self, look: Look, sheets: Sheets, current: float) -> None:
        self._current, self._look, self._sheets = current, look, sheets
        self._dice = Random(5)
        self._threads: list[Thread] = []
        self._colours = [mix(look.water, look.foam, 0.2 + 0.6 * step / 7) for step in range(8)]

    def draw(self, canvas: Surface, view: View, clock_s: float) -> None:
        """The two sheets, bent as the river is."""
        places = [
            (int((view.bend(view.metres(top)) - HALF_WIDTH - OVER) * view.scale) - view.left, top)
            for top in range(0, view.height, SLICE)
        ]
        wide = self._sheets.water.get_width()
        for sheet, pace in ((self._sheets.water, 0.82), (self._sheets.ripples, 1.12)):
            # A sheet is read upwards because downstream is up: the phase is where its upper rim is on screen.
            phase = int(clock_s * self._current * pace * view.scale) - view.bottom - view.height
            canvas.blits([(sheet, at, (0, (phase + at[1]) % SHEET, wide, SLICE)) for at in places], doreturn=False)

    def draw_threads(self, canvas: Surface, view: View, rocks: tuple[Rock, ...], dt: float) -> None:
        """Every thread a little farther on its way, and drawn as the line it went."""
        low, high = view.metres(view.height) - 2.0, view.metres(0)
        while len(self._threads) < THREADS:
            self._threads.append(self._new_thread(self._dice.uniform(low, high)))
        for thread in self._threads:
            if thread.life <= 0.0 or not low <= thread.y <= high + 3.0:
                fresh = self._new_thread(self._dice.uniform(low, high))
                thread.x, thread.y, thread.life = fresh.x, fresh.y, fresh.life
            vx, vy = self._flow(thread.x, thread.y, rocks)
            thread.x += vx * dt
            thread.y += vy * dt
            thread.life -= dt
            if abs(thread.x) > HALF_WIDTH - 0.2:
                thread.life = 0.0
                continue
            lasts = min(1.0, thread.life * 1.5)
            colour = self._colours[int(thread.white * lasts * 7.99)]
            tail = thread.length * lasts
            start = view.place(thread.x - vx * tail, thread.y - vy * tail)
            pygame.draw.line(canvas, colour, start, view.place(thread.x, thread.y), 2 if thread.white > 0.55 else 1)

    def _new_thread(self, y: float) -> Thread:
        dice = self._dice
        white = min(1.0, dice.random() * (0.45 + self._look.froth * 1.2))
        return Thread(dice.uniform(-5.6, 5.6), y, dice.uniform(0.4, 1.6), dice.uniform(0.06, 0.2), white)

    def _flow(self, x: float, y: float, rocks: tuple[Rock, ...]) -> tuple[float, float]:
        """Metres a second at a place: the profile of the river, parted by the nearest rock (a potential dipole)."""
        vx, vy = 0.0, self._current * (1.05 - 0.5 * (x / HALF_WIDTH) ** 2)
        for rock in rocks:
            dx, dy = x - rock.x, y - rock.y
            reach = rock.radius * 3.0
            if -reach < dx < reach and -reach < dy < reach:
                far = max(hypot(dx, dy), rock.radius)
                part = (rock.radius / far) ** 2
                cos_, sin_ = dy / far, dx / far
                along = vy * (1.0 - part * (cos_ * cos_ - sin_ * sin_))
                vx -= vy * part * 2.0 * sin_ * cos_
                vy = along
        return vx, max(vy, 0.3)


def paint_sheets(look: Look, scale: float, seed: int) -> Sheets:
    """The layers for a look at a scale."""
    size = (int(2 * (HALF_WIDTH + OVER) * scale), SHEET)
    return Sheets(_joined(_bed(size, look, seed)), _joined(_ripples(size, look, seed + 7)))


def _joined(sheet: Surface) -> Surface:
    """The sheet with its first slice again at its end, so that no slice is cut in two where it begins anew.

    Not packed: a packed surface is read from its first row, which is slow for a slice far down.
    """
    width, tall = sheet.get_size()
    longer = Surface((width, tall + SLICE), sheet.get_flags() & pygame.SRCALPHA, sheet)
    sheet.set_alpha(None)
    longer.blit(sheet, (0, 0))
    longer.blit(sheet, (0, tall))
    return longer


def _bed(size: tuple[int, int], look: Look, seed: int) -> Surface:
    grey = brush.noise(size, (4, 6), seed)
    dark, light = mix(look.deep, look.water, 0.35), mix(look.water, look.shallow, 0.35)
    sheet = brush.ramp(grey, size, ((0.0, look.deep), (0.38, dark), (0.6, look.water), (0.8, light), (1.0, light)))
    edge = int(size[0] * (OVER + 2.6) / (2 * (HALF_WIDTH + OVER)))
    bed = Surface((1, size[1]))
    bed.fill(mix(look.shallow, look.bands[-1][1], 0.3))
    for column in range(edge):
        bed.set_alpha(int(200 * (1.0 - column / edge) ** 1.6))
        sheet.blit(bed, (column, 0))
        sheet.blit(bed, (size[0] - 1 - column, 0))
    return sheet


def _ripples(size: tuple[int, int], look: Look, seed: int) -> Surface:
    """Contour lines of drawn-out noise: thin bright lines that wander down the river, whiter where it froths."""
    grey = brush.noise(size, (9, 7), seed, octaves=2)
    line: Colour = mix(look.water, look.foam, 0.5)
    none, some = (*line, 0), (*line, 78 - int(50 * look.froth))
    lines = brush.ramp(grey, size, (
        (0.0, none), (0.40, none), (0.42, some), (0.44, none), (0.56, none), (0.575, some), (0.59, none), (1.0, none),
    ))  # fmt: skip
    broken = brush.noise(size, (16, 9), seed + 1, octaves=4)
    bare, white = (*look.foam, 0), (*look.foam, 60 + int(170 * look.froth))
    crest = 0.79 - 0.26 * look.froth
    froth = brush.ramp(broken, size, (
        (0.0, bare), (crest, bare), (crest + 0.03, white), (crest + 0.09, bare), (crest + 0.13, white), (1.0, white),
    ))  # fmt: skip
    lines.blit(froth, (0, 0))
    return lines
