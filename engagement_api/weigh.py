"""One belief and one state in, what to do out: policy and guardrails put together, and not a word said yet.

It looks at the state of things and never at the names of messages: a round was finished when the belief counts more
rounds than were judged. So a belief that was lost is mended by the next, and one that comes twice changes nothing. Most
beliefs ask for nothing new, and leave by the first `return`.

Who decides: whom the switch or their own wish leaves alone has the curve; then who is held out; then the burn-in of a
trial; then the arm's policy. What a policy wishes is bound by the rails, and P0's wish is the place they lead back to.

Strange: a player left alone gets one more goal at once, the designer's curve, past every rail: being left alone is no
adaptation, and it is not done in steps. And the words are made elsewhere (`judge`), from what stands in an `Aim`: an
experiment weighs fifty million rounds that nobody reads.
"""

import random
from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.course import designed_difficulty
from contract.events import Hint, Reward
from contract.graph import Graph
from contract.signals import Signals, SignalUpdated
from engagement_api.guardrails import Guarded, Rail, allow_hint, allow_reward, drift, freshness, guard, stay
from engagement_api.policy import bandit, designer, graph, pacing, rank, target
from engagement_api.policy.bandit import Posterior
from engagement_api.policy.wish import Lesson, Wish, next_rapid
from engagement_api.state import FRESH, State
from engagement_api.trial import HELD_OUT, Branch, PolicyName, Trial, branch_of, untried


class Rules(Struct, frozen=True):
    """What holds for everybody: the policy, the switch that turns it all off, what is tried, and what was learned."""

    policy: PolicyName = "P2"
    """Of everybody whom no trial gives another."""
    adapting: bool = True
    trial: Trial | None = None
    graph: Graph | None = None
    """For P3; without one that may be trusted, P2 decides in its stead."""
    posterior: Posterior = Posterior()
    """For P4."""


NOTHING: Final = (None, None, ())
Rule = Callable[[SignalUpdated, State, Rules], Wish | None]
POLICIES: Final[dict[PolicyName, Rule]] = {
    "P0": lambda signal, state, _: designer.decide(signal, state),
    "P1": lambda signal, state, _: rank.decide(signal, state),
    "P2": lambda signal, state, _: target.decide(signal, state),
    "P3": lambda signal, state, rules: graph.decide(signal, state, rules.graph) if rules.graph else None,
    "P4": lambda signal, state, rules: bandit.decide(signal, state, rules.posterior, _dice(signal)),
    "explore": lambda signal, state, _: bandit.decide(signal, state, None, _dice(signal)),
}
"""Each policy, and what it is given beside the one player."""

Seat = tuple[Trial, Branch]
"""The trial that a player is in, and the arm."""
Why = Literal["round", "meanwhile", "lost", "back", "switched_off", "opted_out"]
"""What a goal answers: a finished round; a session begun or another pace; a belief too old; the end or the beginning
of being left alone."""


class Aim(Struct, frozen=True):
    """The goal before it is put into words; difficulties in logits."""

    why: Why
    difficulty: float
    control: float
    """The designer's difficulty for the same rapid."""
    policy: PolicyName
    asked: float
    """The offset from the designer's curve that the policy asked for."""
    wish: Wish | None
    hint: Hint | None
    reward: Reward | None
    exposed: bool
    """The arm's own policy had this to decide: a round was finished, and the burn-in is over."""
    graphless: bool
    """P3 was to decide and P2 does: there is no graph that may be trusted."""


class Weighed(Struct, frozen=True):
    """What came of a belief: an aim and the state after it, or only the rails that kept the last decision."""

    state: State
    aim: Aim | None = None
    rails: tuple[Rail, ...] = ()
    lessons: tuple[Lesson, ...] = ()


class _Course(Struct, frozen=True):
    """Where the difficulty goes, and who led it there."""

    why: Why
    policy: PolicyName
    guarded: Guarded
    asked: float = 0.0
    wish: Wish | None = None


def weigh(signal: SignalUpdated, state: State, rules: Rules, now: datetime) -> Weighed:
    """What to do about `signal.subject`, if anything, at the moment `now`."""
    if _repeated(signal, state):
        return Weighed(state)
    data = signal.data
    begun = signal.sessionid != state.session
    judged = data.rounds > state.rounds_judged
    alone = not (data.consent and rules.adapting)
    pace = 1.0 if alone else pacing.pace_of(data)
    if not (begun or judged or pace != state.pace or alone != state.left_alone):
        return Weighed(state)
    age = freshness(now - signal.time)
    if not alone and (age == "stale" or (age == "lost" and not judged)):
        return Weighed(state, rails=("stale",))
    if begun:
        state = _sit_down(signal, state)
    seat = _seat(signal.subject, state, rules)
    curve = designed_difficulty(next_rapid(data))
    if alone:
        course = _left_alone(signal)
    else:
        course = _course(signal, state, rules, seat, curve, judged=judged, lost=age == "lost")
    return _settle(signal, state, seat, course, curve=curve, pace=pace)


