"""The kayak and who sits in it: a hull, and a paddler whose trunk turns with the stroke.

Both are painted once at `FINE` scale and turned in steps of a few degrees, kept as they are asked for. The stroke
follows what is held: forward and brake alternate sides, left and right sweep on the far side, as a paddler would.
"""

from math import atan, degrees, pi, sin
from typing import Final

import pygame
from msgspec import Struct
from pygame import Surface

from game_client.drawing import brush
from game_client.drawing.palette import Look, Signs, mix
from game_client.drawing.view import View
from game_client.state import BRAKE, FORWARD, LEFT, RIGHT, Held

LENGTH: Final = 3.0
"""Metres from bow to stern, as drawn."""
SHEET: Final = 3.8
"""Metres of the sheet that boat and paddler are painted on."""
TURN: Final = 3
"""Degrees between two kept turns of a sprite."""
REACH: Final = 0.62
"""Radians that the trunk turns to either side."""
PARTS: Final = ("shade", "hull", "keel", "trunk-1", "trunk0", "trunk1")
BLADE: Final = 1.12
"""Metres from the seat to the middle of a blade."""


class Pose(Struct, frozen=True):
    """Where the paddle is: `twist` in radians (positive: left blade forward), `dip` -1 left, 0 none, 1 right."""

    twist: float
    dip: int


def pose_of(held: Held, beat: float) -> Pose:
    """The pose after `beat` radians of stroke with these keys held."""
    swing = sin(beat)
    falling = sin(beat + pi / 2) < 0
    if held & LEFT and not held & RIGHT:
        return Pose(-0.15 + REACH * swing, 1 if not falling else 0)
    if held & RIGHT and not held & LEFT:
        return Pose(0.15 + REACH * swing, -1 if falling else 0)
    if held & FORWARD:
        return Pose(REACH * swing, -1 if falling else 1)
    if held & BRAKE:
        return Pose(0.7 * REACH * swing, 1 if falling else -1)
    return Pose(0.10 * swing, 0)


def lean_of(view: View, y: float) -> float:
    """Radians that the drawn river runs to the right at `y`: the kayak turns with it."""
    return atan(view.bend(y + 0.5) - view.bend(y - 0.5))


