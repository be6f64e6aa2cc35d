"""Help and settings: the two screens that explain rather than ask.

Settings arrive as lines of the form "name: value"; the value decides how it is drawn (a bar, a key cap, a switch), so a
new setting needs no change here to be shown.
"""

from typing import Final

import pygame
from pygame import Surface

from game_client.drawing.eddies import token
from game_client.drawing.letters import Letters
from game_client.drawing.palette import SIGNS, Signs, mix
from game_client.drawing.plates import PLATE, bar, keycap, plate
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


def draw_help(canvas: Surface, letters: Letters, scene: Scene, signs: Signs, unit: float) -> None:
    """What to press, what things are, and how a round is won."""
    width, height = canvas.get_size()
    box = pygame.Rect(0, 0, int(1040 * unit), int(600 * unit))
    box.center = (width // 2, height // 2)
    canvas.blit(plate(box.size, 225, int(20 * unit)), box)
    left, y = box.left + int(40 * unit), box.top + int(28 * unit)
    letters.write(canvas, scene.heading, (left, y), int(36 * unit), signs.paper)
    y += int(72 * unit)
    for words in scene.lines:
        pygame.draw.circle(canvas, signs.calm, (left + int(5 * unit), y + int(11 * unit)), int(4 * unit))
        for line in letters.wrap(words, int(18 * unit), int(540 * unit)):
            letters.write(canvas, line, (left + int(22 * unit), y), int(18 * unit), signs.paper)
            y += int(24 * unit)
        y += int(11 * unit)
    column = box.left + int(680 * unit)
    y = box.top + int(54 * unit)
    for action in ACTIONS:
        wide = keycap(canvas, letters, scene.preferences.keys[action], (column, y), int(18 * unit), signs)
        at = (column + max(wide, int(64 * unit)) + int(18 * unit), y)
        letters.write(canvas, STROKES[action], at, int(18 * unit), signs.paper, anchor="midleft")
        y += int(44 * unit)
    y += int(10 * unit)
    for name, words in THINGS:
        picture = token(name, int(42 * unit), signs)
        canvas.blit(picture, picture.get_rect(center=(column + int(22 * unit), y)))
        letters.write(canvas, words, (column + int(60 * unit), y), int(17 * unit), signs.paper, anchor="midleft")
        y += int(47 * unit)
    _choice(canvas, letters, scene.menu[0], (box.left + int(120 * unit), box.bottom - int(46 * unit)), signs, unit)


def draw_settings(canvas: Surface, letters: Letters, scene: Scene, signs: Signs, unit: float) -> None:
    """Every setting a row, its value drawn as what it is."""
    width, height = canvas.get_size()
    row = int(41 * unit)
    box = pygame.Rect(0, 0, int(680 * unit), int(122 * unit) + row * len(scene.menu))
    box.center = (width // 2, height // 2)
    canvas.blit(plate(box.size, 225, int(20 * unit)), box)
    letters.write(
        canvas, scene.heading, (box.left + int(40 * unit), box.top + int(24 * unit)), int(36 * unit), signs.paper
    )
    hint = (
        "press the new key  -  escape keeps the old one"
        if scene.rebinding
        else "arrows choose and change  -  escape goes back"
    )
    letters.write(
        canvas,
        hint,
        (box.left + int(40 * unit), box.bottom - int(16 * unit)),
        int(14 * unit),
        signs.faint,
        anchor="bottomleft",
    )
    for number, words in enumerate(scene.menu):
        line = pygame.Rect(
            box.left + int(24 * unit), box.top + int(80 * unit) + row * number, box.width - int(48 * unit), row
        )
        chosen = number == scene.cursor
        if chosen:
            canvas.blit(plate((line.width, int(row * 0.92)), 255, int(10 * unit), signs.kayak), line)
        name, _, value = words.partition(": ")
        at = (line.left + int(18 * unit), line.centery)
        letters.write(canvas, name, at, int(19 * unit), signs.paper, anchor="midleft")
        if value:
            _value(
                canvas,
                letters,
                (name, value),
                pygame.Rect(line.centerx, line.top, line.width // 2 - int(18 * unit), row),
                scene,
                signs,
            )


def _value(
    canvas: Surface, letters: Letters, setting: tuple[str, str], box: pygame.Rect, scene: Scene, signs: Signs
) -> None:
    name, value = setting
    size = int(box.height * 0.45)
    keys = scene.preferences.keys
    if name.lower() in keys:
        if scene.rebinding == name.lower():
            lit = scene.preferences.reduced_motion or scene.clock_s % 0.8 < 0.5
            letters.write(canvas, value, box.midright, size, signs.gold if lit else signs.faint, anchor="midright")
            return
        wide = keycap(canvas, letters, value, (-999, -999), int(size * 0.85), signs)
        keycap(canvas, letters, value, (box.right - wide, box.centery - 2), int(size * 0.85), signs)
    elif value.endswith("%"):
        letters.write(canvas, value, box.midright, size, signs.paper, anchor="midright")
        track = pygame.Rect(0, 0, int(box.width * 0.62), box.height // 5)
        track.midright = (box.right - int(size * 3.2), box.centery)
        bar(
            canvas,
            track,
            float(value[:-1]) / 100,
            mix(signs.faint, PLATE, 0.5) if scene.preferences.mute else signs.calm,
        )
    elif value in {"on", "off", "yes", "no"}:
        _switch(canvas, letters, value, box, size, signs)
    else:
        letters.write(canvas, value, box.midright, size, signs.paper, anchor="midright")
        for number, colour in enumerate(_swatches(scene)):
            at = (box.right - int(size * 6.4) - number * int(size * 1.1), box.centery)
            pygame.draw.circle(canvas, colour, at, int(size * 0.45))


def _swatches(scene: Scene) -> tuple[tuple[int, int, int], ...]:
    signs = SIGNS[scene.preferences.palette]
    return signs.kayak, signs.gold, signs.missed, signs.open


def _switch(canvas: Surface, letters: Letters, value: str, box: pygame.Rect, size: int, signs: Signs) -> None:
    lit = value in {"on", "yes"}
    track = pygame.Rect(0, 0, int(size * 2.2), int(size * 1.15))
    track.midright = box.midright
    pygame.draw.rect(canvas, signs.open if lit else (58, 74, 86), track, border_radius=track.height // 2)
    knob = (track.right - track.height // 2, track.centery) if lit else (track.left + track.height // 2, track.centery)
    pygame.draw.circle(canvas, signs.paper, knob, int(track.height * 0.4))
    letters.write(canvas, value, (track.left - size // 2, box.centery), size, signs.paper, anchor="midright")


def _choice(canvas: Surface, letters: Letters, words: str, at: tuple[int, int], signs: Signs, unit: float) -> None:
    size = (int(160 * unit), int(40 * unit))
    box = pygame.Rect(0, 0, *size)
    box.center = at
    canvas.blit(plate(size, 255, int(12 * unit), signs.kayak), box)
    letters.write(canvas, words, box.center, int(20 * unit), signs.paper, anchor="center")
