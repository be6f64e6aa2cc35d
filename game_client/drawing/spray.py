"""What flies and fades: the kayak's wake, drops from the blades, splashes of hits, rings, and words that rise.

The screen's own short memory. It is fed with happenings and forgets them within seconds; nothing here is ever asked by
the rules.
"""

from collections import deque
from math import cos, pi, sin
from random import Random
from typing import Final

import pygame
from msgspec import Struct
from pygame import Surface

from game_client.drawing.letters import Letters
from game_client.drawing.palette import Colour, Look, mix
from game_client.drawing.view import View

WAKE_S: Final = 1.9
SPREAD: Final = 0.75
"""Metres a second at which the arms of the wake part."""
DRIFT: Final = 0.5
"""Share of the current that carries the wake."""
JUMP_M: Final = 3.0
"""A kayak that is so far from where it was has begun anew."""
MOST: Final = 320
"""Drops in the air at once."""


class Drop(Struct):
    """One drop of water or chip of hull: place in metres, velocity in metres a second."""

    x: float
    y: float
    vx: float
    vy: float
    left_s: float
    size: float
    colour: Colour


class Ring(Struct, frozen=True):
    """A circle that widens and fades."""

    x: float
    y: float
    since_s: float
    colour: Colour
    reach: float


class Cry(Struct, frozen=True):
    """Words that rise and fade."""

    words: str
    x: float
    y: float
    since_s: float
    colour: Colour
    size: float


class Spray:
    """All of it, for one round."""

    def __init__(self, look: Look, scale: float, current: float, letters: Letters) -> None:
        self._look, self._scale, self._letters, self._current = look, scale, letters, current
        self._dice = Random(3)
        self._wake: deque[tuple[float, float, float]] = deque()
        self._drops: list[Drop] = []
        self._rings: list[Ring] = []
        self._cries: list[Cry] = []
        self._fades = [mix(look.water, look.foam, 0.85 * (1 - step / 9)) for step in range(10)]

    def trail(self, x: float, y: float, now_s: float) -> None:
        """The stern was here."""
        if self._wake and abs(y - self._wake[-1][1]) > JUMP_M:
            self._wake.clear()
        self._wake.append((x, y, now_s))
        while self._wake and now_s - self._wake[0][2] > WAKE_S:
            self._wake.popleft()

    def burst(self, x: float, y: float, count: int, force: float, colour: Colour) -> None:
        """So many drops thrown to all sides, at up to `force` metres a second."""
        for _ in range(min(count, MOST - len(self._drops))):
            turn, speed = self._dice.uniform(0, 2 * pi), force * self._dice.random() ** 0.5
            size = self._dice.uniform(0.03, 0.11)
            life = self._dice.uniform(0.25, 0.8)
            self._drops.append(Drop(x, y, cos(turn) * speed, sin(turn) * speed, life, size, colour))

    def ring(self, x: float, y: float, now_s: float, colour: Colour, reach: float) -> None:
        """A circle from here."""
        self._rings.append(Ring(x, y, now_s, colour, reach))

    def cry(self, words: str, x: float, y: float, now_s: float, colour: Colour, *, size: float = 0.62) -> None:
        """Words from here; `size` in metres."""
        crowd = sum(now_s - cry.since_s < 0.35 for cry in self._cries)
        self._cries.append(Cry(words, x, y + 0.9 * crowd, now_s, colour, size))

    def draw_wake(self, canvas: Surface, view: View, now_s: float) -> None:
        """Two arms of foam that part behind the stern, and go with the water they lie on."""
        for number, (x, y, since) in enumerate(self._wake):
            age = max(0.0, now_s - since)
            share = age / WAKE_S
            fade = self._fades[min(9, int(share * 10))]
            size = self._scale * (0.09 - 0.06 * share)
            along, out = y + DRIFT * self._current * age, 0.16 + SPREAD * age
            # Foam is uneven: every third place on an arm throws its dots a little wider.
            wide = out + (0.10 if number % 3 == 0 else -0.03)
            for side in (-1, 1):
                pygame.draw.circle(canvas, fade, view.place(x + side * wide, along), size)
            if share < 0.3:
                inner = (number % 5 - 2) * 0.07
                pygame.draw.circle(canvas, fade, view.place(x + inner, along), size * 0.8)

    def draw(self, canvas: Surface, view: View, now_s: float, dt: float) -> None:
        """Rings, drops and words, a moment older."""
        self._rings = [ring for ring in self._rings if now_s - ring.since_s < 0.6]
        for ring in self._rings:
            share = (now_s - ring.since_s) / 0.6
            radius = int(ring.reach * self._scale * (0.25 + 0.75 * share))
            width = max(1, int(self._scale * 0.16 * (1 - share)))
            pygame.draw.circle(
                canvas, mix(ring.colour, self._look.water, share), view.place(ring.x, ring.y), radius, width
            )
        for drop in self._drops:
            drop.x += drop.vx * dt
            drop.y += drop.vy * dt
            drop.vx *= 1 - 2.0 * dt
            drop.vy *= 1 - 2.0 * dt
            drop.left_s -= dt
            size = max(1.0, drop.size * self._scale * min(1.0, drop.left_s * 4))
            pygame.draw.circle(canvas, drop.colour, view.place(drop.x, drop.y), size)
        self._drops = [drop for drop in self._drops if drop.left_s > 0]
        self._cries = [cry for cry in self._cries if now_s - cry.since_s < 1.1]
        for cry in self._cries:
            share = (now_s - cry.since_s) / 1.1
            swell = 0.75 if share < 0.06 else 1.0
            picture = self._letters.render(cry.words, int(cry.size * self._scale * swell), cry.colour, edge=True)
            x, y = view.place(cry.x, cry.y)
            picture.set_alpha(int(255 * min(1.0, 2.4 * (1 - share))))
            canvas.blit(picture, picture.get_rect(center=(x, y - int(self._scale * (1.1 + 1.2 * share)))))
