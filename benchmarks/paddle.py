"""What one step of one game costs.

    python benchmarks/paddle.py [--turns 5] [--json [FILE]]

A bot in a crowd of 2,000 at 30 Hz may take 1 s / 60,000 = 16.7 us a step of one core, its events included; the rules
and a paddler who looks must stay well below. Medians of microseconds of CPU time: a step of the rules with the
autopilot at five difficulties, a step of a bot with its whole mind, all personas in turn, and, as the floor for rules
written this way, making one world from the one before.
"""

import sys
from math import inf
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Final

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from bots.churn import Patience
from bots.mind import NAMES, Life, draw_latents
from bots.sitting import move_on, take_a_seat
from game_client.autopilot import steer
from game_client.world import STEP_S, advance, begin
from producers.outbox import EMPTY

SEEDS: Final = range(40)
STEPS: Final = 600
DIFFICULTIES: Final = (-2.0, -1.0, 0.0, 1.0, 2.0)
REACH: Final = 12


def step_us(difficulty: float) -> float:
    """Mean microseconds of `advance` and `steer` together, whole rounds long."""
    steps, began = 0, process_time()
    for seed in SEEDS:
        dice = Random(seed)
        world, _ = begin(1, 1, difficulty, seed)
        while world.phase == "running":
            world, _ = advance(world, steer(world), STEP_S, dice)
            steps += 1
    return (process_time() - began) / steps * 1e6


def bot_us() -> float:
    """Mean microseconds of `move_on`, the first twenty seconds of bots that never leave."""
    began = process_time()
    for seed in SEEDS:
        dice, stays = Random(seed), Patience(None)
        sitting, _ = take_a_seat(Life(draw_latents(dice, NAMES[seed % len(NAMES)]), inf), dice)
        for _ in range(STEPS):
            sitting, _ = move_on(sitting, dice, EMPTY, stays)
    return (process_time() - began) / (len(SEEDS) * STEPS) * 1e6


def floor_us() -> float:
    """Mean microseconds of making a world from the one before."""
    world, _ = begin(1, 1, 0.0, 1)
    began = process_time()
    for _ in range(30_000):
        world = replace(world, clock=world.clock + STEP_S)
    return (process_time() - began) / 30_000 * 1e6


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    asked = options(__doc__)
    asked.add_argument("--turns", type=int, default=5, help="medians of so many turns")
    given = asked.parse_args()
    turns = [
        {
            **{f"rules_at_{difficulty:+.0f}_us": step_us(difficulty) for difficulty in DIFFICULTIES},
            "bot_us": bot_us(),
            "floor_us": floor_us(),
        }
        for _ in range(given.turns)
    ]
    figures = {name: round(median(turn[name] for turn in turns), 2) for name in turns[0]}
    bots = round(STEP_S * 1e6 / figures["bot_us"])
    answer({**figures, "bots_a_core_without_events": bots, "reach": {"rules_us": REACH}, "runs": turns}, given.json)


if __name__ == "__main__":
    main()
