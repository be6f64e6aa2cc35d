"""What the river believes about the player, what it last answered, and how the wire to it is doing.

Only what came over the wire is shown: the evidence of the newest goal, its own words, and the milliseconds measured by
the player's clock. Where nothing came, that is said.
"""

from typing import Final

import pygame

from contract.adaptations import Adaptation
from game_client.drawing.easel import Easel
from game_client.drawing.palette import mix
from game_client.drawing.plates import PLATE, bar, closed_eye, gauge, plate
from game_client.scene import Link, Scene

EDGE: Final = 16
PAD: Final = 14
WIDE: Final = 322
"""Pixels of the panel at unit 1."""
ROW: Final = 21
LINE: Final = 19
LINES: Final = 3
"""Lines at most for the river's own words."""
IN_FLOW: Final = 0.5
"""Logits of flow gap within which a paddler is in flow."""
LOGITS: Final = 3.0
"""Where the scales of skill and flow gap end."""
SHOWN: Final = {"skill": "{:+.2f}", "success": "{:.0%}", "flow_gap": "{:+.2f}"}
"""The evidence worth a line, and how it is written."""


def draw_belief(easel: Easel, scene: Scene) -> None:
    """The panel of belief and answer."""
    px, signs = easel.px, easel.signs
    rows = _beliefs(scene.goal if scene.preferences.consent else None)
    said = easel.wrap(_said(scene), 15, WIDE - 2 * PAD)[:LINES]
    height = px(2 * PAD + 19 + ROW * len(rows) + LINE * len(said) + (24 if rows else 0))
    box = pygame.Rect(px(EDGE), easel.canvas.get_height() - height - px(EDGE), px(WIDE), height)
    easel.canvas.blit(plate(box.size, 165, px(14)), box)
    inner = box.inflate(-px(2 * PAD), -px(2 * PAD))
    title = easel.write("What the river believes" if rows else "The river", inner.topleft, 13, signs.faint)
    if scene.loop_ms is not None and rows:
        told = f"answered in {scene.loop_ms:.0f} ms"
        if easel.width(told, 13) > inner.right - title.right - px(8):
            told = f"{scene.loop_ms:.0f} ms"
        easel.write(told, inner.topright, 13, signs.calm, anchor="topright")
    y = inner.top + px(19)
    for name, value in rows:
        _belief(easel, name, value, pygame.Rect(inner.left, y, inner.width, px(ROW)))
        y += px(ROW)
    if rows:
        easel.write("What it answered", (inner.left, y + px(6)), 13, signs.faint)
        y += px(24)
    for text in said:
        easel.write(text, (inner.left, y), 15, signs.calm if rows else signs.paper)
        y += px(LINE)


def _said(scene: Scene) -> str:
    if not scene.preferences.consent:
        return "You asked the river to leave you alone. It does."
    if scene.goal is not None:
        return scene.goal.because
    if scene.link.state == "alone":
        return "Playing alone: rapids come as their designer drew them."
    return "The river is watching how you paddle."


def _beliefs(goal: Adaptation | None) -> list[tuple[str, float]]:
    return [(name, goal.evidence[name]) for name in SHOWN if name in goal.evidence] if goal is not None else []


def _belief(easel: Easel, name: str, value: float, box: pygame.Rect) -> None:
    signs = easel.signs
    easel.write(name.replace("_", " "), (box.left, box.centery), 14, signs.paper, anchor="midleft")
    easel.write(SHOWN[name].format(value), (box.right, box.centery), 14, signs.paper, anchor="midright")
    track = pygame.Rect(0, 0, int(box.width * 0.44), max(5, int(box.height * 0.3)))
    track.midleft = (box.left + int(box.width * 0.31), box.centery)
    if name == "success":
        bar(easel.canvas, track, value, signs.calm)
    elif name == "flow_gap":
        gauge(easel, track, value, LOGITS, IN_FLOW)
    else:
        bar(easel.canvas, track, (value + LOGITS) / (2 * LOGITS), mix(signs.calm, signs.paper, 0.3))


def draw_link(easel: Easel, scene: Scene) -> None:
    """A small sign for the wire: three arcs when it stands, a broken one with a number when it does not."""
    px, link = easel.px, scene.link
    words = _told(link)
    width, high = easel.width(words, 14) + px(52), px(32)
    canvas = easel.canvas
    box = pygame.Rect(canvas.get_width() - width - px(EDGE), canvas.get_height() - high - px(EDGE), width, high)
    canvas.blit(plate(box.size, 165, px(14)), box)
    easel.write(words, (box.left + px(38), box.centery), 14, easel.signs.paper, anchor="midleft")
    _arcs(easel, (box.left + px(20), box.top + px(22)), link)
    if not scene.preferences.consent:
        _left_alone(easel, (box.left - px(8), box.top), high)


def _told(link: Link) -> str:
    words = {"connected": "connected", "away": "server away, playing on", "alone": "alone"}[link.state]
    if link.state == "away" and link.waiting:
        words = f"server away, {link.waiting} events wait"
    return f"{words}, {link.dropped} strokes dropped" if link.dropped else words


def _arcs(easel: Easel, at: tuple[int, int], link: Link) -> None:
    signs, px, (x, y) = easel.signs, easel.px, at
    colour = {"connected": signs.open, "away": signs.missed, "alone": signs.faint}[link.state]
    pygame.draw.circle(easel.canvas, colour, at, max(2, px(3)))
    for ring in (1, 2):
        box = pygame.Rect(0, 0, px(11 * ring), px(11 * ring))
        box.center = at
        lit = colour if link.state == "connected" else mix(colour, PLATE, 0.6)
        pygame.draw.arc(easel.canvas, lit, box, 0.6, 2.54, max(2, px(2.4)))
    if link.state == "away":
        arm = px(7)
        pygame.draw.line(easel.canvas, colour, (x - arm, y - arm * 2), (x + arm, y), max(2, px(2.4)))


def _left_alone(easel: Easel, at: tuple[int, int], high: int) -> None:
    """The mark of the opt-out: a closed eye, and words."""
    px = easel.px
    box = pygame.Rect(0, at[1], easel.width("the river looks away", 14) + px(54), high)
    box.right = at[0]
    easel.canvas.blit(plate(box.size, 165, px(14), easel.signs.calm), box)
    closed_eye(easel.canvas, pygame.Rect(box.left + px(12), box.top + px(4), px(22), px(15)), easel.signs)
    easel.write("the river looks away", (box.left + px(42), box.centery), 14, easel.signs.paper, anchor="midleft")
