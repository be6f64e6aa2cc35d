"""The whole river, one frame: water, banks, rocks, gates, kayak, spray, in the order they cover each other.

Made anew for every rapid, window size and palette. It interpolates between the two worlds of a scene, because the rules
step 30 times a second and the eye is shown 60 pictures. What it remembers (gate fates, spray, the beat of the stroke)
is for the eye only and is learnt from `scene.recent`.
"""

from math import cos, sin
from random import Random
from typing import Final

import pygame
from pygame import Surface

from contract.events import EddyCaught, GateMissed, GatePassed, RewardClaimed, RockHit, RockPassed
from game_client.drawing import brush
from game_client.drawing.banks import Banks
from game_client.drawing.boat import LENGTH, lean_of, pose_of
from game_client.drawing.gates import Fate, Hung
from game_client.drawing.kit import Kit
from game_client.drawing.rocks import Rocks
from game_client.drawing.spray import Spray
from game_client.drawing.view import View, look
from game_client.drawing.water import Water
from game_client.scene import Scene
from game_client.state import FORWARD, Happening, Rapid, Rock

SHAKE_S: Final = 0.45
SHAKE_PX: Final = 14.0
STROKE: Final = 7.5
"""Radians a second that the paddle goes round while paddling."""
TITLE_M: Final = 22.0
"""Metres of rapid that drift past behind the title, there and back."""


