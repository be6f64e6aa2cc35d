"""The screens around play: title, pause, the end of a round, and the question how it felt.

The river flows on behind them. Headings, lines and menus come finished in the scene; here they only get a place. Help
and settings are in `pages`.
"""

from math import sin

import pygame
from pygame import Surface

from game_client.drawing.eddies import star_points
from game_client.drawing.gates import Fate
from game_client.drawing.letters import Letters
from game_client.drawing.logo import Logo, foam_line
from game_client.drawing.pages import draw_help, draw_settings
from game_client.drawing.palette import LOOKS, Look, Signs, mix
from game_client.drawing.plates import badge, hulls, plate, unit_of, veil
from game_client.scene import Scene
from game_client.state import HULL

TITLE_LINE = "The river watches how you paddle, and answers."


class Panels:
    """Every screen but the play."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._logos: dict[tuple[Look, int], Logo] = {}

    def draw(self, canvas: Surface, scene: Scene, look: Look, signs: Signs, fates: dict[int, Fate]) -> None:
        """The panel of the scene's screen, if it has one."""
        unit = unit_of(canvas.get_size())
        match scene.screen:
            case "title":
                self._title(canvas, scene, look, signs, unit)
            case "paused":
                canvas.blit(veil(canvas.get_size(), 130), (0, 0))
                self._paused(canvas, scene, signs, unit)
            case "over":
                canvas.blit(veil(canvas.get_size(), 120), (0, 0))
                self._over(canvas, scene, signs, unit, fates)
            case "help":
                canvas.blit(veil(canvas.get_size(), 130), (0, 0))
                draw_help(canvas, self._letters, scene, signs, unit)
            case "settings":
                canvas.blit(veil(canvas.get_size(), 130), (0, 0))
                draw_settings(canvas, self._letters, scene, signs, unit)
            case "play":
                pass

    def _title(self, canvas: Surface, scene: Scene, look: Look, signs: Signs, unit: float) -> None:
        width, height = canvas.get_size()
        letters, middle = self._letters, width // 2
        key = (look, int(118 * unit))
        if key not in self._logos:
            self._logos = {key: Logo(letters, look, key[1])}
        clock_s = 0.0 if scene.preferences.reduced_motion else scene.clock_s
        name = self._logos[key].draw(canvas, (middle, int(height * 0.25)), clock_s)
        size = int(21 * unit)
        line = letters.write(
            canvas, TITLE_LINE, (middle, name.bottom + int(8 * unit)), size, signs.paper, anchor="midtop", edge=True
        )
        foam_line(canvas, (middle, line.centery), line.width // 2 + int(16 * unit), look)
        self._menu(canvas, scene, signs, unit, (middle, int(height * 0.46)), 250)
        if scene.bests:
            self._bests(canvas, scene, signs, unit)
        words = "arrows or WASD to paddle    return to choose    P to pause"
        letters.write(
            canvas, words, (middle, height - int(20 * unit)), int(14 * unit), signs.paper, anchor="midbottom", edge=True
        )

    def _bests(self, canvas: Surface, scene: Scene, signs: Signs, unit: float) -> None:
        letters = self._letters
        wide, row = int(210 * unit), int(40 * unit)
        high = row * len(scene.bests) + int(44 * unit)
        left, top = canvas.get_width() - wide - int(24 * unit), canvas.get_height() - high - int(56 * unit)
        canvas.blit(plate((wide, high), 175, int(14 * unit)), (left, top))
        letters.write(canvas, "Best runs", (left + int(16 * unit), top + int(12 * unit)), int(15 * unit), signs.faint)
        for number, best in enumerate(sorted(scene.bests, key=lambda best: list(LOOKS).index(best.grade))):
            y = top + int(38 * unit) + row * number + row // 2 - int(6 * unit)
            badge(
                canvas, letters, best.grade, (left + int(32 * unit), y), int(32 * unit), LOOKS[best.grade].water, signs
            )
            letters.write(
                canvas,
                f"{best.score}",
                (left + wide - int(16 * unit), y),
                int(19 * unit),
                signs.gold,
                anchor="midright",
            )

    def _paused(self, canvas: Surface, scene: Scene, signs: Signs, unit: float) -> None:
        width, height = canvas.get_size()
        high = int((118 + 46 * len(scene.menu)) * unit)
        box = pygame.Rect(0, 0, int(400 * unit), high)
        box.center = (width // 2, height // 2)
        canvas.blit(plate(box.size, 215, int(20 * unit)), box)
        at = (box.centerx, box.top + int(24 * unit))
        self._letters.write(canvas, scene.heading, at, int(38 * unit), signs.paper, anchor="midtop")
        self._menu(canvas, scene, signs, unit, (box.centerx, box.top + int(92 * unit)), 340)

    def _menu(self, canvas: Surface, scene: Scene, signs: Signs, unit: float, top: tuple[int, int], wide: int) -> None:
        """The lines to choose from; the chosen one lies in a kayak."""
        row, size = int(46 * unit), int(23 * unit)
        for number, words in enumerate(scene.menu):
            y = top[1] + row * number + row // 2
            if number == scene.cursor:
                sway = 0 if scene.preferences.reduced_motion else int(sin(scene.clock_s * 2.4) * 2 * unit)
                box = pygame.Rect(0, 0, int(wide * unit), int(row * 0.86))
                box.center = (top[0] + sway, y)
                _kayak_shape(canvas, box, signs)
                self._letters.write(canvas, words, box.center, size, signs.paper, anchor="center", edge=True)
            else:
                self._letters.write(canvas, words, (top[0], y), size, signs.paper, anchor="center", edge=True)

    def _over(self, canvas: Surface, scene: Scene, signs: Signs, unit: float, fates: dict[int, Fate]) -> None:
        width, height = canvas.get_size()
        letters, world = self._letters, scene.world
        text_size, wide = int(18 * unit), int(640 * unit)
        said = [line for words in scene.lines for line in letters.wrap(words, text_size, wide - int(64 * unit))]
        asked = int(104 * unit) if scene.question else 0
        high = int((268 + 46 * len(scene.menu)) * unit) + int(26 * unit) * len(said) + asked
        box = pygame.Rect(0, 0, wide, min(high, height - int(16 * unit)))
        box.center = (width // 2, height // 2)
        cleared = world.outcome == "cleared"
        canvas.blit(plate(box.size, 222, int(20 * unit), signs.gold if cleared else None), box)
        y = box.top + int(24 * unit)
        left = box.left + int(32 * unit)
        grade = world.rapid.grade
        badge(
            canvas,
            letters,
            grade,
            (left + int(38 * unit), y + int(40 * unit)),
            int(68 * unit),
            LOOKS[grade].water,
            signs,
        )
        letters.write(
            canvas, scene.heading, (left + int(96 * unit), y), int(40 * unit), signs.gold if cleared else signs.paper
        )
        where = f"Rapid {world.rapid.number}, try {world.rapid.attempt}, {world.clock:.1f} s"
        letters.write(canvas, where, (left + int(96 * unit), y + int(52 * unit)), int(16 * unit), signs.faint)
        right = box.right - int(32 * unit)
        letters.write(canvas, f"{world.score}", (right, y), int(40 * unit), signs.paper, anchor="topright")
        self._stars(canvas, scene, (right, y + int(64 * unit)), signs, unit)
        y += int(100 * unit)
        self._tally(canvas, scene, (left, y), signs, unit, fates)
        y += int(68 * unit)
        for number, line in enumerate(said):
            last = number >= len(said) - len(letters.wrap(scene.lines[-1], text_size, wide - int(64 * unit)))
            letters.write(canvas, line, (left, y), text_size, signs.calm if last else signs.paper)
            y += int(26 * unit)
        y += int(14 * unit)
        if scene.question:
            self._question(canvas, scene.question, pygame.Rect(left, y, right - left, asked), signs, unit)
            y += asked
        self._menu(canvas, scene, signs, unit, (box.centerx, y), 300)

    def _stars(self, canvas: Surface, scene: Scene, at: tuple[int, int], signs: Signs, unit: float) -> None:
        """Three stars: cleared, every gate, no knock."""
        world = scene.world
        cleared = world.outcome == "cleared"
        earned = (cleared, cleared and world.gates_missed == 0, cleared and world.kayak.hull == HULL)
        for number, won in enumerate(sorted(earned, reverse=True)):
            middle = (at[0] - int((74 - 30 * number) * unit), at[1])
            colour = signs.gold if won else mix(signs.faint, (8, 22, 34), 0.75)
            pygame.draw.polygon(canvas, colour, star_points(middle, 13 * unit))
            pygame.draw.aalines(canvas, colour, True, star_points(middle, 13 * unit))  # noqa: FBT003 - pygame names it by place

    def _tally(
        self, canvas: Surface, scene: Scene, at: tuple[int, int], signs: Signs, unit: float, fates: dict[int, Fate]
    ) -> None:
        """Gate by gate, and what is left of the hull."""
        world, letters = scene.world, self._letters
        letters.write(canvas, "gates", at, int(13 * unit), signs.faint)
        for number in range(1, len(world.rapid.gates) + 1):
            x, y, arm = at[0] + int((number * 26 - 14) * unit), at[1] + int(34 * unit), int(6 * unit)
            fate = fates.get(number, "open")
            colour = {"open": mix(signs.faint, (8, 22, 34), 0.7), "passed": signs.gold, "missed": signs.missed}[fate]
            pygame.draw.circle(canvas, colour, (x, y), int(10 * unit), 0 if fate != "open" else 2)
            ink, thick = signs.ink, max(2, int(2.6 * unit))
            if fate == "passed":
                tick = [(x - arm, y), (x - arm // 3, y + arm * 0.7), (x + arm, y - arm * 0.8)]
                pygame.draw.lines(canvas, ink, False, tick, thick)  # noqa: FBT003 - pygame names it by place
            elif fate == "missed":
                pygame.draw.line(canvas, ink, (x - arm * 0.7, y - arm * 0.7), (x + arm * 0.7, y + arm * 0.7), thick)
                pygame.draw.line(canvas, ink, (x - arm * 0.7, y + arm * 0.7), (x + arm * 0.7, y - arm * 0.7), thick)
        right = at[0] + int(500 * unit)
        letters.write(canvas, "hull", (right, at[1]), int(13 * unit), signs.faint)
        hulls(canvas, (right, at[1] + int(20 * unit)), int(24 * unit), world.kayak.hull, HULL, signs)

    def _question(self, canvas: Surface, words: str, box: pygame.Rect, signs: Signs, unit: float) -> None:
        """How did it feel: five keys, a dull face to a delighted one."""
        asked = self._letters.wrap(words, int(16 * unit), box.width)
        self._letters.write(canvas, asked[0], box.topleft, int(16 * unit), signs.gold)
        for number in range(5):
            x, y = box.left + int((number * 62 + 26) * unit), box.top + int(56 * unit)
            pygame.draw.circle(canvas, mix(signs.missed, signs.open, number / 4), (x, y), int(22 * unit))
            self._letters.write(
                canvas, f"{number + 1}", (x, y), int(20 * unit), signs.paper, anchor="center", edge=True
            )


def _kayak_shape(canvas: Surface, box: pygame.Rect, signs: Signs) -> None:
    """A kayak lying on its side behind the chosen line."""
    nose = box.height * 0.7
    for shrink, colour in ((0, mix(signs.kayak, (40, 0, 0), 0.5)), (2, signs.kayak)):
        inner = box.inflate(-2 * shrink, -2 * shrink)
        pygame.draw.polygon(canvas, colour, [
            (inner.left, inner.centery), (inner.left + nose, inner.top), (inner.right - nose, inner.top),
            (inner.right, inner.centery), (inner.right - nose, inner.bottom), (inner.left + nose, inner.bottom),
        ])  # fmt: skip
    trim = mix(signs.kayak, signs.kayak_trim, 0.9)
    for side in (-1, 1):
        x = box.centerx + side * (box.width / 2 - nose * 0.95)
        pygame.draw.line(canvas, trim, (x, box.top + 4), (x, box.bottom - 5), max(2, box.height // 12))
