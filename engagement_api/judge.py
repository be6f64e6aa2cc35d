"""One belief and one state in, one goal and one new state out: policy, guardrails and words put together.

It looks at the state of things and never at the names of messages: a round was finished when the belief counts more
rounds than were judged. So a belief that was lost is mended by the next, and one that comes twice changes nothing. Most
beliefs ask for nothing new, and leave by the first `return None`.

Strange: a player left alone (by their own wish or by the switch) gets one more goal at once, the designer's curve, past
every rail: being left alone is no adaptation, and it is not done in steps.
"""

import random
import uuid
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.adaptations import Adaptation, AdaptationDecided
from contract.course import designed_difficulty, grade_of
from contract.signals import SignalUpdated
from engagement_api import words
from engagement_api.arms import arm_of
from engagement_api.guardrails import Guarded, Rail, allow_hint, allow_reward, drift, freshness, guard
from engagement_api.policy import designer, pacing, target
from engagement_api.policy.wish import Policy, Wish, next_rapid
from engagement_api.state import State

PolicyName = Literal["P0", "P2"]
POLICIES: Final[dict[PolicyName, Policy]] = {"P0": designer.decide, "P2": target.decide}
SOURCE: Final = "/whitewater/engagement-api"
LASTS: Final = timedelta(minutes=30)
"""A goal outlives a pause and not a session, which ends after 30 minutes without an event."""


class Rules(Struct, frozen=True):
    """What holds for everybody: the policy of the adaptive arm, and the switch that turns it all off."""

    policy: PolicyName = "P2"
    adapting: bool = True


class Verdict(Struct, frozen=True):
    """What came of a belief: a goal and the state after it, or only the rails that kept the last decision."""

    state: State
    goal: AdaptationDecided | None
    rails: tuple[Rail, ...]


class _Course(Struct, frozen=True):
    """Where the difficulty goes, under whose name, and why."""

    guarded: Guarded
    policy: PolicyName
    because: str
    asked: float = 0.0
    """What the policy asked for, as an offset."""


def judge(signal: SignalUpdated, state: State, rules: Rules, now: datetime) -> Verdict:
    """What the river should become for `signal.subject`, if anything, at the moment `now`."""
    if _repeated(signal, state):
        return Verdict(state, None, ())
    begun = signal.cause.session != state.session
    judged = signal.data.rounds > state.rounds_judged
    alone = not (signal.data.consent and rules.adapting)
    pace = 1.0 if alone else pacing.pace_of(signal.data)
    if not (begun or judged or pace != state.pace or alone != state.left_alone):
        return Verdict(state, None, ())
    age = freshness(now - signal.time)
    if not alone and (age == "stale" or (age == "lost" and not judged)):
        return Verdict(state, None, ("stale",))
    if begun:
        state = _sit_down(signal, state)
    course = _left_alone(signal) if alone else _course(signal, state, rules, judged=judged, lost=age == "lost")
    return _decide(signal, state, course, now, pace=pace, earned=judged and age == "fresh" and not alone)


def _repeated(signal: SignalUpdated, state: State) -> bool:
    """This belief, or a newer one, was judged already: Kafka delivers at least once."""
    cause = signal.cause
    if cause.session == state.session:
        return cause.sequence <= state.sequence
    return cause.session == state.left_session or signal.data.rounds < state.rounds_judged


def _sit_down(signal: SignalUpdated, state: State) -> State:
    return replace(
        state,
        arm=state.arm or arm_of(signal.subject),
        session=signal.cause.session,
        left_session=state.session,
        session_offset=state.offset,
        hints=0,
    )


def _left_alone(signal: SignalUpdated) -> _Course:
    if signal.data.consent:
        return _Course(Guarded(0.0, 0, 0, ("switched_off",)), "P0", words.SWITCHED_OFF)
    return _Course(Guarded(0.0, 0, 0, ("opted_out",)), "P0", words.LEFT_ALONE)


