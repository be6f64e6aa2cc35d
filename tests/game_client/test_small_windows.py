"""Words in the smallest window: none runs into another, and none is left out."""

import pygame
import pytest
from msgspec.structs import replace
from pygame import Rect, Surface

from game_client import menu
from game_client.drawing.believed import draw_belief
from game_client.drawing.easel import Easel, easel_for
from game_client.drawing.letters import Letters
from game_client.drawing.palette import LOOKS, SIGNS
from game_client.drawing.panels import Panels
from game_client.scene import Scene
from game_client.screen import SMALLEST, Screen
from game_client.screenshots import goal_of


@pytest.fixture
def easel(screen: Screen) -> Easel:
    """A canvas of the smallest window; pygame wants a display to be there."""
    del screen
    return easel_for(Surface(SMALLEST), Letters(), SIGNS["river"])


def part(easel: Easel, area: Rect) -> bytes:
    """What is drawn in an area."""
    return pygame.image.tobytes(easel.canvas.subsurface(area), "RGB")


def test_how_fast_the_river_answered_never_covers_what_it_believes(easel: Easel, played: Scene) -> None:
    """The title of the panel is the same with a latency beside it as without."""
    told = replace(played, goal=goal_of(0.2, "III"), loop_ms=12.4)
    title = Rect(0, SMALLEST[1] - 120, 15 + easel.width("What the river believes", 13), 25)
    draw_belief(easel, replace(told, loop_ms=None))
    alone = part(easel, title)
    easel.canvas.fill((0, 0, 0))
    draw_belief(easel, told)
    assert part(easel, title) == alone


def test_the_title_shows_the_lines_it_has_been_given(easel: Easel, played: Scene) -> None:
    """Who paddles alone, or whose settings could not be kept, reads it below the menu, which stays as it was."""
    title = menu.show(played, "title")
    below, above = Rect(0, 300, SMALLEST[0], 32), Rect(0, 0, SMALLEST[0], 300)
    seen = []
    for lines in ((), ("You paddle alone.", "Your settings could not be kept.")):
        easel.canvas.fill((0, 0, 0))
        Panels().draw(easel, replace(title, lines=lines), LOOKS["III"], {})
        seen.append((part(easel, above), part(easel, below)))
    assert len(title.menu) == 5
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] != seen[1][1]
