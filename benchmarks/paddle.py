"""What does one step of one game cost? `python benchmarks/paddle.py`.

A bot in a crowd of 2,000 at 30 Hz may take 1 s / 60,000 = 16.7 us a step of one core, its events included; the rules
and a paddler who looks must stay well below. Prints microseconds a step at five difficulties, and their ratio to a step
of a bare loop that makes one world and nothing else, which is the floor for any rules written this way.
"""

from random import Random
from statistics import median
from time import process_time

from msgspec.structs import replace

from game_client.autopilot import steer
from game_client.world import STEP_S, advance, begin

SEEDS = range(40)
RUNS = 5


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


def floor_us() -> float:
    """Mean microseconds of making a world from the one before."""
    world, _ = begin(1, 1, 0.0, 1)
    began = process_time()
    for _ in range(30_000):
        world = replace(world, clock=world.clock + STEP_S)
    return (process_time() - began) / 30_000 * 1e6


def main() -> None:
    """Medians of five runs each."""
    floor = median(floor_us() for _ in range(RUNS))
    print(f"floor {floor:.2f} us: one new world")
    for difficulty in (-2.0, -1.0, 0.0, 1.0, 2.0):
        cost = median(step_us(difficulty) for _ in range(RUNS))
        print(
            f"d {difficulty:+.0f}: {cost:.1f} us a step, {cost / floor:.0f} floors, {1e6 / 30 / cost:.0f} games a core"
        )


if __name__ == "__main__":
    main()
