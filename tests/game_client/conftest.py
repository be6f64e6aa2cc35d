"""A window that nobody sees, and a moment of play to show in it."""

from collections.abc import Iterator

import pytest

from game_client.scene import Preferences, Scene
from game_client.screen import Screen
from game_client.screenshots import CLASSES, paddled


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A window of 1280 x 720 that nobody sees."""
    window = Screen(Preferences(mute=True), headless=True)
    yield window
    window.close()


@pytest.fixture(scope="module")
def played() -> Scene:
    """A class III rapid after three seconds of the autopilot."""
    return paddled(CLASSES["III"], "III", 3.0, Preferences(mute=True))[-1]
