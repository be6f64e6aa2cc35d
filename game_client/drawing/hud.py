"""The words and signs over the river while it is played: enough at a glance, nothing in the way of the water.

Left above: what is paddled. Right above: what it is worth. Right rim: how far. Left below: what the river believes and
what it last answered. Right below: how the wire is doing. Below the middle: a hint, or who holds the paddle.
"""

from math import sin
from typing import Final

import pygame

from game_client.drawing.believed import draw_belief, draw_link
from game_client.drawing.easel import Easel
from game_client.drawing.gates import Fate
from game_client.drawing.palette import Look, mix
from game_client.drawing.plates import PLATE, badge, cross, hulls, plate
from game_client.scene import Scene
from game_client.state import HULL, MISSES, World

EDGE: Final = 16
"""Pixels at unit 1 between the furniture and the rim of the window."""
CATCH_UP: Final = 0.18
"""Share of the missing points that the shown score gains in a frame."""


class Hud:
    """Draws itself anew every frame from plates and words that are kept; remembers only the score it shows."""

    def __init__(self) -> None:
        self._shown_score = 0.0

    def draw(self, easel: Easel, scene: Scene, look: Look, fates: dict[int, Fate]) -> None:
        """All of it."""
        _rapid(easel, scene.world, look)
        self._worth(easel, scene.world)
        _progress(easel, scene.world, fates)
        draw_belief(easel, scene)
        draw_link(easel, scene)
        _foot(easel, scene)

    def _worth(self, easel: Easel, world: World) -> None:
        """The score counts up to what it is, the combo shouts, the best run waits."""
        signs, right = easel.signs, easel.canvas.get_width() - easel.px(EDGE + 56)
        if self._shown_score > world.score:
            self._shown_score = 0.0
        self._shown_score += (world.score - self._shown_score) * CATCH_UP
        shown = world.score if world.score - self._shown_score < 1 else int(self._shown_score)
        foot = easel.write(f"{shown}", (right, easel.px(EDGE)), 44, signs.paper, anchor="topright", edge=True).bottom
        if world.best:
            colour = signs.gold if world.score > world.best else signs.paper
            easel.write(f"best {world.best}", (right, foot), 15, colour, anchor="topright", edge=True)
        if world.combo > 1:
            words = f"x{world.combo} in a row"
            easel.write(words, (right, foot + easel.px(22)), 22, signs.gold, anchor="topright", edge=True)
        if world.golden:
            words = "golden line: gates count double"
            easel.write(words, (right, foot + easel.px(52)), 15, signs.gold, anchor="topright", edge=True)


def _rapid(easel: Easel, world: World, look: Look) -> None:
    """Class, number, hull, and the pace asked for as waves that roll."""
    px, signs, rapid = easel.px, easel.signs, world.rapid
    edge, left = px(EDGE), px(EDGE + 108)
    easel.canvas.blit(plate((px(286), px(104)), 165, px(14)), (edge, edge))
    badge(easel, rapid.grade, (edge + px(54), edge + px(52)), 78, look.water)
    attempt = f", try {rapid.attempt}" if rapid.attempt > 1 else ""
    easel.write(f"Rapid {rapid.number}{attempt}", (left, edge + px(14)), 19, signs.paper)
    easel.write("hull", (left, edge + px(46)), 13, signs.faint)
    hulls(easel, (left + px(2), edge + px(64)), 22, world.kayak.hull, HULL)
    easel.write("pace", (left + px(78), edge + px(46)), 13, signs.faint)
    for wave in range(5):
        x, y = left + px(78 + wave * 19), edge + px(78)
        colour = signs.calm if world.pace * 5 > wave else mix(signs.faint, PLATE, 0.75)
        crest = [(x + px(step * 2), y - px(sin(step * 0.78) * 5)) for step in range(9)]
        pygame.draw.lines(easel.canvas, colour, closed=False, points=crest, width=max(2, px(3.4)))


def _progress(easel: Easel, world: World, fates: dict[int, Fate]) -> None:
    """The rapid in small, bends and all, with a mark for every gate."""
    px, signs, rapid, canvas = easel.px, easel.signs, world.rapid, easel.canvas
    size = (px(40), px(330))
    left, top = canvas.get_width() - size[0] - px(EDGE), px(EDGE)
    canvas.blit(plate(size, 165, px(14)), (left, top))

    def spot(y: float) -> tuple[int, int]:
        share = min(max(y / rapid.length, 0.0), 1.0)
        bend = rapid.bend_at(y) / max(rapid.bend, 0.1)
        return left + size[0] // 2 + px(bend * 8), top + size[1] - px(18) - int(share * (size[1] - px(36)))

    done, width = min(world.kayak.y, rapid.length), max(3, px(7))
    for colour, reach in ((mix(signs.calm, (10, 40, 60), 0.65), rapid.length), (signs.calm, max(done, 0.5))):
        line = [spot(reach * step / 24) for step in range(25)]
        pygame.draw.lines(canvas, colour, closed=False, points=line, width=width)
    hues = {"open": signs.paper, "passed": signs.gold, "missed": signs.missed}
    for number, gate in enumerate(rapid.gates, start=1):
        x, y = spot(gate.y)
        fate = fates.get(number, "open")
        if fate == "missed":
            cross(easel, (x, y), 5, hues[fate])
        else:
            pygame.draw.line(canvas, hues[fate], (x - px(7), y), (x + px(7), y), max(2, px(2.6)))
    x, y = spot(done)
    pygame.draw.circle(canvas, signs.ink, (x, y), px(9))
    pygame.draw.polygon(canvas, signs.kayak, [(x, y - px(8)), (x + px(5), y), (x, y + px(8)), (x - px(5), y)])
    _misses(easel, (left + size[0] // 2, top + size[1] + px(14)), world.gates_missed)


def _misses(easel: Easel, at: tuple[int, int], missed: int) -> None:
    """Three missed gates end a round: so many are gone."""
    for number in range(MISSES):
        spot = (at[0] + easel.px((number - 1) * 15), at[1])
        pygame.draw.circle(easel.canvas, PLATE, spot, easel.px(7.5))
        if number < missed:
            cross(easel, spot, 4, easel.signs.missed)
        else:
            pygame.draw.circle(easel.canvas, mix(easel.signs.faint, PLATE, 0.4), spot, easel.px(4), 1)


def _foot(easel: Easel, scene: Scene) -> None:
    """A hint with the key that waves it away, or whose paddle it is."""
    px, signs, canvas = easel.px, easel.signs, easel.canvas
    middle, foot = canvas.get_width() // 2, canvas.get_height() - px(18)
    if scene.hint_words:
        width = easel.width(scene.hint_words, 17) + px(84)
        sign = plate((width, px(44)), 200, px(20), signs.gold)
        # Above the belief panel where a narrow window would let the two meet.
        box = sign.get_rect(midbottom=(middle, foot if width < canvas.get_width() - px(700) else foot - px(190)))
        canvas.blit(sign, box)
        easel.write(scene.hint_words, (box.left + px(24), box.centery), 17, signs.paper, anchor="midleft")
        easel.write("H", (box.right - px(22), box.centery), 17, signs.gold, anchor="center")
    elif scene.autopilot and sin(scene.clock_s * 2.6) > -0.6:
        words = "autopilot: any key hands you the paddle"
        easel.write(words, (middle, foot), 17, signs.gold, anchor="midbottom", edge=True)
