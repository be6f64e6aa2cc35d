"""A bot's hands for a story: rich, human-like play from one seed."""

import random

from msgspec.structs import replace

from bots.mind import PERSONAS
from bots.paddlers import Paddler, held, sit_down, think
from game_client.world import STEP_S, Held, World


class BotsHands:
    """The hands of a bot of this persona that never pauses."""

    def __init__(self, persona: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.paddler: Paddler = sit_down(replace(PERSONAS[persona], pause=0.0), self.dice)
        self.clock_s = 0.0

    def __call__(self, world: World) -> Held:
        self.clock_s += STEP_S
        if self.clock_s >= self.paddler.wakes_at_s:
            self.paddler = think(self.paddler, world, self.clock_s, self.dice)
        return held(self.paddler, self.clock_s)
