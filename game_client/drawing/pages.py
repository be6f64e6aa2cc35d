"""Help and settings: the two screens that explain rather than ask.

Settings arrive as lines of the form "name: value"; the value decides how it is drawn (a bar, a key cap, a switch), so a
new setting needs no change here to be shown.
"""

from typing import Final

import pygame

from game_client.drawing.easel import Easel
from game_client.drawing.eddies import token
from game_client.drawing.palette import SIGNS, Colour, mix
from game_client.drawing.plates import PLATE, bar, keycap, keycap_width, plate
from game_client.scene import ACTIONS, Scene

THINGS: Final = (
    ("star", "a star: points"),
    ("repair", "a repair: one knock mended"),
    ("breather", "a breather: fewer rocks"),
    ("golden_line", "a gift: gates count double"),
    ("calm_water", "a gift: calm water"),
    ("spare_hull", "a gift: a spare hull"),
)
STROKES: Final = {"left": "turn left", "right": "turn right", "forward": "paddle", "brake": "hold back"}
ROW: Final = 41


def draw_help(easel: Easel, scene: Scene) -> None:
    """What to press, what things are, and how a round is won."""
    px, signs = easel.px, easel.signs
    box = _page(easel, (1040, 600), scene.heading)
    left, y = box.left + px(40), box.top + px(96)
    for words in scene.lines:
        pygame.draw.circle(easel.canvas, signs.calm, (left + px(5), y + px(10)), px(4))
        for line in easel.wrap(words, 18, 560):
            easel.write(line, (left + px(22), y), 18, signs.paper)
            y += px(24)
        y += px(11)
    _keys(easel, scene, (box.left + px(690), box.top + px(58)))
    _things(easel, (box.left + px(690), box.top + px(254)))
    back = pygame.Rect(box.left + px(40), box.bottom - px(66), px(160), px(40))
    easel.canvas.blit(plate(back.size, 255, px(12), signs.kayak), back)
    easel.write(scene.menu[0], back.center, 20, signs.paper, anchor="center")


def draw_settings(easel: Easel, scene: Scene) -> None:
    """Every setting a row, its value drawn as what it is."""
    px, signs = easel.px, easel.signs
    box = _page(easel, (680, 126 + ROW * len(scene.menu)), scene.heading)
    hint = (
        "press the new key; escape keeps the old one"
        if scene.rebinding
        else "arrows choose and change; escape goes back"
    )
    easel.write(hint, (box.left + px(42), box.bottom - px(16)), 14, signs.faint, anchor="bottomleft")
    for number, words in enumerate(scene.menu):
        row = pygame.Rect(box.left + px(24), box.top + px(82 + ROW * number), box.width - px(48), px(ROW))
        if number == scene.cursor:
            easel.canvas.blit(plate((row.width, int(row.height * 0.94)), 255, px(10), signs.kayak), row)
        name, _, value = words.partition(": ")
        easel.write(name, (row.left + px(18), row.centery), 19, signs.paper, anchor="midleft")
        if value:
            half = pygame.Rect(row.centerx, row.top, row.width // 2 - px(18), row.height)
            _value(easel, scene, (name, value), half)


def _page(easel: Easel, size: tuple[int, int], heading: str) -> pygame.Rect:
    box = pygame.Rect(0, 0, easel.px(size[0]), easel.px(size[1]))
    box.center = easel.canvas.get_rect().center
    easel.canvas.blit(plate(box.size, 225, easel.px(20)), box)
    easel.write(heading, (box.left + easel.px(40), box.top + easel.px(26)), 36, easel.signs.paper)
    return box


def _keys(easel: Easel, scene: Scene, at: tuple[int, int]) -> None:
    widest = max(keycap_width(easel, scene.preferences.keys[action], 18) for action in ACTIONS)
    for number, action in enumerate(ACTIONS):
        y = at[1] + easel.px(44 * number)
        keycap(easel, scene.preferences.keys[action], (at[0], y), 18)
        easel.write(STROKES[action], (at[0] + widest + easel.px(18), y), 18, easel.signs.paper, anchor="midleft")


def _things(easel: Easel, at: tuple[int, int]) -> None:
    for number, (name, words) in enumerate(THINGS):
        y = at[1] + easel.px(50 * number)
        picture = token(name, easel.px(44), easel.signs)
        easel.canvas.blit(picture, picture.get_rect(midleft=(at[0] - easel.px(6), y)))
        easel.write(words, (at[0] + easel.px(52), y), 17, easel.signs.paper, anchor="midleft")


def _value(easel: Easel, scene: Scene, setting: tuple[str, str], box: pygame.Rect) -> None:
    name, value = setting
    signs, preferences = easel.signs, scene.preferences
    if name.lower() in preferences.keys:
        if scene.rebinding == name.lower():
            lit = preferences.reduced_motion or scene.clock_s % 0.8 < 0.5
            easel.write(value, box.midright, 18, signs.gold if lit else signs.faint, anchor="midright")
        else:
            keycap(easel, value, (box.right - keycap_width(easel, value, 16), box.centery - 2), 16)
    elif value.endswith("%"):
        easel.write(value, box.midright, 18, signs.paper, anchor="midright")
        track = pygame.Rect(0, 0, int(box.width * 0.62), box.height // 5)
        track.midright = (box.right - easel.px(60), box.centery)
        colour = mix(signs.faint, PLATE, 0.5) if preferences.mute else signs.calm
        bar(easel.canvas, track, float(value[:-1]) / 100, colour)
    elif value in {"on", "off", "yes", "no"}:
        _switch(easel, value, box)
    else:
        words = easel.write(value, box.midright, 18, signs.paper, anchor="midright")
        for number, colour in enumerate(_swatches(scene)):
            at = (words.left - easel.px(18 + number * 21), box.centery)
            pygame.draw.circle(easel.canvas, colour, at, easel.px(8))


def _swatches(scene: Scene) -> tuple[Colour, ...]:
    signs = SIGNS[scene.preferences.palette]
    return signs.kayak, signs.gold, signs.missed, signs.open


def _switch(easel: Easel, value: str, box: pygame.Rect) -> None:
    lit, signs = value in {"on", "yes"}, easel.signs
    track = pygame.Rect(0, 0, easel.px(40), easel.px(21))
    track.midright = box.midright
    half = track.height // 2
    pygame.draw.rect(easel.canvas, signs.open if lit else (58, 74, 86), track, border_radius=half)
    knob = (track.right - half if lit else track.left + half, track.centery)
    pygame.draw.circle(easel.canvas, signs.paper, knob, int(track.height * 0.4))
    easel.write(value, (track.left - easel.px(9), box.centery), 18, signs.paper, anchor="midright")
