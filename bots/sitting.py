"""One bot's game from sitting down to getting up: the rules of `world.py`, a mind, and a seat to leave.

It refuses to know the time of day, the network and the other bots: a moment is one fixed step of the world, chance is
the dice handed in, what happened comes back as facts for the journal. A pause stops the world but not the sitting's own
clock, so a paused bot still tells that it is alive.
"""

import random
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from bots.paddlers import Paddler, Persona, breather_s, held, remember, sit_down, think
from contract.adaptations import Adaptation
from contract.events import AnyFact, PlayPaused, PlayResumed, SessionEnded, SessionHeartbeat, SessionStarted
from game_client.world import STEP_S, World, abandon, adapt, advance, begin, proceed
from producers.outbox import Outbox

HEARTBEAT_S: Final = 5.0
STEPS_PER_S: Final = round(1 / STEP_S)
BUILD: Final = "bots"
Facts = tuple[AnyFact, ...]


class Sitting(Struct, frozen=True):
    """One bot at its game. A new one replaces it every step."""

    paddler: Paddler
    world: World
    clock_s: float = 0.0
    """Seconds since it sat down."""
    active_s: float = 0.0
    """Seconds of them that the river ran."""
    rapids: int = 0
    """Rounds finished."""
    heartbeat_at_s: float = HEARTBEAT_S
    goes_on_at_s: float = 0.0
    """After a round: when the next one begins."""
    gone: bool = False


def take_a_seat(persona: Persona, difficulty: float, dice: random.Random) -> tuple[Sitting, Facts]:
    """A bot that has just sat down before its first rapid."""
    paddler = sit_down(persona, dice)
    world, began = begin(1, 1, difficulty, dice.getrandbits(32))
    started = SessionStarted("headless", "bot", BUILD, consent=True, previous_session=None)
    return Sitting(paddler, world), (started, *began)


def move_on(sitting: Sitting, dice: random.Random, outbox: Outbox) -> tuple[Sitting, Facts]:
    """One step of the world later; the `outbox` is for the heartbeat to tell of."""
    clock_s = sitting.clock_s + STEP_S
    if clock_s >= sitting.heartbeat_at_s:
        alive = SessionHeartbeat(
            focus=sitting.paddler.doing != "paused",
            fps_p50=STEPS_PER_S,
            fps_p01=STEPS_PER_S,
            waiting=outbox.held,
            dropped=outbox.dropped,
        )
        later, facts = move_on(replace(sitting, heartbeat_at_s=sitting.heartbeat_at_s + HEARTBEAT_S), dice, outbox)
        return later, (alive, *facts)
    if sitting.goes_on_at_s:
        return _between_rounds(sitting, clock_s, dice)
    paddler, said = _mind(sitting, clock_s, dice)
    if paddler.doing == "paused":
        return replace(sitting, paddler=paddler, clock_s=clock_s), said
    world, happened = advance(sitting.world, held(paddler, clock_s), STEP_S, dice)
    rapids, goes_on_at_s = sitting.rapids, 0.0
    if world.phase == "over":
        paddler, rapids, goes_on_at_s = remember(paddler, world.outcome, dice), rapids + 1, clock_s + breather_s(dice)
    return (
        Sitting(
            paddler, world, clock_s, sitting.active_s + STEP_S, rapids, sitting.heartbeat_at_s, goes_on_at_s, gone=False
        ),
        said + happened,
    )


def hear(sitting: Sitting, adaptation: Adaptation, now: datetime) -> tuple[Sitting, Facts]:
    """The river takes a new goal."""
    world, happened = adapt(sitting.world, adaptation, now)
    return replace(sitting, world=world), happened


def get_up(sitting: Sitting, reason: Literal["quit", "closed", "timeout"]) -> tuple[Sitting, Facts]:
    """The bot leaves; a round it was in is abandoned and counted."""
    rapids = sitting.rapids + (sitting.world.phase == "running")
    world, facts = abandon(sitting.world)
    ended = SessionEnded(reason, active_s=sitting.active_s, rapids=rapids)
    return replace(sitting, world=world, rapids=rapids, gone=True), (*facts, ended)


def _mind(sitting: Sitting, clock_s: float, dice: random.Random) -> tuple[Paddler, Facts]:
    paddler = sitting.paddler
    if clock_s < paddler.wakes_at_s:
        return paddler, ()
    thought = think(paddler, sitting.world, clock_s, dice)
    if thought.doing == "paused":
        return thought, (PlayPaused(),)
    return thought, (PlayResumed(),) if paddler.doing == "paused" else ()


def _between_rounds(sitting: Sitting, clock_s: float, dice: random.Random) -> tuple[Sitting, Facts]:
    later = replace(sitting, clock_s=clock_s)
    if clock_s < sitting.goes_on_at_s:
        return later, ()
    if sitting.paddler.has_had_enough:
        return get_up(later, "quit")
    world, began = proceed(sitting.world, dice)
    return replace(later, world=world, goes_on_at_s=0.0), began
