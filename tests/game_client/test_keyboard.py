"""The keyboard, by real pygame events posted to a window that nobody sees."""

import pygame
import pytest
from msgspec.structs import replace

from game_client import menu
from game_client.frame import Input
from game_client.scene import Preferences, Scene
from game_client.screen import Screen
from game_client.state import BRAKE, FORWARD, LEFT, RIGHT

SILENT = Preferences(mute=True)


def post(kind: int, **fields: object) -> None:
    """One event, as SDL would send it."""
    pygame.event.post(pygame.event.Event(kind, fields))


def heard(window: Screen, key: int) -> Input:
    """What the window answers to a key going down."""
    post(pygame.KEYDOWN, key=key)
    answer = window.listen()
    post(pygame.KEYUP, key=key)
    window.listen()
    return answer


@pytest.mark.parametrize(
    ("key", "bit"),
    [
        (pygame.K_LEFT, LEFT), (pygame.K_RIGHT, RIGHT), (pygame.K_UP, FORWARD), (pygame.K_DOWN, BRAKE),
        (pygame.K_a, LEFT), (pygame.K_d, RIGHT), (pygame.K_w, FORWARD), (pygame.K_s, BRAKE), (pygame.K_x, 0),
    ],
)  # fmt: skip
def test_arrows_and_wasd_paddle(screen: Screen, key: int, bit: int) -> None:
    """Two sets of keys, without a setting touched."""
    assert heard(screen, key).held == bit


def test_a_key_is_held_from_down_to_up(screen: Screen) -> None:
    """Two keys held are both held, and letting one go leaves the other."""
    post(pygame.KEYDOWN, key=pygame.K_UP)
    post(pygame.KEYDOWN, key=pygame.K_LEFT)
    assert screen.listen().held == FORWARD + LEFT
    assert screen.listen().held == FORWARD + LEFT
    post(pygame.KEYUP, key=pygame.K_UP)
    assert screen.listen().held == LEFT


def test_a_key_tapped_between_two_frames_is_still_a_stroke(screen: Screen) -> None:
    """Down and up in one frame is held in that frame and not in the next."""
    post(pygame.KEYDOWN, key=pygame.K_LEFT)
    post(pygame.KEYUP, key=pygame.K_LEFT)
    assert screen.listen().held == LEFT
    assert screen.listen().held == 0


def test_a_key_given_to_another_stroke_is_that_stroke(screen: Screen, played: Scene) -> None:
    """J brakes after it was chosen to; the arrow that braked before does nothing; A turned into forward is forward."""
    keys = {"left": "left", "right": "right", "forward": "a", "brake": "j"}
    screen.draw(replace(played, preferences=replace(SILENT, keys=keys)))
    assert heard(screen, pygame.K_j).held == BRAKE
    assert heard(screen, pygame.K_DOWN).held == 0
    assert heard(screen, pygame.K_a).held == FORWARD


def test_wasd_steers_menus_but_is_taken_as_it_is_for_a_new_key(screen: Screen, played: Scene) -> None:
    """In the settings S goes down; asked for a key, S is S; while playing it is no arrow either."""
    settings = menu.show(played, "settings")
    screen.draw(settings)
    assert heard(screen, pygame.K_s).presses == ("down",)
    screen.draw(replace(settings, rebinding="left"))
    assert heard(screen, pygame.K_s).presses == ("s",)
    screen.draw(played)
    assert heard(screen, pygame.K_s).presses == ("s",)
    assert heard(screen, pygame.K_ESCAPE).presses == ("escape",)


def test_closing_and_losing_focus_are_told(screen: Screen) -> None:
    """A closed window says so, and keys held when the focus went are let go."""
    post(pygame.KEYDOWN, key=pygame.K_UP)
    assert screen.listen().held == FORWARD
    post(pygame.WINDOWFOCUSLOST)
    assert screen.listen().held == 0
    post(pygame.QUIT)
    assert screen.listen().closed
