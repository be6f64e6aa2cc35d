"""The words and signs over the river while it is played: enough at a glance, nothing in the way of the water.

Left above: what is paddled. Right above: what it is worth. Right rim: how far. Left below: what the river believes and
what it last answered. Right below: how the wire is doing. Below the middle: a hint, or who holds the paddle.
"""

from math import sin

import pygame
from pygame import Surface

from game_client.drawing.believed import draw_belief, draw_link
from game_client.drawing.gates import Fate
from game_client.drawing.letters import Letters
from game_client.drawing.palette import Look, Signs, mix
from game_client.drawing.plates import badge, hulls, plate, unit_of
from game_client.scene import Scene
from game_client.state import HULL, MISSES, World


class Hud:
    """Draws itself anew every frame from plates and words that are kept."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._shown_score = 0.0

    def draw(self, canvas: Surface, scene: Scene, look: Look, signs: Signs, fates: dict[int, Fate]) -> None:
        """All of it."""
        unit = unit_of(canvas.get_size())
        self._rapid(canvas, scene.world, look, signs, unit)
        self._worth(canvas, scene.world, signs, unit)
        self._progress(canvas, scene.world, fates, signs, unit)
        draw_belief(canvas, self._letters, scene, signs, unit)
        draw_link(canvas, self._letters, scene, signs, unit)
        self._foot(canvas, scene, signs, unit)

    def _rapid(self, canvas: Surface, world: World, look: Look, signs: Signs, unit: float) -> None:
        edge, letters = int(16 * unit), self._letters
        box = plate((int(286 * unit), int(104 * unit)), 165, int(14 * unit))
        canvas.blit(box, (edge, edge))
        badge(
            canvas,
            letters,
            world.rapid.grade,
            (edge + int(54 * unit), edge + int(52 * unit)),
            int(78 * unit),
            look.water,
            signs,
        )
        left = edge + int(108 * unit)
        attempt = f", try {world.rapid.attempt}" if world.rapid.attempt > 1 else ""
        letters.write(
            canvas, f"Rapid {world.rapid.number}{attempt}", (left, edge + int(14 * unit)), int(19 * unit), signs.paper
        )
        letters.write(canvas, "hull", (left, edge + int(48 * unit)), int(12 * unit), signs.faint)
        hulls(canvas, (left + int(2 * unit), edge + int(64 * unit)), int(22 * unit), world.kayak.hull, HULL, signs)
        letters.write(canvas, "pace", (left + int(78 * unit), edge + int(48 * unit)), int(12 * unit), signs.faint)
        for wave in range(5):
            x, y = left + int((78 + wave * 19) * unit), edge + int(78 * unit)
            on = world.pace * 5 > wave
            colour = signs.calm if on else mix(signs.faint, (20, 40, 50), 0.7)
            crest = [(x + step * unit * 2, y - sin(step * 0.78) * unit * 5) for step in range(9)]
            pygame.draw.lines(canvas, colour, False, crest, max(2, int(3.4 * unit)))  # noqa: FBT003 - pygame names it by place

    def _worth(self, canvas: Surface, world: World, signs: Signs, unit: float) -> None:
        """The score counts up to what it is, the combo shouts, the best run waits."""
        letters, edge = self._letters, int(16 * unit)
        right = canvas.get_width() - edge - int(56 * unit)
        if self._shown_score > world.score:
            self._shown_score = 0.0
        self._shown_score += (world.score - self._shown_score) * 0.18
        shown = world.score if world.score - self._shown_score < 1 else int(self._shown_score)
        at = letters.write(canvas, f"{shown}", (right, edge), int(44 * unit), signs.paper, anchor="topright", edge=True)
        if world.best:
            colour = signs.gold if world.score > world.best else signs.paper
            letters.write(
                canvas, f"best {world.best}", (right, at.bottom), int(15 * unit), colour, anchor="topright", edge=True
            )
        if world.combo > 1:
            words = f"x{world.combo} in a row"
            letters.write(
                canvas,
                words,
                (right, at.bottom + int(22 * unit)),
                int(22 * unit),
                signs.gold,
                anchor="topright",
                edge=True,
            )
        if world.golden:
            words = "golden line: gates count double"
            letters.write(
                canvas,
                words,
                (right, at.bottom + int(52 * unit)),
                int(15 * unit),
                signs.gold,
                anchor="topright",
                edge=True,
            )

    def _progress(self, canvas: Surface, world: World, fates: dict[int, Fate], signs: Signs, unit: float) -> None:
        """The rapid in small, bends and all, with a mark for every gate."""
        rapid = world.rapid
        size = (int(40 * unit), int(330 * unit))
        left, top = canvas.get_width() - size[0] - int(16 * unit), int(16 * unit)
        canvas.blit(plate(size, 165, int(14 * unit)), (left, top))
        inner = size[1] - int(36 * unit)

        def spot(y: float) -> tuple[int, int]:
            share = min(max(y / rapid.length, 0.0), 1.0)
            bend = rapid.bend_at(y) / max(rapid.bend, 0.1)
            return left + size[0] // 2 + int(bend * 8 * unit), top + size[1] - int(18 * unit) - int(share * inner)

        done = world.kayak.y
        line = [spot(rapid.length * step / 40) for step in range(41)]
        pygame.draw.lines(canvas, mix(signs.calm, (10, 40, 60), 0.65), False, line, max(3, int(7 * unit)))  # noqa: FBT003 - pygame names it by place
        past = [spot(done * step / 40) for step in range(41)]
        pygame.draw.lines(canvas, signs.calm, False, past, max(3, int(7 * unit)))  # noqa: FBT003 - pygame names it by place
        hues = {"open": signs.paper, "passed": signs.gold, "missed": signs.missed}
        for number, gate in enumerate(rapid.gates, start=1):
            x, y = spot(gate.y)
            fate = fates.get(number, "open")
            reach = int((9 if fate == "missed" else 7) * unit)
            pygame.draw.line(canvas, hues[fate], (x - reach, y), (x + reach, y), max(2, int(2.6 * unit)))
        x, y = spot(done)
        pygame.draw.circle(canvas, signs.ink, (x, y), int(9 * unit))
        pygame.draw.polygon(
            canvas, signs.kayak, [(x, y - 8 * unit), (x + 5 * unit, y), (x, y + 8 * unit), (x - 5 * unit, y)]
        )
        self._misses(canvas, (left + size[0] // 2, top + size[1] + int(14 * unit)), world.gates_missed, signs, unit)

    def _misses(self, canvas: Surface, at: tuple[int, int], missed: int, signs: Signs, unit: float) -> None:
        """Three missed gates end a round: so many are gone."""
        for number in range(MISSES):
            x, y, arm = at[0] + int((number - 1) * 15 * unit), at[1], int(5 * unit)
            pygame.draw.circle(canvas, (8, 22, 34), (x, y), int(7.5 * unit))
            if number < missed:
                pygame.draw.line(canvas, signs.missed, (x - arm, y - arm), (x + arm, y + arm), max(2, int(3 * unit)))
                pygame.draw.line(canvas, signs.missed, (x - arm, y + arm), (x + arm, y - arm), max(2, int(3 * unit)))
            else:
                pygame.draw.circle(canvas, mix(signs.faint, (8, 22, 34), 0.4), (x, y), int(4 * unit), 1)

    def _foot(self, canvas: Surface, scene: Scene, signs: Signs, unit: float) -> None:
        letters = self._letters
        middle, foot = canvas.get_width() // 2, canvas.get_height() - int(18 * unit)
        if scene.hint_words:
            size = int(17 * unit)
            width = letters.font(size).size(scene.hint_words)[0] + int(84 * unit)
            box = plate((width, int(44 * unit)), 200, int(20 * unit), signs.gold).get_rect(midbottom=(middle, foot))
            canvas.blit(plate((width, int(44 * unit)), 200, int(20 * unit), signs.gold), box)
            letters.write(
                canvas, scene.hint_words, (box.left + int(24 * unit), box.centery), size, signs.paper, anchor="midleft"
            )
            letters.write(canvas, "H", (box.right - int(22 * unit), box.centery), size, signs.gold, anchor="center")
        elif scene.autopilot and sin(scene.clock_s * 2.6) > -0.6:
            words = "autopilot - any key hands you the paddle"
            letters.write(canvas, words, (middle, foot), int(17 * unit), signs.gold, anchor="midbottom", edge=True)