def _repeated(signal: SignalUpdated, state: State) -> bool:
    """This belief, or a newer one, was judged already: Kafka delivers at least once."""
    if signal.sessionid == state.session:
        return signal.sequence <= state.sequence
    return signal.sessionid == state.left_session or signal.data.rounds < state.rounds_judged


def _sit_down(signal: SignalUpdated, state: State) -> State:
    return replace(state, session=signal.sessionid, left_session=state.session, session_offset=state.offset, hints=0)


def _seat(player: str, state: State, rules: Rules) -> Seat:
    """The arm they had, as long as there is one of that name."""
    trial = rules.trial or untried(rules.policy)
    if state.trial == trial.name:
        if state.arm == HELD_OUT.name:
            return trial, HELD_OUT
        for branch in trial.arms:
            if branch.name == state.arm:
                return trial, branch
    drawn = branch_of(player, trial)
    if drawn is not None:
        return trial, drawn
    outside = untried(rules.policy)
    return outside, outside.arms[0]


def _left_alone(signal: SignalUpdated) -> _Course:
    if signal.data.consent:
        return _Course("switched_off", "P0", Guarded(0.0, 0, 0, ("switched_off",)))
    return _Course("opted_out", "P0", Guarded(0.0, 0, 0, ("opted_out",)))


def _course(
    signal: SignalUpdated, state: State, rules: Rules, seat: Seat, curve: float, *, judged: bool, lost: bool
) -> _Course:
    trial, branch = seat
    policy: PolicyName = "P0" if signal.data.rounds < trial.burn_in else branch.policy
    if policy == "P3" and graph.flaw_of(rules.graph) is not None:
        policy = "P2"
    rails: tuple[Rail, ...] = ("held_out",) if judged and branch is HELD_OUT else ()
    if state.left_alone:
        return _Course("back", policy, stay(state, rails), state.asked)
    if lost:
        return _homeward("lost", policy, drift(state, ("drift",)))
    wish = POLICIES[policy](signal, state, rules)
    if not judged or wish is None:
        return _Course("meanwhile", policy, stay(state, rails if wish is None else ("between_rounds",)), state.asked)
    if policy == "P0":
        return _homeward("round", policy, drift(state, rails), wish)
    guarded = guard(wish.difficulty, curve, signal.data.skill, state)
    asked = wish.difficulty - curve if isfinite(wish.difficulty) else state.asked
    return _Course("round", policy, guarded, asked, wish)


def _homeward(why: Why, policy: PolicyName, guarded: Guarded, wish: Wish | None = None) -> _Course:
    """On the way to the curve; a staircase that takes over climbs on from where the river is by then."""
    return _Course(why, policy, guarded, guarded.offset, wish)


def _settle(signal: SignalUpdated, state: State, seat: Seat, course: _Course, *, curve: float, pace: float) -> Weighed:
    trial, branch = seat
    data, guarded, wish = signal.data, course.guarded, course.wish
    alone = course.why in ("opted_out", "switched_off")
    hint, reward, gift_rails = _gifts(data, state, signal.causetime) if course.why == "round" else NOTHING
    after = State(
        revision=state.revision + 1,
        arm=branch.name,
        trial=trial.name,
        session=state.session,
        left_session=state.left_session,
        sequence=signal.sequence,
        rounds_judged=max(data.rounds, state.rounds_judged),
        offset=guarded.offset,
        session_offset=0.0 if alone else state.session_offset,
        asked=course.asked,
        heading=guarded.heading,
        turns_asked=guarded.turns_asked,
        pace=pace,
        left_alone=alone,
        hints=state.hints + (hint is not None),
        hinted_at=state.hinted_at if hint is None else signal.causetime,
        rewarded_round=state.rewarded_round if reward is None else data.rounds,
        memory=FRESH if alone else state.memory if wish is None else wish.memory,
    )
    aim = Aim(
        why=course.why,
        difficulty=round(curve + guarded.offset, 6),
        control=round(curve, 6),
        policy=course.policy,
        asked=course.asked,
        wish=wish,
        hint=hint,
        reward=reward,
        exposed=wish is not None and data.rounds >= trial.burn_in,
        graphless=wish is not None and course.policy == "P2" != branch.policy,
    )
    return Weighed(after, aim, (*guarded.rails, *gift_rails), () if wish is None else wish.lessons)


def _gifts(data: Signals, state: State, at: datetime) -> tuple[Hint | None, Reward | None, tuple[Rail, ...]]:
    hint, hint_rails = allow_hint(pacing.hint_of(data), state, at)
    reward, reward_rails = allow_reward(pacing.reward_of(data), state, data.rounds)
    return hint, reward, (*hint_rails, *reward_rails)


def _dice(signal: SignalUpdated) -> Callable[[], float]:
    """Dice that are shaken only when they are thrown, and fall the same way for the same belief."""
    return lambda: random.Random(f"{signal.subject}/{signal.sessionid}/{signal.sequence}").random()
