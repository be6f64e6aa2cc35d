"""All beliefs about one player as one value, and how one fact changes them.

`absorb(belief, event)` for events in their order; `absorb_late` for one that comes after its successors were
absorbed. `read(belief)` is what leaves as `signal.updated`, at the instant of the newest event. Which order events
have, and which of them are new, is player.py's question and is settled before they come here.

Strange: the value is in two halves, because this is the innermost loop of the system. What a stroke, a rock or the
clock moves lies open here; what only rounds and sessions move is folded away in one field (life.py), with what it
comes to beside it in the words of the contract, `told`: made some times a minute, read with every batch.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from contract import events as did
from contract.events import Event
from contract.signals import Signals
from processors import life
from processors.life import Life
from processors.signals import absence, apm, clock, idle_share, input_entropy, losses, pace, stuck, success, swamps
from processors.signals.apm import Apm
from processors.signals.clock import SILENCE_S, Clock
from processors.signals.idle_share import Idle
from processors.signals.input_entropy import Actions
from processors.signals.pace import Pace


def _tell(slow: Life) -> Signals:
    """What rounds and sessions come to; the rest is filled in by `read`."""
    counts, ahead = slow.rounds, slow.ahead
    return Signals(
        apm=0.0,
        idle_share=0.0,
        success=success.read(slow.success),
        skill=slow.skill.theta,
        skill_sigma=slow.skill.sigma,
        flow_gap=slow.flow_gap,
        streak=slow.streak.run,
        last3=slow.streak.last3,
        rounds=counts.finished,
        session_rounds=counts.this_session,
        difficulty=counts.difficulty,
        in_round=counts.in_round,
        rapid=counts.rapid,
        attempt=counts.attempt,
        stuck_s=0.0,
        intensity=0.0,
        pace_state="build_up",
        losses_alike=slow.losses.alike,
        lost_by=slow.losses.lost_by,
        suggested_hint=losses.hint(slow.losses),
        consent=slow.consent,
        lifespan_s=swamps.lifespan_s(slow.swamps),
        absence_ratio=slow.visits.ratio,
        sessions=slow.visits.sessions,
        quit_after_loss=slow.quits.log_odds,
        frustration=ahead.frustration,
        boredom=ahead.boredom,
        engagement=slow.engagement,
        newest_outcome=counts.newest,
    )


class Belief(Struct, frozen=True):
    """Constant in size, however long somebody plays."""

    clock: Clock = Clock()
    apm: Apm = Apm()
    idle: Idle = Idle()
    actions: Actions = Actions()
    pace: Pace = Pace()
    life: Life = Life()
    told: Signals = _tell(Life())
    """What `life` comes to."""


def recall(*, clock: Clock, apm: Apm, idle: Idle, actions: Actions, pace: Pace, life: Life) -> Belief:
    """The belief that was written down in these parts."""
    return Belief(clock, apm, idle, actions, pace, life, _tell(life))


def absorb(belief: Belief, event: Event) -> Belief:
    """What we believe after `event`."""
    now_s, before = event.time.timestamp(), belief.clock
    if event.sessionid != before.session or now_s - before.last_s > SILENCE_S:
        belief = _another_session(belief, event.sessionid, now_s)
        now = belief.clock
    else:
        now = clock.tick(before, now_s)
    change = _CHANGES.get(type(event.data), _nothing)
    return change(belief, now, event.data)


def absorb_all(belief: Belief, events: Iterable[Event]) -> Belief:
    """What we believe after `events`, in their order."""
    for event in events:
        belief = absorb(belief, event)
    return belief


def absorb_late(belief: Belief, event: Event) -> Belief:
    """What we believe after `event`, whose successors were absorbed before it.

    A stroke and a swamping add what they would have added in their turn, a finished round is counted; skill, success,
    streaks and the pace move in order or not at all.
    """
    known = belief.life
    late = replace(belief, life=replace(known, late=known.late + 1))
    at_s = belief.clock.active_s - max(belief.clock.last_s - event.time.timestamp(), 0.0)
    match event.data:
        case did.StrokeMade(action=action, sampledrate=weight):
            actions = input_entropy.stroke(belief.actions, action, weight)
            return replace(late, apm=apm.stroke(belief.apm, at_s, weight), actions=actions)
        case did.RapidFinished() as fact:
            same = event.sessionid == belief.clock.session
            return _live(late, late.clock, life.finish_late(late.life, fact, at_s, of_this_session=same))
        case _:
            return late


def read(belief: Belief) -> Signals:
    """The beliefs as the contract tells them, at the instant of the newest event."""
    now_s, slow = belief.clock.active_s, belief.life
    return replace(
        belief.told,
        apm=apm.read(belief.apm, now_s),
        idle_share=idle_share.read(belief.idle, now_s),
        stuck_s=stuck.read(slow.stuck, now_s),
        intensity=pace.intensity(belief.pace, now_s),
        pace_state=pace.state(belief.pace, now_s)[0],
        input_entropy=input_entropy.read(belief.actions),
        swamp_rate=swamps.rate(slow.swamps, now_s),
        days=absence.days(slow.visits, belief.clock.last_s),
    )


def _live(b: Belief, now: Clock, after: Life) -> Belief:
    return replace(b, clock=now, life=after, told=_tell(after))


def _another_session(b: Belief, session: str, now_s: float) -> Belief:
    """Another session, by its name or by a long silence, in which a round may be going on."""
    before = b.clock
    same = session == before.session
    left = b.life if same else life.go(b.life, before.active_s)
    now = clock.tick(before, now_s) if same else clock.begin(before, session, now_s)
    return _live(b, now, life.come(left, now_s, before.last_s, before.active_s, b.idle))


def _nothing(b: Belief, now: Clock, _: did.Fact) -> Belief:
    return replace(b, clock=now)


def _stroke(b: Belief, now: Clock, fact: did.StrokeMade) -> Belief:
    more = apm.stroke(b.apm, now.active_s, fact.sampledrate)
    idle = idle_share.stroke(b.idle, now.active_s)
    actions = input_entropy.stroke(b.actions, fact.action, fact.sampledrate)
    return Belief(now, more, idle, actions, b.pace, b.life, b.told)


def _hit(b: Belief, now: Clock, fact: did.RockHit) -> Belief:
    return replace(b, clock=now, pace=pace.hit(b.pace, now.active_s, fact.damage, fact.hull_left))


def _near_miss(b: Belief, now: Clock, fact: did.RockPassed) -> Belief:
    return replace(b, clock=now, pace=pace.near_miss(b.pace, now.active_s, fact.clearance))


def _start(b: Belief, now: Clock, fact: did.RapidStarted) -> Belief:
    """A fifth of what `_tell` says can have changed; saying the rest again would be half of the price."""
    after = life.start(b.life, fact, now.active_s, b.idle)
    told = replace(
        b.told,
        in_round=True,
        rapid=fact.rapid,
        attempt=fact.attempt,
        difficulty=fact.difficulty,
        flow_gap=after.flow_gap,
        quit_after_loss=after.quits.log_odds,
        frustration=after.ahead.frustration,
        boredom=after.ahead.boredom,
        engagement=after.engagement,
    )
    return replace(b, clock=now, life=after, told=told)


def _finish(b: Belief, now: Clock, fact: did.RapidFinished) -> Belief:
    return _live(b, now, life.finish(b.life, fact, now.active_s, b.idle))


def _pause(b: Belief, now: Clock, _: did.PlayPaused) -> Belief:
    return replace(b, clock=clock.pause(now))


def _resume(b: Belief, now: Clock, _: did.PlayResumed) -> Belief:
    return replace(b, clock=clock.resume(now))


def _get_up(b: Belief, now: Clock, _: did.SessionEnded) -> Belief:
    return _live(b, now, life.go(b.life, now.active_s))


def _consent(b: Belief, now: Clock, fact: did.SessionStarted | did.ConsentChanged) -> Belief:
    return _live(b, now, replace(b.life, consent=fact.consent))


_CHANGES: Final[dict[type[did.Fact], Callable[[Belief, Clock, Any], Belief]]] = {
    did.StrokeMade: _stroke,
    did.RockHit: _hit,
    did.RockPassed: _near_miss,
    did.RapidStarted: _start,
    did.RapidFinished: _finish,
    did.PlayPaused: _pause,
    did.PlayResumed: _resume,
    did.SessionStarted: _consent,
    did.SessionEnded: _get_up,
    did.ConsentChanged: _consent,
}
"""What moves a belief; every other fact moves the clock alone. A dictionary, because a `match` over two dozen classes
costs more than most of these functions."""
