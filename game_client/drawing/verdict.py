"""The end of a round: what happened, what it was worth, why the river changes now, and now and then how it felt."""

from typing import Final

import pygame

from game_client.drawing.easel import Easel
from game_client.drawing.eddies import star_points
from game_client.drawing.gates import Fate
from game_client.drawing.menus import ROW, draw_menu
from game_client.drawing.palette import LOOKS, mix
from game_client.drawing.plates import PLATE, badge, cross, hulls, plate, tick
from game_client.scene import Scene
from game_client.state import HULL

WIDE: Final = 640
PAD: Final = 32
LINE: Final = 26
ASKED: Final = 104
"""Pixels at unit 1 for the question."""
GATES_IN_A_ROW: Final = 15


def draw_verdict(easel: Easel, scene: Scene, fates: dict[int, Fate]) -> None:
    """The panel."""
    px, signs = easel.px, easel.signs
    said = _said(easel, scene)
    high = 216 + LINE * len(said) + (ASKED if scene.question else 0) + ROW * len(scene.menu)
    box = pygame.Rect(0, 0, px(WIDE), px(high))
    box.center = easel.canvas.get_rect().center
    edge = signs.gold if scene.world.outcome == "cleared" else None
    easel.canvas.blit(plate(box.size, 222, px(20), edge), box)
    inner = box.inflate(-px(2 * PAD), -px(48))
    _heading(easel, scene, inner)
    _tally(easel, scene, (inner.left, inner.top + px(100)), fates)
    y = inner.top + px(168)
    for line, colour in said:
        easel.write(line, (inner.left, y), 18, colour)
        y += px(LINE)
    y += px(12)
    if scene.question:
        _question(easel, scene.question, (inner.left, y))
        y += px(ASKED)
    draw_menu(easel, scene, (box.centerx, y), 300)


def _said(easel: Easel, scene: Scene) -> list[tuple[str, tuple[int, int, int]]]:
    """The lines, wrapped; the last one says why the river changes, and has its colour."""
    return [
        (line, easel.signs.calm if words is scene.lines[-1] else easel.signs.paper)
        for words in scene.lines
        for line in easel.wrap(words, 18, WIDE - 2 * PAD)
    ]


def _heading(easel: Easel, scene: Scene, inner: pygame.Rect) -> None:
    px, signs, world = easel.px, easel.signs, scene.world
    grade = world.rapid.grade
    badge(easel, grade, (inner.left + px(38), inner.top + px(40)), 68, LOOKS[grade].water)
    colour = signs.gold if world.outcome == "cleared" else signs.paper
    easel.write(scene.heading, (inner.left + px(96), inner.top), 40, colour)
    where = f"Rapid {world.rapid.number}, try {world.rapid.attempt}, {world.clock:.1f} s"
    easel.write(where, (inner.left + px(96), inner.top + px(52)), 16, signs.faint)
    easel.write(f"{world.score}", inner.topright, 40, signs.paper, anchor="topright")
    _stars(easel, scene, (inner.right, inner.top + px(64)))


def _stars(easel: Easel, scene: Scene, at: tuple[int, int]) -> None:
    """Three stars: cleared, every gate, no knock."""
    world = scene.world
    cleared = world.outcome == "cleared"
    earned = (cleared, cleared and world.gates_missed == 0, cleared and world.kayak.hull == HULL)
    for number, won in enumerate(sorted(earned, reverse=True)):
        middle = (at[0] - easel.px(74 - 30 * number), at[1])
        colour = easel.signs.gold if won else mix(easel.signs.faint, PLATE, 0.75)
        corners = star_points(middle, easel.px(13))
        pygame.draw.polygon(easel.canvas, colour, corners)
        pygame.draw.aalines(easel.canvas, colour, closed=True, points=corners)


def _tally(easel: Easel, scene: Scene, at: tuple[int, int], fates: dict[int, Fate]) -> None:
    """Gate by gate, and what is left of the hull."""
    px, signs, world = easel.px, easel.signs, scene.world
    easel.write("gates", at, 13, signs.faint)
    hues = {"open": mix(signs.faint, PLATE, 0.7), "passed": signs.gold, "missed": signs.missed}
    for number in range(1, min(len(world.rapid.gates), GATES_IN_A_ROW) + 1):
        spot = (at[0] + px(number * 26 - 14), at[1] + px(34))
        fate = fates.get(number, "open")
        pygame.draw.circle(easel.canvas, hues[fate], spot, px(10), 2 if fate == "open" else 0)
        if fate == "passed":
            tick(easel, spot, 6, signs.ink)
        elif fate == "missed":
            cross(easel, spot, 4, signs.ink)
    right = at[0] + px(520)
    easel.write("hull", (right, at[1]), 13, signs.faint)
    hulls(easel, (right, at[1] + px(20)), 24, world.kayak.hull, HULL)


def _question(easel: Easel, words: str, at: tuple[int, int]) -> None:
    """How did it feel: five keys, from bad to good."""
    px, signs = easel.px, easel.signs
    easel.write(easel.wrap(words, 16, WIDE - 2 * PAD)[0], at, 16, signs.gold)
    for number in range(5):
        spot = (at[0] + px(number * 62 + 26), at[1] + px(54))
        pygame.draw.circle(easel.canvas, mix(signs.missed, signs.open, number / 4), spot, px(22))
        easel.write(f"{number + 1}", spot, 20, signs.paper, anchor="center", edge=True)
