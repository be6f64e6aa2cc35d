"""Rapids, made from a seed and a difficulty: the same two numbers give the same rapid on any machine.

A safe line is drawn first, from gate to gate; rocks are then strewn beside it, never nearer than a paddler needs. So
every rapid can be cleared by somebody, however hard it is, and being unlucky with the dice is never why it was lost.
Difficulty (in logits) becomes water through one measured table, `KNOBS`, monotone in every column.
"""

from bisect import bisect_right
from itertools import pairwise
from math import cos, hypot, pi
from random import Random
from typing import Final, Literal

from msgspec import Struct

from contract.course import grade_of
from game_client.state import BEAM, HALF_WIDTH, Eddy, Gate, Rapid, Rock

ROUND_S: Final = 24.0
"""Seconds that the current alone takes down a rapid."""
START: Final = 16.0
"""Metres of quiet water before anything stands in it."""
LEAST_ROCKS: Final = 0.35
"""The share of the rocks that stays at pace 0: a rest is not an empty river."""
BANK: Final = HALF_WIDTH - 1.6
"""How far from the middle the safe line goes."""


class Knob(Struct, frozen=True):
    """What one difficulty means in water."""

    difficulty: float
    current: float
    """Metres a second."""
    rocks: float
    """Rocks to every ten metres."""
    gate: float
    """Half the width of a gate, metres."""
    swing: float
    """Metres that the safe line wanders from gate to gate at most."""
    room: float
    """Metres from the safe line to the nearest rock's edge."""
    push: float
    boil: float
    drops: float
    """Ledges to a rapid."""


KNOBS: Final = (
    Knob(-3.0, 3.27, 0.36, 1.744, 2.43, 2.066, 0.18, 0.04, 0.0),
    Knob(-2.25, 3.75, 0.65, 1.6, 3.1, 1.85, 0.3, 0.1, 0.0),
    Knob(-1.5, 4.21, 0.96, 1.491, 3.66, 1.671, 0.44, 0.17, 0.1),
    Knob(-0.75, 5.09, 1.4, 1.428, 4.1, 1.471, 0.77, 0.35, 1.2),
    Knob(0.0, 5.9, 1.79, 1.381, 4.58, 1.366, 1.07, 0.55, 2.2),
    Knob(0.75, 6.64, 2.11, 1.349, 5.25, 1.319, 1.31, 0.71, 3.0),
    Knob(1.5, 7.28, 2.29, 1.338, 6.07, 1.301, 1.55, 0.89, 3.6),
    Knob(2.25, 7.85, 2.45, 1.327, 6.78, 1.282, 1.78, 1.07, 4.2),
    Knob(3.0, 8.39, 2.6, 1.318, 7.42, 1.253, 2.07, 1.33, 4.8),
)
"""Measured, so that a bot of skill 0 clears difficulty d with probability 1 / (1 + exp(d)); how the columns go together
is ours. Written by `python -m experiments.calibrate --seed 4`, never by hand; the decision `the-knob` says how."""


def knob_at(difficulty: float, table: tuple[Knob, ...] = KNOBS) -> Knob:
    """The table read at `difficulty`, straight lines between its rows, flat beyond its ends."""
    d = min(max(difficulty, table[0].difficulty), table[-1].difficulty)
    row = min(bisect_right([knob.difficulty for knob in table], d), len(table) - 1)
    low, high = table[row - 1], table[row]
    share = (d - low.difficulty) / (high.difficulty - low.difficulty)
    fields = [
        getattr(low, name) + share * (getattr(high, name) - getattr(low, name)) for name in Knob.__struct_fields__
    ]
    return Knob(*fields)


def make_rapid(number: int, attempt: int, difficulty: float, seed: int, table: tuple[Knob, ...] = KNOBS) -> Rapid:
    """The rapid with this `seed`: the same arguments give the same rapid. Who calibrates hands in another `table`."""
    dice = Random(seed)
    knob = knob_at(difficulty, table)
    length = round(knob.current * ROUND_S, 1)
    gates = _hang_gates(knob, length, dice)
    eddies = _still_eddies(knob, length, gates, dice)
    return Rapid(
        number=number,
        attempt=attempt,
        seed=seed,
        difficulty=difficulty,
        grade=grade_of(difficulty),
        length=length,
        current=knob.current,
        rocks=_strew_rocks(knob, length, gates, eddies, dice),
        gates=gates,
        eddies=eddies,
        drops=_cut_drops(knob, gates, dice),
        bend=4.0,
        bend_length=dice.uniform(45.0, 70.0),
        bend_phase=dice.uniform(0.0, 2.0 * pi),
        push=knob.push,
        boil=knob.boil,
    )


