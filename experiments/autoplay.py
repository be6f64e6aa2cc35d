"""Rounds played by bots for the measure of it: the real rules, the real mind, nobody watching.

A bot of a known skill sits down, in the form of the moment and without a persona's habits, and plays one round of
`world.py` to its end: no learning, no tiring, no goal. Which water a difficulty means is handed in with the table, so
the same round can be played on a river that is not calibrated yet. Rounds are named, and a name is a seed.
"""

from random import Random
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from bots.mind import Persona
from bots.paddlers import held, sit_down, think
from game_client.river import KNOBS, Knob
from game_client.world import SEEDS, STEP_S, advance, begin

End: TypeAlias = Literal["rock", "gates", "time"]
ENDS: Final[tuple[End, ...]] = ("rock", "gates", "time")


class Cell(Struct, frozen=True):
    """Rounds of one skill on one difficulty, numbered from `first`; both in logits."""

    name: str
    skill: float
    difficulty: float
    first: int
    runs: int
    table: tuple[Knob, ...] = KNOBS


class Tally(Struct, frozen=True):
    """What became of the rounds of a cell; times are active seconds, summed."""

    cleared: int = 0
    lost_by: tuple[int, int, int] = (0, 0, 0)
    """Rounds lost, by `ENDS`."""
    cleared_s: float = 0.0
    lost_s: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        rock, gates, time = (one + two for one, two in zip(self.lost_by, other.lost_by, strict=True))
        return Tally(
            self.cleared + other.cleared,
            (rock, gates, time),
            self.cleared_s + other.cleared_s,
            self.lost_s + other.lost_s,
        )


def play(skill: float, difficulty: float, dice: Random, table: tuple[Knob, ...] = KNOBS) -> Tally:
    """One round of a bot of `skill` on a river of `difficulty`, both in logits, to its end."""
    paddler, clock_s = sit_down(Persona(skill=skill, spread=0.0), dice), 0.0
    world, _ = begin(1, 1, difficulty, dice.randrange(SEEDS), table=table)
    while world.phase == "running":
        if clock_s >= paddler.wakes_at_s:
            paddler = think(paddler, world, clock_s, dice)
        world, _ = advance(world, held(paddler, clock_s), STEP_S, dice)
        clock_s += STEP_S
    if world.swamped_by is None:
        return Tally(cleared=1, cleared_s=world.clock)
    rock, gates, time = (int(world.swamped_by == end) for end in ENDS)
    return Tally(lost_by=(rock, gates, time), lost_s=world.clock)


def played(cell: Cell) -> Tally:
    """All rounds of a cell. The same cell is the same rounds, on any machine."""
    rounds = range(cell.first, cell.first + cell.runs)
    dice = (Random(f"{cell.name}/{number}") for number in rounds)
    return sum((play(cell.skill, cell.difficulty, each, cell.table) for each in dice), Tally())