class Boat:
    """Kayak and paddler at one scale."""

    def __init__(self, look: Look, signs: Signs, scale: float) -> None:
        self._scale, self._signs, self._look = scale, signs, look
        fine = brush.FINE
        side = int(SHEET * scale * fine)
        self._parts = {part: Surface((side, side), pygame.SRCALPHA) for part in PARTS}
        _paint_hull(self._parts["hull"], scale * fine, signs)
        _paint_keel(self._parts["keel"], scale * fine, signs)
        _paint_shade(self._parts["shade"], scale * fine, look)
        for dip in (-1, 0, 1):
            _paint_trunk(self._parts[f"trunk{dip}"], scale * fine, signs, look, dip)
        self._turned: dict[tuple[str, int], Surface] = {}

    def draw(self, canvas: Surface, at: tuple[int, int], heading: float, pose: Pose, light: float = 0.0) -> None:
        """The boat at a pixel, `heading` radians to the right of up; `light` (0 to 1) whitens it after a knock."""
        drop = max(2, int(self._scale * 0.12))
        self._stamp(canvas, "shade", (at[0] + drop, at[1] + drop), heading)
        self._stamp(canvas, "hull", at, heading)
        self._stamp(canvas, f"trunk{pose.dip}", at, heading + pose.twist)
        if light > 0.0:
            ring = int(self._scale * (0.8 + 1.4 * (1.0 - light)))
            pygame.draw.circle(
                canvas, mix(self._look.water, self._signs.missed, light), at, ring, max(1, int(4 * light))
            )

    def draw_swamped(self, canvas: Surface, at: tuple[int, int], heading: float, clock_s: float) -> None:
        """The keel above water, and the paddler swimming beside it."""
        self._stamp(canvas, "shade", (at[0] + 3, at[1] + 3), heading)
        self._stamp(canvas, "keel", at, heading + 0.06 * sin(clock_s * 1.7))
        scale, signs = self._scale, self._signs
        head = (at[0] + int(scale * 1.1), at[1] + int(scale * (0.5 + 0.06 * sin(clock_s * 3))))
        for ring in range(3):
            reach = int(scale * (0.35 + 0.22 * ring + 0.2 * (clock_s * 0.8 % 1.0)))
            pygame.draw.circle(canvas, mix(self._look.foam, self._look.water, 0.3 + 0.25 * ring), head, reach, 1)
        pygame.draw.circle(canvas, (34, 38, 46), head, scale * 0.24)
        pygame.draw.circle(canvas, signs.paper, head, scale * 0.2)
        pygame.draw.circle(canvas, signs.kayak, head, scale * 0.08)

    def _stamp(self, canvas: Surface, part: str, at: tuple[int, int], heading: float) -> None:
        turn = round(degrees(heading) / TURN) * TURN % 360
        if (part, turn) not in self._turned:
            self._turned[part, turn] = brush.packed(pygame.transform.rotozoom(self._parts[part], -turn, 1 / brush.FINE))
        sprite = self._turned[part, turn]
        canvas.blit(sprite, (at[0] - sprite.get_width() // 2, at[1] - sprite.get_height() // 2))


def _outline(middle: float, scale: float, swell: float = 1.0) -> list[tuple[float, float]]:
    half = LENGTH / 2
    sides = []
    for step in range(25):
        along = step / 24 * 2 - 1
        wide = 0.43 * swell * (1 - abs(along) ** 2.3) ** 0.8 * (1.0 - 0.10 * along)
        sides.append((along * half * (0.96 + 0.04 * swell), wide))
    right = [(middle + wide * scale, middle - along * scale) for along, wide in sides]
    return right + [(middle - wide * scale, middle - along * scale) for along, wide in reversed(sides)]


def _paint_hull(sheet: Surface, scale: float, signs: Signs) -> None:
    middle = sheet.get_width() / 2
    dark, light = mix(signs.kayak, (40, 0, 0), 0.45), mix(signs.kayak, (255, 255, 255), 0.35)
    pygame.draw.polygon(sheet, dark, _outline(middle, scale))
    pygame.draw.polygon(sheet, signs.kayak, _outline(middle - 0.03 * scale, scale, 0.84))
    pygame.draw.polygon(sheet, light, _outline(middle - 0.07 * scale, scale, 0.40))
    pygame.draw.polygon(sheet, signs.kayak, _outline(middle - 0.03 * scale, scale, 0.30))
    for along in (0.95, -0.98):
        y = middle - along * scale
        trim = pygame.Rect(0, 0, 0.46 * scale, 0.16 * scale)
        trim.center = (int(middle), int(y))
        pygame.draw.ellipse(sheet, signs.kayak_trim, trim)
    for along in (1.3, -1.3):
        pygame.draw.circle(sheet, dark, (middle, middle - along * scale), 0.055 * scale)
    deck = pygame.Rect(0, 0, 0.62 * scale, 1.0 * scale)
    deck.center = (int(middle), int(middle))
    pygame.draw.ellipse(sheet, (24, 26, 32), deck)
    pygame.draw.ellipse(sheet, (52, 56, 66), deck.inflate(-0.10 * scale, -0.12 * scale))


def _paint_keel(sheet: Surface, scale: float, signs: Signs) -> None:
    middle = sheet.get_width() / 2
    dark = mix(signs.kayak, (30, 10, 20), 0.6)
    pygame.draw.polygon(sheet, dark, _outline(middle, scale))
    pygame.draw.polygon(sheet, mix(signs.kayak, dark, 0.45), _outline(middle - 0.04 * scale, scale, 0.62))
    pygame.draw.polygon(sheet, mix(signs.kayak, (255, 255, 255), 0.15), _outline(middle - 0.06 * scale, scale, 0.18))


def _paint_shade(sheet: Surface, scale: float, look: Look) -> None:
    middle = sheet.get_width() / 2
    shade = mix(look.deep, (0, 0, 0), 0.6)
    for ring in range(4):
        pygame.draw.polygon(sheet, (*shade, 30 + 26 * ring), _outline(middle, scale, 1.24 - 0.11 * ring))


def _paint_trunk(sheet: Surface, scale: float, signs: Signs, look: Look, dip: int) -> None:
    """Arms, paddle, vest and helmet; the paddle is slid to the side that is in the water."""
    middle = sheet.get_width() / 2
    slide = dip * 0.17 * scale
    grip = middle - 0.30 * scale
    skin, sleeve = (226, 178, 140), mix(signs.calm, (0, 0, 0), 0.42)
    thick = max(2, int(0.13 * scale))
    for side in (-1, 1):
        shoulder = (middle + side * 0.24 * scale, middle + 0.02 * scale)
        elbow = (middle + side * 0.47 * scale, middle - 0.10 * scale)
        hand = (middle + side * 0.40 * scale + slide * 0.5, grip)
        pygame.draw.line(sheet, sleeve, shoulder, elbow, thick)
        pygame.draw.line(sheet, sleeve, elbow, hand, thick)
        pygame.draw.circle(sheet, sleeve, elbow, thick / 2)
    shaft = max(2, int(0.065 * scale))
    left, right = middle - 1.16 * scale + slide, middle + 1.16 * scale + slide
    pygame.draw.line(sheet, (30, 32, 38), (left, grip + shaft), (right, grip + shaft), shaft)
    pygame.draw.line(sheet, (238, 232, 214), (left, grip), (right, grip), shaft)
    for side in (-1, 1):
        blade = pygame.Rect(0, 0, 0.44 * scale, 0.24 * scale)
        blade.center = (int(middle + side * BLADE * scale + slide), int(grip))
        wet = side == dip
        pygame.draw.ellipse(sheet, mix(signs.kayak_trim, look.water, 0.6 if wet else 0.0), blade)
        pygame.draw.ellipse(
            sheet, mix(signs.kayak, look.water, 0.6 if wet else 0.0), blade.inflate(-0.12 * scale, -0.1 * scale)
        )
    for side in (-1, 1):
        pygame.draw.circle(sheet, skin, (middle + side * 0.40 * scale + slide * 0.5, grip), 0.085 * scale)
    vest = pygame.Rect(0, 0, 0.66 * scale, 0.44 * scale)
    vest.center = (int(middle), int(middle + 0.04 * scale))
    pygame.draw.ellipse(sheet, mix(signs.kayak_trim, (0, 0, 0), 0.35), vest)
    pygame.draw.ellipse(sheet, signs.kayak_trim, vest.inflate(-0.10 * scale, -0.10 * scale))
    head = (middle, middle - 0.06 * scale)
    pygame.draw.circle(sheet, (34, 38, 46), head, 0.225 * scale)
    pygame.draw.circle(sheet, signs.paper, head, 0.195 * scale)
    pygame.draw.rect(sheet, signs.kayak, (head[0] - 0.045 * scale, head[1] - 0.19 * scale, 0.09 * scale, 0.36 * scale))
    pygame.draw.circle(sheet, (255, 255, 255), (head[0] - 0.07 * scale, head[1] - 0.08 * scale), 0.04 * scale)