def line_at(gates: tuple[Gate, ...], y: float) -> float:
    """Where across the river the safe line is at `y`: a smooth path from gate to gate."""
    x, since = 0.0, 0.0
    for gate in gates:
        if y < gate.y:
            share = (1.0 - cos(pi * (y - since) / (gate.y - since))) / 2.0
            return x + (gate.x - x) * share
        x, since = gate.x, gate.y
    return x


def _hang_gates(knob: Knob, length: float, dice: Random) -> tuple[Gate, ...]:
    apart = 2.5 * knob.current
    gates: list[Gate] = []
    x, y = 0.0, START + 0.5 * apart
    while y < length - 4.0:
        x = min(max(x + dice.uniform(0.4, 1.0) * knob.swing * dice.choice((-1.0, 1.0)), -BANK), BANK)
        gates.append(Gate(round(x, 2), round(y, 1), knob.gate))
        y += apart * dice.uniform(0.9, 1.1)
    return tuple(gates)


def _strew_rocks(
    knob: Knob, length: float, gates: tuple[Gate, ...], eddies: tuple[Eddy, ...], dice: Random
) -> tuple[Rock, ...]:
    rocks: list[Rock] = []
    for _ in range(round(knob.rocks * (length - START) / 10.0)):
        y, radius = dice.uniform(START, length - 2.0), dice.uniform(0.45, 1.0)
        line, side = line_at(gates, y), dice.choice((-1.0, 1.0))
        aside = knob.room + BEAM + radius + abs(dice.gauss(0.0, 1.6))
        x = line + side * aside if abs(line + side * aside) < HALF_WIDTH else line - side * aside
        rock = Rock(round(x, 2), round(y, 2), round(radius, 2), _least_pace(dice))
        taken = any(_apart(rock, gate) < radius + gate.half_width + 0.4 for gate in gates if abs(y - gate.y) < 1.8)
        taken = taken or any(_apart(rock, eddy) < radius + eddy.radius for eddy in eddies)
        taken = taken or any(_apart(rock, other) < radius + other.radius + 0.3 for other in rocks)
        if abs(x) < HALF_WIDTH and not taken:
            rocks.append(rock)
    return tuple(sorted(rocks, key=lambda rock: rock.y))


def _least_pace(dice: Random) -> float:
    """The pace from which a rock is there: 0 for the few that always are, else evenly between 0 and 1."""
    return round(max(0.0, (dice.random() - LEAST_ROCKS) / (1.0 - LEAST_ROCKS)), 3)


def _apart(one: Rock, other: Rock | Gate | Eddy) -> float:
    return hypot(one.x - other.x, one.y - other.y)


def _still_eddies(knob: Knob, length: float, gates: tuple[Gate, ...], dice: Random) -> tuple[Eddy, ...]:
    items: tuple[Literal["breather", "repair", "star"], ...] = ("star", "repair", "star", "breather")
    eddies: list[Eddy] = []
    first = dice.randrange(len(items))
    for turn, gate in enumerate(gates[1::2]):
        item = items[(first + turn) % len(items)]
        y = gate.y + 1.2 * knob.current
        x = line_at(gates, y) + dice.choice((-1.0, 1.0)) * dice.uniform(0.5, 2.0)
        if y < length - 2.0:
            eddies.append(Eddy(min(max(x, -5.0), 5.0), y, 1.1, item, 150 if item == "star" else 1))
    return tuple(eddies)


def _cut_drops(knob: Knob, gates: tuple[Gate, ...], dice: Random) -> tuple[float, ...]:
    between = [(one.y + two.y) / 2.0 for one, two in pairwise(gates)]
    return tuple(sorted(dice.sample(between, min(round(knob.drops), len(between)))))
