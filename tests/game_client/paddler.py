"""An average paddler, for a second opinion on the knob: the autopilot with a person's eyes and hands.

It looks about four times a second, misjudges where it is by 0.9 m, acts 267 ms later, and one look in thirty it misses;
like a person it aims from where it will be by then. The figures are ours, in the range of simple reaction times.
"""

from collections import deque
from random import Random
from typing import Final

from msgspec.structs import replace

from game_client.autopilot import steer
from game_client.state import STEP_S, Held, World
from game_client.world import advance, begin

LATE_STEPS: Final = 8
LOOK_STEPS: Final = 7
BLUR_M: Final = 0.9
LAPSE: Final = 0.03


class AveragePaddler:
    """Holds the paddle, step by step."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._planned: deque[Held] = deque([0] * LATE_STEPS)
        self._wanted = 0
        self._steps = 0

    def held(self, world: World) -> Held:
        """What it holds now, which is what it wanted a reaction time ago."""
        if self._steps % LOOK_STEPS == 0 and self._dice.random() > LAPSE:
            boat, late_s = world.kayak, LATE_STEPS * STEP_S
            x = boat.x + boat.vx * late_s + self._dice.gauss(0.0, BLUR_M)
            self._wanted = steer(
                replace(world, kayak=replace(boat, x=x, y=boat.y + boat.vy * late_s), surge=0.0, held=0)
            )
        self._steps += 1
        self._planned.append(self._wanted)
        return self._planned.popleft()


def cleared_by_average(difficulty: float, seed: int) -> bool:
    """Whether the average paddler clears this rapid."""
    paddler, dice = AveragePaddler(Random(seed + 999)), Random(seed)
    world, _ = begin(1, 1, difficulty, seed)
    while world.phase == "running":
        world, _ = advance(world, paddler.held(world), STEP_S, dice)
    return world.outcome == "cleared"


def cleared_by_autopilot(difficulty: float, seed: int) -> bool:
    """Whether the autopilot clears this rapid."""
    dice = Random(seed)
    world, _ = begin(1, 1, difficulty, seed)
    while world.phase == "running":
        world, _ = advance(world, steer(world), STEP_S, dice)
    return world.outcome == "cleared"
