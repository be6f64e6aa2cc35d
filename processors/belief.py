"""All beliefs about one player as one value, and how one fact changes them.

`absorb(belief, event)` for events in their order; `absorb_late` for one that comes after its successors were
absorbed. `read(belief)` is what leaves as `signal.updated`, at the instant of the newest event. Which order events
have, and which of them are new, is player.py's question and is settled before they come here.

Strange: every fact writes the whole value out again by position. `structs.replace` would be prettier and costs more
than the formulas do; this is the innermost loop of the system.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from contract import events as did
from contract.events import Event
from contract.signals import Signals
from processors.signals import apm, clock, flow_gap, idle_share, losses, pace, rounds, skill, streak, stuck, success
from processors.signals.apm import Apm
from processors.signals.clock import Clock
from processors.signals.idle_share import Idle
from processors.signals.losses import Losses
from processors.signals.pace import Pace
from processors.signals.rounds import Rounds
from processors.signals.skill import Skill
from processors.signals.streak import Streak
from processors.signals.stuck import Stuck
from processors.signals.success import Success


class Belief(Struct, frozen=True, array_like=True):
    """Constant in size, however long somebody plays."""

    clock: Clock = Clock()
    apm: Apm = Apm()
    idle: Idle = Idle()
    pace: Pace = Pace()
    rounds: Rounds = Rounds()
    stuck: Stuck = Stuck()
    success: Success = Success()
    skill: Skill = Skill()
    streak: Streak = Streak()
    losses: Losses = Losses()
    consent: bool = True
    late: int = 0
    """Events that came after their successors were absorbed: kept, but only their order-free part could be used."""


def absorb(belief: Belief, event: Event) -> Belief:
    """What we believe after `event`."""
    now_s = event.time.timestamp()
    if belief.clock.session == event.sessionid:
        now = clock.tick(belief.clock, now_s)
    else:
        belief = _another_session(belief, now_s)
        now = clock.begin(belief.clock, event.sessionid, now_s)
    change = _CHANGES.get(type(event.data), _nothing)
    return change(belief, now, event.data)


def absorb_late(belief: Belief, event: Event) -> Belief:
    """What we believe after `event`, whose successors were absorbed before it.

    A stroke adds what it would have added in its turn, a finished round is counted; skill, success, streaks and the
    pace move in order or not at all.
    """
    late = replace(belief, late=belief.late + 1)
    match event.data:
        case did.StrokeMade(sampledrate=weight):
            at_s = belief.clock.active_s - max(belief.clock.last_s - event.time.timestamp(), 0.0)
            return replace(late, apm=apm.stroke(belief.apm, at_s, weight))
        case did.RapidFinished():
            counts = belief.rounds
            return replace(
                late, rounds=replace(counts, finished=counts.finished + 1, this_session=counts.this_session + 1)
            )
        case _:
            return late


def read(belief: Belief) -> Signals:
    """The beliefs as the contract tells them, at the instant of the newest event."""
    now_s = belief.clock.active_s
    counts = belief.rounds
    return Signals(
        apm=apm.read(belief.apm, now_s),
        idle_share=idle_share.read(belief.idle, now_s),
        success=success.read(belief.success),
        skill=belief.skill.theta,
        skill_sigma=belief.skill.sigma,
        flow_gap=flow_gap.read(belief.skill.theta, counts.difficulty),
        streak=belief.streak.run,
        last3=belief.streak.last3,
        rounds=counts.finished,
        session_rounds=counts.this_session,
        difficulty=counts.difficulty,
        in_round=counts.in_round,
        rapid=counts.rapid,
        attempt=counts.attempt,
        stuck_s=stuck.read(belief.stuck, now_s),
        intensity=pace.intensity(belief.pace, now_s),
        pace_state=pace.state(belief.pace, now_s)[0],
        losses_alike=belief.losses.alike,
        lost_by=belief.losses.lost_by,
        suggested_hint=losses.hint(belief.losses),
        consent=belief.consent,
    )


def _another_session(b: Belief, now_s: float) -> Belief:
    away_s = now_s - b.clock.last_s if b.clock.session else 0.0
    return replace(
        b,
        rounds=rounds.leave(b.rounds, this_session=0),
        stuck=stuck.stop(b.stuck, b.clock.active_s),
        skill=skill.absent(b.skill, away_s),
    )


def _with(b: Belief, now: Clock) -> Belief:
    return Belief(
        now, b.apm, b.idle, b.pace, b.rounds, b.stuck, b.success, b.skill, b.streak, b.losses, b.consent, b.late
    )


def _nothing(b: Belief, now: Clock, _: did.Fact) -> Belief:
    return _with(b, now)


def _stroke(b: Belief, now: Clock, fact: did.StrokeMade) -> Belief:
    more = apm.stroke(b.apm, now.active_s, fact.sampledrate)
    idle = idle_share.stroke(b.idle, now.active_s)
    return Belief(now, more, idle, b.pace, b.rounds, b.stuck, b.success, b.skill, b.streak, b.losses, b.consent, b.late)


def _hit(b: Belief, now: Clock, fact: did.RockHit) -> Belief:
    tense = pace.hit(b.pace, now.active_s, fact.damage, fact.hull_left)
    return Belief(
        now, b.apm, b.idle, tense, b.rounds, b.stuck, b.success, b.skill, b.streak, b.losses, b.consent, b.late
    )


def _near_miss(b: Belief, now: Clock, fact: did.RockPassed) -> Belief:
    tense = pace.near_miss(b.pace, now.active_s, fact.clearance)
    return Belief(
        now, b.apm, b.idle, tense, b.rounds, b.stuck, b.success, b.skill, b.streak, b.losses, b.consent, b.late
    )


def _start(b: Belief, now: Clock, fact: did.RapidStarted) -> Belief:
    begun = stuck.start(b.stuck, fact.rapid, now.active_s)
    return replace(b, clock=now, rounds=rounds.start(b.rounds, fact), stuck=begun)


def _finish(b: Belief, now: Clock, fact: did.RapidFinished) -> Belief:
    over = replace(b, clock=now, rounds=rounds.finish(b.rounds, fact), stuck=stuck.stop(b.stuck, now.active_s))
    if fact.outcome == "abandoned":
        return over
    cleared = fact.outcome == "cleared"
    return replace(
        over,
        success=success.judge(b.success, cleared=cleared),
        skill=skill.judge(b.skill, fact.difficulty, cleared=cleared),
        streak=streak.judge(b.streak, cleared=cleared),
        losses=losses.judge(b.losses, cleared=cleared, lost_by=fact.swamped_by),
    )


def _pause(b: Belief, now: Clock, _: did.PlayPaused) -> Belief:
    return _with(b, clock.pause(now))


def _resume(b: Belief, now: Clock, _: did.PlayResumed) -> Belief:
    return _with(b, clock.resume(now))


def _sit_down(b: Belief, now: Clock, fact: did.SessionStarted) -> Belief:
    return replace(b, clock=now, consent=fact.consent)


def _get_up(b: Belief, now: Clock, _: did.SessionEnded) -> Belief:
    left = rounds.leave(b.rounds, this_session=b.rounds.this_session)
    return replace(b, clock=now, rounds=left, stuck=stuck.stop(b.stuck, now.active_s))


def _consent(b: Belief, now: Clock, fact: did.ConsentChanged) -> Belief:
    return replace(b, clock=now, consent=fact.consent)


_CHANGES: Final[dict[type[did.Fact], Callable[[Belief, Clock, Any], Belief]]] = {
    did.StrokeMade: _stroke,
    did.RockHit: _hit,
    did.RockPassed: _near_miss,
    did.RapidStarted: _start,
    did.RapidFinished: _finish,
    did.PlayPaused: _pause,
    did.PlayResumed: _resume,
    did.SessionStarted: _sit_down,
    did.SessionEnded: _get_up,
    did.ConsentChanged: _consent,
}
"""What moves a belief; every other fact moves the clock alone. A dictionary, because a `match` over two dozen classes
costs more than most of these functions."""
