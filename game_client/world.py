"""The rules of the river: `advance` a world by a moment, `adapt` it to a goal.

`state` says what there is, `river` makes rapids, `water` moves the kayak, `meet` says what it meets, `goals` what the
engagement API may ask for. Here they become rounds: begun, advanced, over, and followed by the next. No clock is read
and no dice are thrown that were not handed in, so the same seed, strokes and dice give the same world.
"""

from random import Random
from typing import Final, Literal

from msgspec.structs import replace

from contract.adaptations import Adaptation
from contract.events import Outcome, RapidFinished, RapidStarted
from game_client.goals import adapt, float_gift, heed, leave_alone, meet_gift, next_difficulty
from game_client.meet import EDDY_NEAR, meet_eddy, meet_gate, meet_rocks, next_look, sight, stroke
from game_client.river import KNOBS, Knob, make_rapid
from game_client.state import (
    BEAM,
    BRAKE,
    FORWARD,
    HALF_WIDTH,
    HULL,
    LEFT,
    LIMIT_S,
    MISSES,
    RIGHT,
    SIGHT,
    STEP_S,
    Afloat,
    Eddy,
    Gate,
    Gift,
    Happening,
    Held,
    Kayak,
    Rapid,
    Rock,
    World,
)
from game_client.water import LEDGE, drift

__all__ = [
    "BEAM", "BRAKE", "FORWARD", "HALF_WIDTH", "HULL", "LEFT", "MISSES", "RIGHT", "SIGHT", "STEP_S", "Afloat", "Eddy",
    "Gate", "Gift", "Happening", "Held", "Kayak", "Rapid", "Rock", "World", "abandon", "adapt", "advance", "begin",
    "leave_alone", "proceed",
]  # fmt: skip

Told = tuple[Happening, ...]

SEEDS: Final = 2**53
CLEARED_SCORE: Final = 250
HULL_SCORE: Final = 100
"""Points for each knock the hull has left at the end."""


def begin(
    number: int,
    attempt: int,
    difficulty: float,
    seed: int,
    *,
    best: int = 0,
    pace: float = 1.0,
    goal: Adaptation | None = None,
    consent: bool = True,
    table: tuple[Knob, ...] = KNOBS,
) -> tuple[World, Told]:
    """A round at its start: the kayak in quiet water, above a rapid made from `difficulty` and `seed`."""
    rapid = make_rapid(number, attempt, difficulty, seed, table)
    world = World(
        rapid=rapid,
        kayak=Kayak(0.0, 0.0, 0.0, rapid.current, 0.0, HULL),
        phase="running",
        outcome=None,
        swamped_by=None,
        clock=0.0,
        score=0,
        best=best,
        combo=0,
        gates_passed=0,
        gates_missed=0,
        pace=pace,
        goal=goal,
        consent=consent,
    )
    return sight(world), (RapidStarted(number, attempt, difficulty, rapid.grade, seed),)


def advance(world: World, held: Held, dt: float, dice: Random) -> tuple[World, Told]:
    """The world `dt` seconds later, with the paddle held so, and what happened; a round that is over stays as it is."""
    if world.phase == "over":
        return world, ()
    from_y, clock = world.kayak.y, world.clock + dt
    kayak, surge = drift(world, held, dt, dice.random())
    world = replace(world, kayak=kayak, surge=surge, clock=clock)
    told: Told = ()
    if held != world.held:
        world, told = stroke(world, held)
    looks = kayak.y >= world.next_look
    if looks:
        world = sight(world)
    if world.ahead:
        world, met = meet_rocks(world, from_y)
        if met:
            told += met
    if looks:
        world, met = _come_abreast(world, kayak.y)
        told += met
    if world.hint or world.owed or world.gift:
        world, met = _answer(world, dt, told)
        told += met
    if looks or told or clock >= LIMIT_S or world.kayak.y >= world.next_look:
        return _end(world, told)
    return world, told


def _come_abreast(world: World, y: float) -> tuple[World, Told]:
    """What stands in the river at `y` is met, and the next look is where the next such thing comes up."""
    rapid = world.rapid
    told: Told = ()
    if world.next_gate < len(rapid.gates) and rapid.gates[world.next_gate].y <= y:
        world, told = meet_gate(world)
    if world.next_eddy < len(rapid.eddies) and rapid.eddies[world.next_eddy].y < y + EDDY_NEAR:
        world, met = meet_eddy(world)
        told += met
    if world.next_drop < len(rapid.drops) and rapid.drops[world.next_drop] + LEDGE < y:
        world = replace(world, next_drop=world.next_drop + 1)
    return replace(world, next_look=next_look(world)), told


def _answer(world: World, dt: float, told: Told) -> tuple[World, Told]:
    world, granted = float_gift(world)
    world, claimed = meet_gift(world)
    world, heeded = heed(world, dt, told)
    return world, granted + claimed + heeded


def _end(world: World, told: Told) -> tuple[World, Told]:
    """The round goes on, or ends: with the rapid behind, the hull gone, too many gates missed, or the light gone."""
    if world.kayak.hull <= 0:
        return _over(world, "swamped", "rock", told)
    if world.gates_missed >= MISSES:
        return _over(world, "swamped", "gates", told)
    if world.kayak.y >= world.rapid.length:
        score = world.score + CLEARED_SCORE + HULL_SCORE * world.kayak.hull
        return _over(replace(world, score=score), "cleared", None, told)
    if world.clock >= LIMIT_S:
        return _over(world, "swamped", "time", told)
    return world, told


def _over(
    world: World,
    outcome: Outcome,
    by: Literal["rock", "gates", "time"] | None,
    told: Told,
) -> tuple[World, Told]:
    rapid = world.rapid
    finished = RapidFinished(
        rapid=rapid.number,
        attempt=rapid.attempt,
        outcome=outcome,
        active_s=round(world.clock, 3),
        score=world.score,
        progress=min(max(world.kayak.y / rapid.length, 0.0), 1.0),
        gates=len(rapid.gates),
        gates_passed=world.gates_passed,
        hull_left=world.kayak.hull,
        difficulty=rapid.difficulty,
        swamped_by=by,
    )
    best = max(world.best, world.score) if outcome == "cleared" else world.best
    return replace(world, phase="over", outcome=outcome, swamped_by=by, best=best), (*told, finished)


def abandon(world: World) -> tuple[World, Told]:
    """The player gives the round up; one that is over stays as it is."""
    if world.phase == "over":
        return world, ()
    return _over(world, "abandoned", None, ())


def proceed(world: World, dice: Random) -> tuple[World, Told]:
    """The next round: the next rapid after a cleared one, else the same one tried again on a new river."""
    number = world.next_rapid
    fresh, told = begin(
        number,
        1 if number > world.rapid.number else world.rapid.attempt + 1,
        next_difficulty(world, number),
        dice.randrange(SEEDS),
        best=world.best,
        pace=world.pace,
        goal=world.goal,
        consent=world.consent,
    )
    return replace(fresh, hint=world.hint, owed=world.owed), told
