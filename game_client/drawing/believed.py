"""What the river believes about the player, what it last answered, and how the wire to it is doing.

Only what came over the wire is shown: the evidence of the newest goal, its own words, and the milliseconds measured by
the player's clock. Where nothing came, that is said.
"""

from typing import Final

import pygame
from pygame import Surface

from contract.adaptations import Adaptation
from game_client.drawing.letters import Letters
from game_client.drawing.palette import Signs, mix
from game_client.drawing.plates import PLATE, bar, gauge, plate
from game_client.scene import Scene

WIDE: Final = 322
"""Pixels of the panel at unit 1."""
LINES: Final = 3
"""Lines at most for the river's own words."""
IN_FLOW: Final = 0.5
"""Logits of flow gap within which a paddler is in flow."""


def draw_belief(canvas: Surface, letters: Letters, scene: Scene, signs: Signs, unit: float) -> None:
    """The panel of belief and answer."""
    words, goal = _said(scene), scene.goal if scene.preferences.consent else None
    small, size = int(12 * unit), int(15 * unit)
    pad, width = int(14 * unit), int(WIDE * unit)
    said = letters.wrap(words, size, width - 2 * pad)[:LINES]
    rows = _beliefs(goal)
    row, line = int(21 * unit), int(19 * unit)
    height = 2 * pad + int(17 * unit) + row * len(rows) + line * len(said) + (int(24 * unit) if rows else 0)
    left, top = int(16 * unit), canvas.get_height() - height - int(16 * unit)
    canvas.blit(plate((width, height), 165, int(14 * unit)), (left, top))
    x, y = left + pad, top + pad
    heading = "What the river believes" if rows else "The river"
    letters.write(canvas, heading, (x, y), small, signs.faint)
    if scene.loop_ms is not None and rows:
        told = f"answered in {scene.loop_ms:.0f} ms"
        letters.write(canvas, told, (left + width - pad, y), small, signs.calm, anchor="topright")
    y += int(17 * unit)
    for name, value, shown in rows:
        _belief(canvas, letters, (name, value, shown), pygame.Rect(x, y, width - 2 * pad, row), signs)
        y += row
    if rows:
        letters.write(canvas, "What it answered", (x, y + int(7 * unit)), small, signs.faint)
        y += int(24 * unit)
    for text in said:
        letters.write(canvas, text, (x, y), size, signs.calm if rows else signs.paper)
        y += line


def _said(scene: Scene) -> str:
    if not scene.preferences.consent:
        return "You asked the river to leave you alone. It does."
    if scene.goal is not None:
        return scene.goal.because
    if scene.link.state == "alone":
        return "Playing alone: rapids come as their designer drew them."
    return "The river is watching how you paddle."


def _beliefs(goal: Adaptation | None) -> list[tuple[str, float, str]]:
    if goal is None:
        return []
    words = {"skill": "{:+.2f}", "success": "{:.0%}", "flow_gap": "{:+.2f}"}
    return [
        (name, goal.evidence[name], form.format(goal.evidence[name]))
        for name, form in words.items()
        if name in goal.evidence
    ]


def _belief(canvas: Surface, letters: Letters, belief: tuple[str, float, str], box: pygame.Rect, signs: Signs) -> None:
    name, value, shown = belief
    size = int(box.height * 0.68)
    letters.write(canvas, name.replace("_", " "), (box.left, box.centery), size, signs.paper, anchor="midleft")
    letters.write(canvas, shown, (box.right, box.centery), size, signs.paper, anchor="midright")
    track = pygame.Rect(0, 0, int(box.width * 0.44), max(5, int(box.height * 0.3)))
    track.midleft = (box.left + int(box.width * 0.31), box.centery)
    if name == "success":
        bar(canvas, track, value, signs.calm)
    elif name == "flow_gap":
        gauge(canvas, track, value, 3.0, IN_FLOW, signs)
    else:
        bar(canvas, track, (value + 3.0) / 6.0, mix(signs.calm, signs.paper, 0.3))


def draw_link(canvas: Surface, letters: Letters, scene: Scene, signs: Signs, unit: float) -> None:
    """A small sign for the wire: three arcs when it stands, a broken one with a number when it does not."""
    link = scene.link
    words, colour = {
        "connected": ("connected", signs.open),
        "away": ("server away - playing on", signs.missed),
        "alone": ("alone", signs.faint),
    }[link.state]
    if link.state == "away" and link.waiting:
        words = f"server away - {link.waiting} events wait"
    if link.dropped:
        words = f"{words}, {link.dropped} strokes dropped"
    size = int(14 * unit)
    text = letters.render(words, size, signs.paper)
    wide, high = text.get_width() + int(52 * unit), int(32 * unit)
    left, top = canvas.get_width() - wide - int(16 * unit), canvas.get_height() - high - int(16 * unit)
    canvas.blit(plate((wide, high), 165, int(14 * unit)), (left, top))
    canvas.blit(text, (left + int(38 * unit), top + (high - text.get_height()) // 2))
    x, y = left + int(20 * unit), top + int(22 * unit)
    pygame.draw.circle(canvas, colour, (x, y), max(2, int(3 * unit)))
    for ring in (1, 2):
        box = pygame.Rect(0, 0, int(11 * ring * unit), int(11 * ring * unit))
        box.center = (x, y)
        lit = colour if link.state == "connected" else mix(colour, PLATE, 0.6)
        pygame.draw.arc(canvas, lit, box, 0.6, 2.54, max(2, int(2.4 * unit)))
    if link.state == "away":
        arm = int(7 * unit)
        pygame.draw.line(canvas, colour, (x - arm, y - arm * 2), (x + arm, y), max(2, int(2.4 * unit)))
    if not scene.preferences.consent:
        _left_alone(canvas, letters, (left - int(8 * unit), top), high, signs)


def _left_alone(canvas: Surface, letters: Letters, at: tuple[int, int], high: int, signs: Signs) -> None:
    """The mark of the opt-out: a closed eye, and words."""
    size = int(high * 0.44)
    text = letters.render("the river looks away", size, signs.paper)
    wide = text.get_width() + int(high * 1.6)
    left = at[0] - wide
    canvas.blit(plate((wide, high), 165, int(high * 0.42), signs.calm), (left, at[1]))
    eye = pygame.Rect(left + int(high * 0.34), at[1] + int(high * 0.14), int(high * 0.7), int(high * 0.5))
    pygame.draw.arc(canvas, signs.calm, eye, 3.34, 6.08, max(2, high // 12))
    for lash in (-1, 0, 1):
        start = (eye.centerx + lash * high // 5, eye.bottom - abs(lash) * high // 14)
        pygame.draw.line(canvas, signs.calm, start, (start[0] + lash * high // 12, start[1] + high // 7), 2)
    canvas.blit(text, (left + int(high * 1.25), at[1] + (high - text.get_height()) // 2))
