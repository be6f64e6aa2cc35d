"""Game pads, by the events that SDL sends for them; no pad is needed."""

from collections.abc import Iterator

import pygame
import pytest

from game_client.pads import Pads
from game_client.state import BRAKE, FORWARD, LEFT, RIGHT


@pytest.fixture
def pads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pads]:
    """No pad yet."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    plugged = Pads()
    yield plugged
    plugged.close()
    pygame.display.quit()


class Stick:
    """A pad as pygame knows it."""

    def __init__(self, index: int) -> None:
        self.index = index

    def get_instance_id(self) -> int:
        """Pads keep their instance while others come and go."""
        return self.index + 100

    def get_name(self) -> str:
        """For the log."""
        return "a pad"


def axis(pads: Pads, number: int, value: float, pad: int = 100) -> list[str]:
    """A stick or trigger moves."""
    return pads.take(pygame.event.Event(pygame.JOYAXISMOTION, instance_id=pad, axis=number, value=value))


def hat(pads: Pads, value: tuple[int, int]) -> list[str]:
    """The cross is pushed."""
    return pads.take(pygame.event.Event(pygame.JOYHATMOTION, instance_id=100, hat=0, value=value))


@pytest.mark.parametrize(
    ("number", "value", "bit"),
    [
        (0, -0.9, LEFT), (0, 0.9, RIGHT), (1, -0.9, FORWARD), (1, 0.9, BRAKE), (5, 0.6, FORWARD), (4, 0.6, BRAKE),
        (0, 0.2, 0), (0, -0.2, 0), (1, 0.27, 0), (5, -1.0, 0), (4, 0.1, 0),
    ],
)  # fmt: skip
def test_sticks_paddle_beyond_their_dead_zone(pads: Pads, number: int, value: float, bit: int) -> None:
    """Within 0.28 of rest a stick says nothing; triggers rest at -1."""
    axis(pads, number, value)
    assert pads.held() == bit


def test_the_cross_paddles(pads: Pads) -> None:
    """Up and left at once are two strokes."""
    hat(pads, (-1, 1))
    assert pads.held() == LEFT + FORWARD
    hat(pads, (0, 0))
    assert pads.held() == 0


def test_a_push_of_the_stick_is_one_press_of_an_arrow(pads: Pads) -> None:
    """Sixty events of the same push move a menu's cursor once; letting go arms it again."""
    presses = [press for value in (0.3, 0.7, 0.8, 0.9, 0.0, 0.9) for press in axis(pads, 1, value)]
    assert presses == ["down", "down"]


def test_buttons_speak_the_names_of_keys(pads: Pads) -> None:
    """A chooses, B goes back, start pauses, an unknown button says nothing."""

    def press(button: int) -> list[str]:
        return pads.take(pygame.event.Event(pygame.JOYBUTTONDOWN, instance_id=100, button=button))

    assert [press(button) for button in (0, 1, 7, 31)] == [["return"], ["escape"], ["p"], []]


def test_two_pads_steer_together(pads: Pads) -> None:
    """One holds left, the other paddles."""
    axis(pads, 0, -1.0, pad=100)
    axis(pads, 1, -1.0, pad=101)
    assert pads.held() == LEFT + FORWARD


def test_a_pad_unplugged_while_held_lets_go(pads: Pads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pads come and go; what a gone one held is not held for ever."""
    monkeypatch.setattr("pygame.joystick.Joystick", Stick)
    pads.take(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=0))
    axis(pads, 0, 1.0)
    assert pads.held() == RIGHT
    pads.take(pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=100))
    assert pads.held() == 0
