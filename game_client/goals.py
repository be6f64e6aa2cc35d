"""What a goal means on the river: taken or refused with a reason, and its hints and rewards made visible.

A goal is not a command. The highest revision wins (but of a player who was forgotten meanwhile, and whose revisions
begin anew, the one that answers the later event); an older one, one that has expired, and any at all while the player
wants to be left alone, change nothing and say so. Pace, hint and reward take effect at once; difficulty waits for the
next round, because a river that changes under the paddle is not fair.
"""

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from contract.adaptations import Adaptation
from contract.course import designed_difficulty
from contract.envelope import Cause
from contract.events import (
    AdaptationApplied,
    AdaptationExpired,
    AdaptationRejected,
    ConsentChanged,
    EddyCaught,
    GatePassed,
    HintFollowed,
    HintShown,
    RewardClaimed,
    RewardGranted,
)
from game_client.state import BEAM, BRAKE, FORWARD, HALF_WIDTH, HULL, SIGHT, Gift, Happening, World

Told = tuple[Happening, ...]

HINT_S: Final = 12.0
"""Active seconds a hint stays in sight."""
HINT_DONE_S: Final = 1.0
"""Seconds of doing what a hint proposes that count as following it."""
GIFT_RADIUS: Final = 1.3
GIFT_VALUE: Final = {"golden_line": 200, "calm_water": 100, "spare_hull": 100}
"""Points that come with each reward, beside what it does."""
CALM_S: Final = 12.0
OPTED_OUT: Final = "The player asked the river to leave them alone."


def adapt(world: World, adaptation: Adaptation, now: datetime) -> tuple[World, Told]:
    """The world with the goal taken, or as it was, and the game's answer; a goal heard twice is answered once."""
    latency_ms = round(max((now - adaptation.cause.time).total_seconds() * 1000.0, 0.0), 3)
    revision = adaptation.revision
    newest = world.goal.revision if world.goal else 0
    if revision == newest:
        return world, ()
    if world.goal and revision < newest and not _answers_later(adaptation.cause, world.goal.cause):
        return world, (AdaptationRejected(revision, latency_ms, f"Revision {newest} was taken before it."),)
    if now >= adaptation.expires:
        return world, (AdaptationExpired(revision, latency_ms, "It came too late to matter."),)
    if not world.consent:
        return world, (AdaptationRejected(revision, latency_ms, OPTED_OUT),)
    told: Told = (AdaptationApplied(revision, latency_ms),)
    world = replace(world, goal=adaptation, pace=adaptation.pace)
    if adaptation.hint:
        world = replace(world, hint=adaptation.hint, hint_since=world.clock, hint_done_s=0.0)
        told += (HintShown(adaptation.hint, revision),)
    if adaptation.reward:
        world = replace(world, owed=adaptation.reward)
    return world, told


def _answers_later(cause: Cause, before: Cause) -> bool:
    """Whether one event came after another. Within one life revisions rise with what they answer, so never there."""
    if cause.session == before.session:
        return cause.sequence > before.sequence
    return cause.time > before.time


def leave_alone(world: World, consent: bool) -> tuple[World, Told]:  # noqa: FBT001 - the value is the whole message
    """The player turns the river's attention on or off; off, the designer's river flows again from now on."""
    if consent == world.consent:
        return world, ()
    world = replace(world, consent=consent)
    if not consent:
        world = replace(world, goal=None, pace=1.0, hint=None, owed=None)
    return world, (ConsentChanged(consent),)


def next_difficulty(world: World, number: int) -> float:
    """The difficulty of the coming round: the goal's, or the designer's when there is none or it is not wanted.

    A goal made for another rapid, because the journey was begun anew or the newest goal is on its way still, says how
    far from the designer's curve the river stands; so far it stays from it, or no guardrail would hold here.
    """
    goal, curve = world.goal, designed_difficulty(number)
    if goal is None or not world.consent:
        return curve
    return goal.difficulty if goal.control is None else round(curve + goal.difficulty - goal.control, 6)


def float_gift(world: World) -> tuple[World, Told]:
    """A reward that is owed is put into the first gate out of sight; without one it waits for the next round."""
    out_of_sight = world.kayak.y + SIGHT
    gate = next((gate for gate in world.rapid.gates[world.next_gate :] if gate.y > out_of_sight), None)
    if world.owed is None or gate is None:
        return world, ()
    revision = world.goal.revision if world.goal else 0
    gift = Gift(gate.x, gate.y, GIFT_RADIUS, world.owed, GIFT_VALUE[world.owed], revision)
    return replace(world, owed=None, gift=gift), (RewardGranted(gift.reward, gift.value, revision),)


def meet_gift(world: World) -> tuple[World, Told]:
    """The kayak is level with the gift: taken when near enough, gone when not."""
    gift, kayak = world.gift, world.kayak
    if gift is None or kayak.y < gift.y:
        return world, ()
    world = replace(world, gift=None)
    if abs(kayak.x - gift.x) > gift.radius + BEAM:
        return world, ()
    world = replace(world, score=world.score + gift.value)
    match gift.reward:
        case "golden_line":
            world = replace(world, golden=True)
        case "calm_water":
            world = replace(world, rest_until=world.clock + CALM_S)
        case "spare_hull":
            world = replace(world, kayak=replace(kayak, hull=min(kayak.hull + 1, HULL + 1)))
    return world, (RewardClaimed(gift.reward, gift.value, gift.revision),)


def heed(world: World, dt: float, told: Told) -> tuple[World, Told]:
    """The hint in sight, after a step in which `told` happened: followed, run out, or still there."""
    hint, kayak = world.hint, world.kayak
    if hint is None:
        return world, ()
    match hint:
        case "brake_early":
            doing = bool(world.held & BRAKE)
        case "stay_in_the_current":
            doing = abs(kayak.x) < HALF_WIDTH / 3.0 or bool(world.held & FORWARD)
        case "use_the_eddy":
            doing = any(isinstance(fact, EddyCaught) for fact in told)
        case "look_ahead" | "line_up_the_gate":
            doing = any(isinstance(fact, GatePassed) for fact in told)
    at_once = hint not in {"brake_early", "stay_in_the_current"}
    done_s = world.hint_done_s + (dt if doing else 0.0)
    if doing and (at_once or done_s >= HINT_DONE_S):
        return replace(world, hint=None), (HintFollowed(hint, world.goal.revision if world.goal else 0),)
    if world.clock - world.hint_since > HINT_S:
        return replace(world, hint=None), ()
    return replace(world, hint_done_s=done_s), ()
