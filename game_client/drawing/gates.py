"""Gates: striped poles that hang from a wire and swing in the wind, and what became of them.

A gate's state is told by shape as well as colour: the next one has chevrons between its poles, a passed one a tick on
its board, a missed one a cross and crooked poles.
"""

from math import sin
from typing import Final, Literal

import pygame
from msgspec import Struct
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.letters import Letters
from game_client.drawing.palette import Colour, Look, Signs, mix
from game_client.drawing.view import View
from game_client.state import HALF_WIDTH, Gate

Fate = Literal["open", "passed", "missed"]
POLE: Final = 1.55
"""Metres of pole, as drawn."""
STRIPES: Final = 6


class Hung(Struct, frozen=True):
    """A gate, its number from 1, and what became of it."""

    gate: Gate
    number: int
    fate: Fate


class Gates:
    """The gates of one rapid at one scale."""

    def __init__(self, look: Look, signs: Signs, scale: float, letters: Letters) -> None:
        self._look, self._signs, self._scale, self._letters = look, signs, scale, letters
        colours: dict[Fate, Colour] = {"open": signs.open, "passed": signs.gold, "missed": signs.missed}
        self._poles = {fate: _pole(colour, scale) for fate, colour in colours.items()}
        self._colours = colours
        self._chevrons = [_chevron(signs.open, scale, 70 + 45 * step) for step in range(4)]

    def draw_marks(self, canvas: Surface, view: View, gate: Gate, clock_s: float) -> None:
        """Chevrons on the water between the poles of the gate that comes next."""
        for row in range(3):
            mark = self._chevrons[(row - int(clock_s * 6)) % 4]
            x, y = view.place(gate.x, gate.y - 1.5 + row * 0.55)
            canvas.blit(mark, (x - mark.get_width() // 2, y - mark.get_height() // 2))

    def draw(self, canvas: Surface, view: View, hung: Hung, clock_s: float) -> None:
        """Wire, board and the two poles."""
        gate, fate = hung.gate, hung.fate
        lift = int(POLE * self._scale)
        left, right = view.place(-HALF_WIDTH - 1.0, gate.y), view.place(HALF_WIDTH + 1.0, gate.y)
        wire = mix(self._look.deep, (0, 0, 0), 0.5)
        pygame.draw.line(canvas, wire, (left[0], left[1] - lift), (right[0], right[1] - lift), 2)
        for end in (left, right):
            pygame.draw.circle(canvas, wire, (end[0], end[1] - lift), max(2, self._scale * 0.12))
        for side in (-1, 1):
            wind = sin(clock_s * 1.9 + gate.y + side) * 0.07 + (0.22 * side if fate == "missed" else 0.0)
            foot_x, foot_y = view.place(gate.x + side * gate.half_width, gate.y)
            swing = int(wind * self._scale)
            shade = (foot_x + int(self._scale * 0.22), foot_y + int(self._scale * 0.12))
            pygame.draw.line(canvas, wire, (foot_x + swing, foot_y), shade, 2)
            pole = self._poles[fate]
            canvas.blit(pole, (foot_x - pole.get_width() // 2 + swing, foot_y - lift))
        self._board(canvas, view, hung)

    def _board(self, canvas: Surface, view: View, hung: Hung) -> None:
        gate, fate = hung.gate, hung.fate
        x, y = view.place(gate.x, gate.y)
        size = max(9, int(self._scale * 0.42))
        box = pygame.Rect(0, 0, int(size * 1.5), int(size * 1.25))
        box.midtop = (x, y - int(POLE * self._scale) + 1)
        pygame.draw.rect(canvas, self._signs.paper if fate == "open" else self._colours[fate], box, border_radius=3)
        pygame.draw.rect(canvas, self._signs.ink, box, 1, border_radius=3)
        ink = self._signs.ink
        cx, cy, arm = box.centerx, box.centery, size // 3
        if fate == "open":
            self._letters.write(canvas, str(hung.number), (cx, cy), size, ink, anchor="center")
        elif fate == "passed":
            tick = [(cx - arm, cy), (cx - arm // 4, cy + arm), (cx + arm, cy - arm)]
            pygame.draw.lines(canvas, ink, closed=False, points=tick, width=2)
        else:
            pygame.draw.line(canvas, self._signs.paper, (cx - arm, cy - arm), (cx + arm, cy + arm), 3)
            pygame.draw.line(canvas, self._signs.paper, (cx - arm, cy + arm), (cx + arm, cy - arm), 3)


def _pole(colour: Colour, scale: float) -> Surface:
    size = (max(4, int(scale * 0.24)), int(scale * POLE))

    def paint(sheet: Surface, _: float) -> None:
        width, height = sheet.get_size()
        for stripe in range(STRIPES):
            hue = colour if stripe % 2 else (250, 250, 250)
            top = height * stripe // STRIPES
            pygame.draw.rect(sheet, hue, (0, top, width, height // STRIPES + 1))
            pygame.draw.rect(sheet, mix(hue, (0, 0, 0), 0.3), (width * 0.66, top, width * 0.34, height // STRIPES + 1))

    return brush.sprite(size, paint)


def _chevron(colour: Colour, scale: float, alpha: int) -> Surface:
    def paint(sheet: Surface, _: float) -> None:
        width, height = sheet.get_size()
        tip, half = height * 0.45, width / 2
        arrow = [(0, height * 0.75), (half, 0), (width, height * 0.75), (width, height), (half, tip), (0, height)]
        pygame.draw.polygon(sheet, (*mix(colour, (255, 255, 255), 0.45), alpha), arrow)

    return brush.sprite((int(scale * 0.9), int(scale * 0.42)), paint, colour)
