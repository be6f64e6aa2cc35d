"""The screens around play: title, pause, and what each screen lays over the river.

The river flows on behind them. Headings, lines and menus come finished in the scene; here they only get a place. The
end of a round is in `verdict`, help and settings in `pages`.
"""

from typing import Final

import pygame

from game_client.drawing.easel import Easel
from game_client.drawing.gates import Fate
from game_client.drawing.logo import Logo, foam_line
from game_client.drawing.menus import draw_menu
from game_client.drawing.pages import draw_help, draw_settings
from game_client.drawing.palette import LOOKS, Look
from game_client.drawing.plates import badge, plate, veil
from game_client.drawing.verdict import draw_verdict
from game_client.scene import Scene

TITLE_LINE: Final = "The river watches how you paddle, and answers."
KEYS_LINE: Final = "arrows or WASD to paddle      return to choose      P to pause"
NEWS_WIDE: Final = 720
"""Pixels at unit 1: between the best runs and the other bank."""
DIM: Final = 128
"""How dark the river is behind a panel, 0 to 255."""


class Panels:
    """Every screen but the play; remembers the logo it painted."""

    def __init__(self) -> None:
        self._logo: tuple[Look, int, Logo] | None = None

    def draw(self, easel: Easel, scene: Scene, look: Look, fates: dict[int, Fate]) -> None:
        """The panel of the scene's screen, if it has one."""
        if scene.screen not in {"play", "title"}:
            easel.canvas.blit(veil(easel.canvas.get_size(), DIM), (0, 0))
        match scene.screen:
            case "title":
                self._title(easel, scene, look)
            case "paused":
                _paused(easel, scene)
            case "over":
                draw_verdict(easel, scene, fates)
            case "help":
                draw_help(easel, scene)
            case "settings":
                draw_settings(easel, scene)
            case "play":
                pass

    def _title(self, easel: Easel, scene: Scene, look: Look) -> None:
        px, signs, canvas = easel.px, easel.signs, easel.canvas
        width, height = canvas.get_size()
        middle, top = width // 2, int(height * 0.46)
        name = self._logo_of(easel, look).draw(
            canvas, (middle, int(height * 0.25)), 0.0 if scene.preferences.reduced_motion else scene.clock_s
        )
        under = (middle, name.bottom + px(8))
        line = easel.write(TITLE_LINE, under, 21, signs.paper, anchor="midtop", edge=True)
        foam_line(canvas, (middle, line.centery), line.width // 2 + px(16), look)
        back = plate((px(350), px(46 * len(scene.menu) + 28)), 150, px(18))
        canvas.blit(back, back.get_rect(midtop=(middle, top - px(14))))
        draw_menu(easel, scene, (middle, top), 300)
        if scene.bests:
            _bests(easel, scene)
        keys = easel.write(KEYS_LINE, (middle, height - px(20)), 14, signs.paper, anchor="midbottom", edge=True)
        _news(easel, scene, (middle, keys.top - px(8)))

    def _logo_of(self, easel: Easel, look: Look) -> Logo:
        height = easel.px(118)
        if self._logo is None or self._logo[:2] != (look, height):
            self._logo = (look, height, Logo(easel.letters, look, height))
        return self._logo[2]


def _news(easel: Easel, scene: Scene, bottom: tuple[int, int]) -> None:
    """The title's own lines, if it has any, the last of them just above `bottom`."""
    x, y = bottom
    said = [line for words in scene.lines for line in easel.wrap(words, 16, NEWS_WIDE)]
    for line in reversed(said):
        y = easel.write(line, (x, y), 16, easel.signs.paper, anchor="midbottom", edge=True).top


def _bests(easel: Easel, scene: Scene) -> None:
    """The best run of each class, easiest first."""
    px, signs, canvas = easel.px, easel.signs, easel.canvas
    size = (px(196), px(42 * len(scene.bests) + 48))
    left, top = canvas.get_width() - size[0] - px(24), canvas.get_height() - size[1] - px(24)
    canvas.blit(plate(size, 175, px(14)), (left, top))
    easel.write("Best runs", (left + px(16), top + px(12)), 15, signs.faint)
    for number, best in enumerate(sorted(scene.bests, key=lambda best: list(LOOKS).index(best.grade))):
        y = top + px(60 + 42 * number)
        badge(easel, best.grade, (left + px(34), y), 34, LOOKS[best.grade].water)
        easel.write(f"{best.score}", (left + size[0] - px(16), y), 19, signs.gold, anchor="midright")


def _paused(easel: Easel, scene: Scene) -> None:
    box = pygame.Rect(0, 0, easel.px(400), easel.px(118 + 46 * len(scene.menu)))
    box.center = easel.canvas.get_rect().center
    easel.canvas.blit(plate(box.size, 215, easel.px(20)), box)
    easel.write(scene.heading, (box.centerx, box.top + easel.px(26)), 38, easel.signs.paper, anchor="midtop")
    draw_menu(easel, scene, (box.centerx, box.top + easel.px(92)), 340)
