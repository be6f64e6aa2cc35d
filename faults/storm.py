"""A crash storm: one random fault after the other under load, for as long as is asked, and all checked at the end.

Every fault is over before the next begins, so that what is tried is the sum of their traces and not a system with
nothing left. The load is a crowd at the pace of play: what it says in twenty minutes, some 300,000 events, and what is
found of them must fit into this program's memory, half a gigabyte.
"""

import random
from typing import Final

from faults.plan import Act, Plan, Step

PLAYERS: Final = 60
KILLED: Final = ("worker", "worker-2", "api", "kafka", "redis")
FROZEN: Final = ("worker", "worker-2", "api")
CUT: Final = ("game", "worker", "worker-2", "api", "redis", "river")
QUIET_SHARE: Final = 0.4
"""Of the time between two faults that a lasting one leaves for getting well."""


def storm(seed: int, seconds: float, every_s: float) -> Plan:
    """Kills, freezes and cut links, one every `every_s`, in `seconds`."""
    dice = random.Random(f"storm/{seed}")
    steps: list[Step] = []
    at_s = every_s / 2
    while at_s < seconds - every_s / 2:
        steps += _one(dice, at_s, every_s)
        at_s += every_s
    return Plan(
        fault="storm", seed=seed, seconds=seconds, players=PLAYERS, pace=1.0, workers=2, spooled=True,
        steps=tuple(steps),
    )  # fmt: skip


def _one(dice: random.Random, at_s: float, every_s: float) -> list[Step]:
    longest_s = every_s * (1.0 - QUIET_SHARE)
    kinds: tuple[Act, ...] = ("kill", "kill", "freeze", "reset", "silence")
    match act := dice.choice(kinds):
        case "kill":
            return [Step(at_s, act, dice.choice(KILLED))]
        case "freeze":
            on, end = dice.choice(FROZEN), "thaw"
        case _:
            on, end = dice.choice(CUT), "mend"
    return [Step(at_s, act, on), Step(at_s + dice.uniform(0.1, 1.0) * longest_s, end, on)]  # type: ignore[arg-type]
