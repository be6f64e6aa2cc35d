"""Game pads: sticks and buttons become the same strokes and key names as the keyboard's.

Pads may come and go while the game runs; every one that is plugged in steers. A stick speaks only beyond a dead zone,
and a stick pushed in a menu is one press of an arrow, not sixty a second.
"""

import logging
from typing import Final

import pygame

from game_client.state import BRAKE, FORWARD, LEFT, RIGHT, Held

DEAD_ZONE: Final = 0.28
"""Share of a stick's way that counts as rest: worn sticks rest at up to 0.2."""
TRIGGER: Final = 0.2
BUTTONS: Final = {0: "return", 1: "escape", 2: "h", 3: "h", 6: "p", 7: "p", 9: "p"}
"""Button numbers as most pads report them: A chooses, B goes back, X and Y wave a hint away, start pauses."""
LEFT_TRIGGER, RIGHT_TRIGGER = 4, 5

log = logging.getLogger(__name__)


class Pads:
    """All pads that are plugged in."""

    def __init__(self) -> None:
        pygame.joystick.init()
        self._pads: dict[int, pygame.joystick.JoystickType] = {}
        self._axes: dict[tuple[int, int], float] = {}
        self._hats: dict[int, tuple[int, int]] = {}
        self._pushed: dict[int, str | None] = {}

    def take(self, event: pygame.event.Event) -> list[str]:
        """What one event of pygame presses, if it is a pad's; its other effects are seen in `held`."""
        match event.type:
            case pygame.JOYDEVICEADDED:
                pad = pygame.joystick.Joystick(event.device_index)
                self._pads[pad.get_instance_id()] = pad
                log.info("pad plugged in: %s", pad.get_name())
            case pygame.JOYDEVICEREMOVED:
                self._forget(event.instance_id)
            case pygame.JOYBUTTONDOWN:
                return [BUTTONS[event.button]] if event.button in BUTTONS else []
            case pygame.JOYHATMOTION:
                self._hats[event.instance_id] = event.value
                return self._push(event.instance_id)
            case pygame.JOYAXISMOTION:
                self._axes[event.instance_id, event.axis] = event.value
                return self._push(event.instance_id) if event.axis in {0, 1} else []
        return []

    def held(self) -> Held:
        """The strokes that all pads together hold: left stick or cross; the triggers paddle and brake."""
        held: Held = 0
        for (_, axis), value in self._axes.items():
            if axis == 0 and abs(value) > DEAD_ZONE:
                held |= RIGHT if value > 0 else LEFT
            elif axis == 1 and abs(value) > DEAD_ZONE:
                held |= BRAKE if value > 0 else FORWARD
            elif axis == RIGHT_TRIGGER and value > TRIGGER:
                held |= FORWARD
            elif axis == LEFT_TRIGGER and value > TRIGGER:
                held |= BRAKE
        for across, up in self._hats.values():
            held |= (RIGHT if across > 0 else LEFT if across < 0 else 0) | (
                FORWARD if up > 0 else BRAKE if up < 0 else 0
            )
        return held

    def close(self) -> None:
        """Let go of every pad."""
        for instance in list(self._pads):
            self._forget(instance)
        pygame.joystick.quit()

    def _forget(self, instance: int) -> None:
        self._pads.pop(instance, None)
        self._hats.pop(instance, None)
        self._pushed.pop(instance, None)
        for key in [key for key in self._axes if key[0] == instance]:
            del self._axes[key]
        log.info("pad unplugged")

    def _push(self, instance: int) -> list[str]:
        """The arrow a pad points to, once for each time it is pushed there."""
        across, up = self._hats.get(instance, (0, 0))
        x, y = self._axes.get((instance, 0), 0.0), self._axes.get((instance, 1), 0.0)
        way: str | None = None
        if up > 0 or y < -2 * DEAD_ZONE:
            way = "up"
        elif up < 0 or y > 2 * DEAD_ZONE:
            way = "down"
        elif across < 0 or x < -2 * DEAD_ZONE:
            way = "left"
        elif across > 0 or x > 2 * DEAD_ZONE:
            way = "right"
        before, self._pushed[instance] = self._pushed.get(instance), way
        return [way] if way is not None and way != before else []
