"""The window: pygame's keys in, pictures out.

It knows pygame and nothing of the rules, the wire, or what a menu line means. What is strange: W and S steer menus like
the arrow keys, so it remembers which screen it drew last; and it makes the picture of a rapid anew whenever rapid,
window size or palette change, which is the one slow moment, at the start of a round.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pygame

from contract.course import grade_of
from contract.events import RapidFinished
from game_client.drawing.easel import easel_for
from game_client.drawing.hud import Hud
from game_client.drawing.kit import Kits
from game_client.drawing.letters import Letters
from game_client.drawing.panels import Panels
from game_client.drawing.riverscape import Riverscape
from game_client.frame import Input
from game_client.goals import next_difficulty
from game_client.pads import Pads
from game_client.river import knob_at
from game_client.scene import ACTIONS, KEYS, Preferences, Scene
from game_client.sound import Sound
from game_client.state import BRAKE, FORWARD, LEFT, RIGHT, Happening, Held, World

SIZE: Final = (1280, 720)
SMALLEST: Final = (640, 360)
SPLASH_S: Final = 0.8
"""How long the end of a round moves fast enough for a pause to be seen."""
BITS: Final[dict[str, Held]] = {"left": LEFT, "right": RIGHT, "forward": FORWARD, "brake": BRAKE}
SECOND_KEYS: Final = {"a": "left", "d": "right", "w": "forward", "s": "brake"}
"""They paddle too, unless the player gave them to something else."""
MENU_KEYS: Final = {"w": "up", "s": "down", "a": "left", "d": "right", "enter": "return"}


class Screen:
    """The `Window` port on a real screen; with `headless`, on a picture nobody sees."""

    def __init__(self, preferences: Preferences, size: tuple[int, int] = SIZE, *, headless: bool = False) -> None:
        if headless:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
            os.environ["SDL_AUDIODRIVER"] = "dummy"
        pygame.display.init()
        pygame.display.set_caption("Whitewater")
        self._size, self._fullscreen = size, False
        self._letters = Letters()
        self._hud, self._panels = Hud(), Panels()
        self._kits = Kits(self._letters)
        self._pads, self._sound = Pads(), Sound()
        self._river: Riverscape | None = None
        self._scene: Scene | None = None
        self._foreseen: World | None = None
        self._preferences = preferences
        self._down: set[str] = set()
        self._open(full=preferences.fullscreen)

    def listen(self) -> Input:
        """Keys and pads since last asked. A key that was pressed and let go between two frames is still a stroke."""
        presses: list[str] = []
        closed = False
        tapped: Held = 0
        for event in pygame.event.get():
            match event.type:
                case pygame.QUIT:
                    closed = True
                case pygame.KEYDOWN:
                    name = pygame.key.name(event.key)
                    self._down.add(name)
                    tapped |= self._bit(name)
                    presses.append(self._word(name))
                case pygame.KEYUP:
                    self._down.discard(pygame.key.name(event.key))
                case pygame.WINDOWFOCUSLOST:
                    self._down.clear()
                case pygame.VIDEORESIZE | pygame.WINDOWSIZECHANGED:
                    self._fit()
                case _:
                    presses.extend(self._pads.take(event))
        held = tapped | self._pads.held()
        for name in self._down:
            held |= self._bit(name)
        return Input(held=held, presses=tuple(presses), closed=closed, focused=self._focused())

    def draw(self, scene: Scene) -> None:
        """The scene, shown."""
        self._scene = scene
        self._obey(scene.preferences)
        river = self._river_of(scene)
        river.draw(self._canvas, scene)
        easel = easel_for(self._canvas, self._letters, river.kit.signs)
        if scene.screen in {"play", "paused"}:
            self._hud.draw(easel, scene, river.kit.look, river.fates)
        self._panels.draw(easel, scene, river.kit.look, river.fates)
        self._sound.follow(scene)
        pygame.display.flip()
        self._foresee(scene)

    def hear(self, happenings: Sequence[Happening]) -> None:
        """What happened, as sound."""
        self._sound.hear(happenings)

    def close(self) -> None:
        """Silence, and the screen given back."""
        self._sound.close()
        self._pads.close()
        pygame.display.quit()

    def save(self, path: Path) -> None:
        """The picture on screen, kept as a file."""
        pygame.image.save(self._canvas, path)

    def _open(self, *, full: bool) -> None:
        flags = pygame.FULLSCREEN if full else pygame.RESIZABLE
        if self._fullscreen and not full:
            # SDL 2 keeps the size of the full screen the first time a window is asked for again.
            pygame.display.set_mode(self._size, flags)
        self._canvas = pygame.display.set_mode((0, 0) if full else self._size, flags)
        self._fullscreen = full

    def _fit(self) -> None:
        """The window has another size: the next frame is drawn for it."""
        width, height = pygame.display.get_window_size()
        if not self._fullscreen:
            self._size = (max(width, SMALLEST[0]), max(height, SMALLEST[1]))
        self._canvas = pygame.display.get_surface() or self._canvas

    def _obey(self, preferences: Preferences) -> None:
        if preferences is not self._preferences:
            self._preferences = preferences
            if preferences.fullscreen != self._fullscreen:
                self._open(full=preferences.fullscreen)

    def _river_of(self, scene: Scene) -> Riverscape:
        rapid = scene.world.rapid
        kit = self._kits.of(rapid.grade, scene.preferences.palette, self._canvas.get_size(), rapid.current)
        if self._river is None or self._river.rapid is not rapid or self._river.kit is not kit:
            self._river = Riverscape(rapid, kit)
        return self._river

    def _foresee(self, scene: Scene) -> None:
        """Between rounds, once the splash has settled, the next rapid's kit is painted: there the pause is not felt."""
        world = scene.world
        splashing = any(isinstance(fact, RapidFinished) and age_s < SPLASH_S for fact, age_s in scene.recent)
        if scene.screen not in {"over", "title"} or splashing or self._foreseen is world:
            return
        self._foreseen = world
        number = 1 if scene.screen == "title" else world.rapid.number + (world.outcome == "cleared")
        difficulty = next_difficulty(world, number)
        size, palette = self._canvas.get_size(), scene.preferences.palette
        self._kits.of(grade_of(difficulty), palette, size, knob_at(difficulty).current)

    def _bit(self, name: str) -> Held:
        """The stroke of a key, 0 for most keys."""
        keys = self._preferences.keys
        for action in ACTIONS:
            if keys.get(action, KEYS[action]) == name:
                return BITS[action]
        return BITS[SECOND_KEYS[name]] if name in SECOND_KEYS else 0

    def _word(self, name: str) -> str:
        """What a key is called: in menus W, A, S and D are arrows, but a key being chosen is taken as it is."""
        scene = self._scene
        if scene is None or scene.screen == "play" or scene.rebinding is not None:
            return name
        return MENU_KEYS.get(name, name)

    def _focused(self) -> bool:
        """Whether the player looks; a window without a screen is always looked at."""
        return pygame.display.get_driver() == "dummy" or pygame.key.get_focused()
