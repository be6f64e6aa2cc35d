"""One bot's game from sitting down to getting up: the rules of `world.py`, a mind, and a seat to leave.

It refuses to know the time of day, the network and the other bots: a moment is one fixed step of the world, chance is
the dice handed in, what happened comes back as facts for the journal. A pause stops the world but not the sitting's own
clock, so a paused bot still tells that it is alive. After a round the family that is handed in says how likely the
player is to leave for good; whether it does, or only takes a break, shows when it would have gone on. A stranger cannot
tell the two apart, nor does any fact: that is what churn is.
"""

import random
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from bots.churn import Family, Round, ask
from bots.mind import PERSONAS, Life, live
from bots.paddlers import Paddler, breather_s, held, recover, sit_down, think
from contract.adaptations import Adaptation
from contract.course import chance_of_clearing, designed_difficulty
from contract.events import (
    AnyFact,
    HintDismissed,
    PlayPaused,
    PlayResumed,
    SessionEnded,
    SessionHeartbeat,
    SessionStarted,
)
from game_client.world import STEP_S, World, abandon, adapt, advance, begin, proceed
from producers.outbox import Outbox

HEARTBEAT_S: Final = 5.0
STEPS_PER_S: Final = round(1 / STEP_S)
BUILD: Final = "bots"
Facts = tuple[AnyFact, ...]
Mood = Literal["plays on", "has a rest", "has had enough"]


class Sitting(Struct, frozen=True, gc=False):
    """One bot at its game. A new one replaces it every step."""

    paddler: Paddler
    world: World
    life: Life
    clock_s: float = 0.0
    """Seconds since it sat down."""
    active_s: float = 0.0
    """Seconds of them that the river ran."""
    heartbeat_at_s: float = HEARTBEAT_S
    goes_on_at_s: float = 0.0
    """After a round: when the next one begins."""
    mood: Mood = "plays on"
    """What it does when the breather is over."""
    gone: bool = False


def take_a_seat(life: Life, dice: random.Random) -> tuple[Sitting, Facts]:
    """A player that has just sat down for the first time, before its first rapid."""
    world, began = begin(1, 1, designed_difficulty(1), dice.getrandbits(32))
    return _settle(life, world, dice), (_started(None), *began)


def come_back(sitting: Sitting, session: str, dice: random.Random) -> tuple[Sitting, Facts]:
    """The player of a sitting that is over, rested, where it left off; `session` was the name of that sitting."""
    world, began = proceed(sitting.world, dice)
    return _settle(replace(sitting.life, session_rounds=0), world, dice), (_started(session), *began)


def move_on(sitting: Sitting, dice: random.Random, outbox: Outbox, family: Family) -> tuple[Sitting, Facts]:
    """One step of the world later; the `outbox` is for the heartbeat to tell of."""
    clock_s = sitting.clock_s + STEP_S
    if clock_s >= sitting.heartbeat_at_s:
        return _tell_it_lives(sitting, dice, outbox, family)
    if sitting.goes_on_at_s:
        return _between_rounds(sitting, clock_s, dice)
    paddler, world = sitting.paddler, sitting.world
    said: Facts = ()
    if clock_s >= paddler.wakes_at_s:
        paddler, world, said = _mind(sitting, clock_s, dice)
    if paddler.doing == "paused":
        return replace(sitting, paddler=paddler, world=world, clock_s=clock_s), said
    world, happened = advance(world, held(paddler, clock_s), STEP_S, dice)
    later = Sitting(paddler, world, sitting.life, clock_s, sitting.active_s + STEP_S, sitting.heartbeat_at_s)
    if happened and world.phase == "over":
        later = _finish(later, dice, family)
    return later, said + happened


def _tell_it_lives(sitting: Sitting, dice: random.Random, outbox: Outbox, family: Family) -> tuple[Sitting, Facts]:
    """The same step, and a heartbeat before what happens in it."""
    alive = SessionHeartbeat(
        focus=sitting.paddler.doing != "paused",
        fps_p50=STEPS_PER_S,
        fps_p01=STEPS_PER_S,
        waiting=outbox.held,
        dropped=outbox.dropped,
    )
    later = replace(sitting, heartbeat_at_s=sitting.heartbeat_at_s + HEARTBEAT_S)
    later, facts = move_on(later, dice, outbox, family)
    return later, (alive, *facts)


def _finish(sitting: Sitting, dice: random.Random, family: Family) -> Sitting:
    """A round is over: it is learned from, and it decides what comes after the breather."""
    world, life = sitting.world, sitting.life
    cleared, difficulty = world.outcome == "cleared", world.rapid.difficulty
    lived = live(life, cleared=cleared, active_s=world.clock)
    played = Round(
        number=lived.rounds,
        rapid=world.rapid.number,
        attempt=world.rapid.attempt,
        cleared=cleared,
        difficulty=difficulty,
        chance=chance_of_clearing(life.skill, difficulty),
        active_s=world.clock,
        played_s=lived.played_s,
        history=lived.history,
        session_rounds=lived.session_rounds,
    )
    mood: Mood = "plays on"
    if dice.random() < ask(family, played):
        mood = "has had enough"
    elif dice.random() < 1.0 / life.sitting_rounds:
        mood = "has a rest"
    return replace(
        sitting,
        paddler=recover(sitting.paddler, lived.skill, dice),
        life=lived,
        goes_on_at_s=sitting.clock_s + breather_s(dice),
        mood=mood,
    )


def hear(sitting: Sitting, adaptation: Adaptation, now: datetime) -> tuple[Sitting, Facts]:
    """The river takes a new goal."""
    world, happened = adapt(sitting.world, adaptation, now)
    return replace(sitting, world=world), happened


def get_up(sitting: Sitting, reason: Literal["quit", "closed", "timeout"]) -> tuple[Sitting, Facts]:
    """The bot leaves; a round it was in is abandoned and counted."""
    life = sitting.life
    if sitting.world.phase == "running":
        life = live(life, cleared=False, active_s=sitting.world.clock)
    world, facts = abandon(sitting.world)
    ended = SessionEnded(reason, active_s=sitting.active_s, rapids=life.session_rounds)
    return replace(sitting, world=world, life=life, gone=True), (*facts, ended)


def _started(previous: str | None) -> SessionStarted:
    return SessionStarted("headless", "bot", BUILD, consent=True, previous_session=previous)


def _settle(life: Life, world: World, dice: random.Random) -> Sitting:
    return Sitting(sit_down(PERSONAS[life.latents.persona], dice, life.skill), world, life)


def _mind(sitting: Sitting, clock_s: float, dice: random.Random) -> tuple[Paddler, World, Facts]:
    """A thought whose time has come, and the world without the hint that it waves away."""
    paddler, world = sitting.paddler, sitting.world
    thought = think(paddler, world, clock_s, dice)
    if thought.doing == "paused":
        return thought, world, (PlayPaused(),)
    said: Facts = (PlayResumed(),) if paddler.doing == "paused" else ()
    if thought.heeds == "waves away" and world.hint and world.goal:
        said = (*said, HintDismissed(world.hint, world.goal.revision))
        world = replace(world, hint=None)
    return thought, world, said


def _between_rounds(sitting: Sitting, clock_s: float, dice: random.Random) -> tuple[Sitting, Facts]:
    later = replace(sitting, clock_s=clock_s)
    if clock_s < sitting.goes_on_at_s:
        return later, ()
    if sitting.mood != "plays on":
        return get_up(later, "quit")
    world, began = proceed(sitting.world, dice)
    return replace(later, world=world, goes_on_at_s=0.0), began