class Riverscape:
    """One rapid as it is seen in one window."""

    def __init__(self, rapid: Rapid, kit: Kit) -> None:
        self.rapid, self.kit = rapid, kit
        self._water = Water(kit.look, kit.sheets, rapid.current)
        self._banks = Banks(rapid, kit.look, kit.nursery, kit.size, kit.scale)
        self._rocks = Rocks(rapid, kit.look, kit.foam)
        self._spray = Spray(kit.look, kit.scale, rapid.current, kit.letters)
        self._rim = _rim(kit.size, kit.look.dusk)
        self._dice = Random(rapid.seed)
        self._fates: dict[int, Fate] = {}
        self._emptied: set[int] = set()
        self._heard: tuple[Happening, ...] = ()
        self._now_s = 0.0
        self._beat = 0.0
        self._shaken_s = -9.0

    def draw(self, canvas: Surface, scene: Scene) -> None:
        """The river as the scene has it."""
        dt = min(max(scene.clock_s - self._now_s, 0.0), 0.1)
        self._now_s = scene.clock_s
        still = scene.screen != "play" and not self._adrift(scene)
        flow_dt = 0.0 if scene.screen == "paused" else dt
        x, y, heading = self._kayak(scene)
        self._remember(scene, x, y)
        view = look(self.kit.size, self.kit.scale, y, self.rapid.bend_at, self._shake(scene))
        self._water.draw(canvas, view, scene.clock_s)
        rocks = self._rocks_of(scene, y)
        near = tuple(rock for rock in rocks if view.visible(rock.y, 2.0))
        self._water.draw_threads(canvas, view, near, flow_dt)
        self._rocks.draw_waves(canvas, view, scene.clock_s)
        self._draw_eddies(canvas, view, scene)
        self._spray.draw_wake(canvas, view, scene.clock_s)
        self._banks.draw(canvas, view)
        self._rocks.draw(canvas, view, rocks, scene.clock_s)
        self._draw_boat(canvas, view, scene, (x, y, heading), 0.0 if still else dt)
        if not self._adrift(scene):
            self._draw_gates(canvas, view, scene)
        self._spray.draw(canvas, view, scene.clock_s, dt)
        canvas.blit(self._rim, (0, 0))

    @staticmethod
    def _adrift(scene: Scene) -> bool:
        """Whether nobody plays, and the kayak only decorates the title."""
        return scene.screen == "title" or (scene.back == "title" and scene.screen in {"help", "settings"})

    def _kayak(self, scene: Scene) -> tuple[float, float, float]:
        """Where the kayak is between the two worlds; behind the title it drifts along by itself."""
        if self._adrift(scene):
            drift = 0.0 if scene.preferences.reduced_motion else scene.clock_s
            return 0.7 * sin(drift * 0.5), 14.0 + TITLE_M * (1.0 - cos(drift * 0.12)), 0.12 * cos(drift * 0.5)
        old, new, blend = scene.before.kayak, scene.world.kayak, scene.blend
        if scene.before.rapid is not scene.world.rapid:
            old = new
        return (
            old.x + (new.x - old.x) * blend,
            old.y + (new.y - old.y) * blend,
            old.heading + (new.heading - old.heading) * blend,
        )

    def _rocks_of(self, scene: Scene, y: float) -> tuple[Rock, ...]:
        if self._adrift(scene):
            return tuple(rock for rock in self.rapid.rocks if abs(rock.y - y) < 30)
        return scene.world.astern + scene.world.ahead

    def _remember(self, scene: Scene, x: float, y: float) -> None:
        """What happened since the last frame, each thing once: two equal facts are still two things."""
        heard = {id(happening) for happening in self._heard}
        self._heard = tuple(happening for happening, _ in scene.recent)
        for happening in self._heard:
            if id(happening) not in heard:
                self._answer(happening, scene, x, y)

    def _answer(self, happening: Happening, scene: Scene, x: float, y: float) -> None:
        now, signs, foam = scene.clock_s, self.kit.signs, self.kit.look.foam
        match happening:
            case GatePassed():
                self._fates[happening.gate] = "passed"
                self._spray.ring(x, y, now, signs.gold, 2.6)
                self._spray.burst(x, y, 14, 3.5, signs.gold)
                self._spray.cry(f"x{happening.combo}" if happening.combo > 1 else "Clean!", x, y, now, signs.gold)
            case GateMissed():
                self._fates[happening.gate] = "missed"
                self._spray.cry("missed", x, y, now, signs.missed, size=0.5)
            case RockHit():
                self._shaken_s = now
                self._spray.burst(x, y + LENGTH / 2, 60, 7.0, foam)
                self._spray.burst(x, y + LENGTH / 2, 14, 5.0, signs.kayak)
                self._spray.ring(x, y, now, foam, 2.2)
            case RockPassed():
                self._spray.cry("close!", x, y, now, signs.paper, size=0.42)
            case EddyCaught():
                near = min(range(len(self.rapid.eddies)), key=lambda at: abs(self.rapid.eddies[at].y - y), default=-1)
                self._emptied.add(near)
                self._spray.burst(x, y, 22, 4.0, signs.calm)
                self._spray.ring(x, y, now, signs.calm, 2.0)
                words = f"+{happening.value}" if happening.item == "star" else happening.item
                self._spray.cry(words, x, y, now, signs.calm, size=0.55)
            case RewardClaimed():
                self._spray.ring(x, y, now, signs.gold, 3.4)
                self._spray.burst(x, y, 40, 6.0, signs.gold)
                self._spray.cry(happening.reward.replace("_", " "), x, y, now, signs.gold, size=0.6)

    def _shake(self, scene: Scene) -> tuple[float, float]:
        left = 1.0 - (scene.clock_s - self._shaken_s) / SHAKE_S
        if left <= 0.0 or scene.preferences.reduced_motion:
            return 0.0, 0.0
        reach = SHAKE_PX * left * left * self.kit.size[1] / 720
        return self._dice.uniform(-reach, reach), self._dice.uniform(-reach, reach)

    def _draw_eddies(self, canvas: Surface, view: View, scene: Scene) -> None:
        for number, eddy in enumerate(self.rapid.eddies):
            if view.visible(eddy.y, 2.0):
                self.kit.eddies.draw(canvas, view, eddy, scene.clock_s, full=number not in self._emptied)
        gift = scene.world.gift
        if gift is not None and view.visible(gift.y, 2.0):
            self.kit.eddies.draw_gift(canvas, view, gift, scene.clock_s)

    def _draw_boat(
        self, canvas: Surface, view: View, scene: Scene, kayak: tuple[float, float, float], dt: float
    ) -> None:
        x, y, heading = kayak
        if scene.world.outcome == "swamped" and not self._adrift(scene):
            self.kit.boat.draw_swamped(canvas, view.place(x, y), heading + lean_of(view, y), scene.clock_s)
            return
        held = FORWARD if self._adrift(scene) else scene.world.held
        self._beat += dt * (STROKE if held else 1.6)
        lean = lean_of(view, y)
        pose = pose_of(held, self._beat)
        light = max(0.0, 1.0 - (scene.clock_s - self._shaken_s) / SHAKE_S)
        self.kit.boat.draw(canvas, view.place(x, y), heading + lean, pose, light)
        if dt <= 0.0:
            return
        stern = LENGTH * 0.42
        self._spray.trail(x - 0.5 * sin(heading) * stern, y - cos(heading) * stern, scene.clock_s)
        if pose.dip and held and self._dice.random() < 0.5:
            side = x + pose.dip * 1.15 * cos(heading)
            self._spray.burst(side, y + 0.3 - pose.dip * 0.9 * sin(heading + pose.twist), 2, 1.4, self.kit.look.foam)
        if any(abs(y + LENGTH / 2 - drop) < 0.6 for drop in self.rapid.drops):
            self._spray.burst(x, y + LENGTH / 2, 7, 4.0, self.kit.look.foam)

    def _draw_gates(self, canvas: Surface, view: View, scene: Scene) -> None:
        done = scene.world.gates_passed + scene.world.gates_missed
        for number, gate in reversed(list(enumerate(self.rapid.gates, start=1))):
            if view.visible(gate.y, 2.5):
                fate = self._fates.get(number, "open")
                if number == done + 1:
                    self.kit.gates.draw_marks(canvas, view, gate, scene.clock_s)
                self.kit.gates.draw(canvas, view, Hung(gate, number, fate), scene.clock_s)

    @property
    def fates(self) -> dict[int, Fate]:
        """What became of the gates so far, by number from 1."""
        return self._fates


def _rim(size: tuple[int, int], dusk: int) -> Surface:
    """The dusk at the rim of the picture: a small picture enlarged, which is what makes it soft."""
    small = Surface((32, 18), pygame.SRCALPHA)
    for across in range(32):
        for down in range(18):
            away = max(0.0, ((across / 15.5 - 1) ** 2 * 0.8 + (down / 8.5 - 1) ** 2 * 0.55) - 0.35)
            small.set_at((across, down), (4, 10, 22, min(255, int(away * dusk))))
    return brush.packed(pygame.transform.smoothscale(small, size))