def _course(signal: SignalUpdated, state: State, rules: Rules, *, judged: bool, lost: bool) -> _Course:
    policy: PolicyName = "P0" if state.arm == "held_out" else rules.policy
    rails: tuple[Rail, ...] = ("held_out",) if state.arm == "held_out" and judged else ()
    here = Guarded(state.offset, state.heading, state.turns_asked, rails)
    if state.left_alone:
        return _Course(here, policy, words.BACK, state.asked)
    wish = _wish(signal, state, policy)
    if not judged or wish is None:
        here = here if wish is None else replace(here, rails=(*rails, "between_rounds"))
        return _Course(here, policy, words.meanwhile(signal.data, state), state.asked)
    if lost or policy == "P0":
        guarded = drift(state)
        why = words.LOST if lost else wish.because
        extra: tuple[Rail, ...] = ("drift",) if lost else rails
        return _Course(replace(guarded, rails=extra), policy, words.outcome(why, signal.data, _there(signal, guarded)))
    curve = designed_difficulty(next_rapid(signal.data))
    guarded = guard(wish.difficulty, curve, signal.data.skill, state)
    why = words.outcome(wish.because, signal.data, _there(signal, guarded))
    return _Course(guarded, policy, why, wish.difficulty - curve)


def _wish(signal: SignalUpdated, state: State, policy: PolicyName) -> Wish | None:
    dice = random.Random(f"{signal.subject}/{signal.cause.session}/{signal.cause.sequence}")
    return POLICIES[policy](signal, state, dice)


def _there(signal: SignalUpdated, guarded: Guarded) -> float:
    return round(designed_difficulty(next_rapid(signal.data)) + guarded.offset, 6)


def _moved(state: State, course: _Course, *, alone: bool) -> State:
    return replace(
        state,
        revision=state.revision + 1,
        offset=course.guarded.offset,
        session_offset=0.0 if alone else state.session_offset,
        asked=course.asked,
        heading=course.guarded.heading,
        turns_asked=course.guarded.turns_asked,
        left_alone=alone,
    )


def _decide(
    signal: SignalUpdated, state: State, course: _Course, now: datetime, *, pace: float, earned: bool
) -> Verdict:
    rounds = signal.data.rounds
    alone = course.because in (words.SWITCHED_OFF, words.LEFT_ALONE)
    hint, hint_rails = allow_hint(pacing.hint_of(signal.data) if earned else None, state, now)
    reward, reward_rails = allow_reward(pacing.reward_of(signal.data) if earned else None, state, rounds)
    rails = (*course.guarded.rails, *hint_rails, *reward_rails)
    after = _moved(state, course, alone=alone)
    after = replace(
        after,
        sequence=signal.cause.sequence,
        rounds_judged=max(rounds, state.rounds_judged),
        pace=pace,
        hints=state.hints + (hint is not None),
        hinted_at=state.hinted_at if hint is None else now,
        rewarded_round=state.rewarded_round if reward is None else rounds,
    )
    difficulty = _there(signal, course.guarded)
    goal = Adaptation(
        revision=after.revision,
        difficulty=difficulty,
        grade=grade_of(difficulty),
        pace=after.pace,
        hint=hint,
        reward=reward,
        because=words.with_gifts(course.because, hint, reward),
        evidence=words.evidence(signal.data, difficulty, course.asked, rails),
        policy=course.policy,
        arm=after.arm or "adaptive",
        expires=now + LASTS,
        cause=signal.cause,
    )
    return Verdict(after, _enclose(signal.subject, goal, now), rails)


def _enclose(player: str, goal: Adaptation, now: datetime) -> AdaptationDecided:
    """The goal in its envelope; its id follows from player and revision, so a goal made twice is the same goal."""
    name = uuid.uuid5(uuid.NAMESPACE_OID, f"{player}/{goal.revision}")
    return AdaptationDecided(id=str(name), source=SOURCE, subject=player, time=now, data=goal)
