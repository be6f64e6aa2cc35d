"""Whatever a policy wishes and whatever a player does, the river stays within the rails and does not swing."""

from itertools import pairwise
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.course import designed_difficulty, difficulty_for
from contract.signals import SignalUpdated
from engagement_api.guardrails import DEAD_BAND, ODDS, RANGE, ROUND_STEP, SESSION_SUM, guard
from engagement_api.judge import Rules, Verdict
from engagement_api.policy.bandit import Posterior
from engagement_api.policy.graph import read_graph
from engagement_api.policy.wish import Wish
from engagement_api.published import graph_file
from engagement_api.state import Memory, State
from engagement_api.trial import PolicyName
from engagement_api.weigh import POLICIES
from tests.engagement_api.beliefs import HELD_OUT, belief, finished, judged

HAIR = 1e-6
logits = st.floats(-12, 12, allow_nan=False)
wishes = st.lists(st.tuples(logits, st.integers(1, 60), st.floats(-4, 4)), min_size=1, max_size=40)


def driven(steps: list[tuple[float, int, float]]) -> list[State]:
    """The states of a river driven by these (wish, rapid, skill)."""
    states = [State()]
    for wished, rapid, skill in steps:
        guarded = guard(wished, designed_difficulty(rapid), skill, states[-1])
        states.append(State(offset=guarded.offset, heading=guarded.heading, turns_asked=guarded.turns_asked))
    return states


@given(wishes)
def test_no_sequence_of_wishes_gets_outside_the_rails(steps: list[tuple[float, int, float]]) -> None:
    """Range, step and session hold at every round; a change is none or one that can be felt, or ends at a limit."""
    states = driven(steps)
    for before, after in pairwise(states):
        assert abs(after.offset) <= min(RANGE, SESSION_SUM) + HAIR
        assert abs(after.offset - before.offset) <= ROUND_STEP + HAIR
        felt = abs(after.offset - before.offset) >= DEAD_BAND - HAIR
        assert felt or after.offset == before.offset or abs(abs(after.offset) - SESSION_SUM) < HAIR


@given(st.lists(st.tuples(st.floats(-0.3, 0.3), st.integers(1, 60)), min_size=1, max_size=60))
def test_small_doubts_never_turn_the_river_twice_in_a_row(steps: list[tuple[float, int]]) -> None:
    """Wishes within 0.3 of where the river is may turn it, but not in two rounds that follow each other."""
    state, turned = State(), False
    for change, rapid in steps:
        curve = designed_difficulty(rapid)
        guarded = guard(curve + state.offset + change, curve, curve + state.offset + 1.1, state)
        turns = guarded.heading == -state.heading != 0
        assert not (turns and turned)
        turned = turns
        state = State(offset=guarded.offset, heading=guarded.heading, turns_asked=guarded.turns_asked)


@given(logits, st.integers(1, 60), st.floats(-4, 4), st.floats(-RANGE, RANGE))
def test_no_wish_takes_a_river_further_from_the_odds(wished: float, rapid: int, skill: float, offset: float) -> None:
    """However it came to be too easy or too hard, it comes nearer or stays; where both rule, the range wins."""
    curve = designed_difficulty(rapid)
    low, high = (min(max(difficulty_for(skill, chance) - curve, -RANGE), RANGE) for chance in reversed(ODDS))
    after = guard(wished, curve, skill, State(offset=offset, session_offset=offset)).offset
    assert beyond(after, low, high) <= beyond(offset, low, high) + HAIR


def beyond(offset: float, low: float, high: float) -> float:
    """How far outside these bounds."""
    return max(low - offset, offset - high, 0.0)


rounds = st.lists(st.tuples(st.booleans(), st.floats(-4, 4), st.floats(0, 2), st.booleans()), min_size=1, max_size=30)


def journey(played: list[tuple[bool, float, float, bool]]) -> list[SignalUpdated]:
    """The beliefs of a session so played, each round lost to a rock where it was lost."""
    rapid, signals = 1, [belief(1)]
    for number, (cleared, skill, sigma, consent) in enumerate(played, start=1):
        told = {"skill": skill, "skill_sigma": sigma, "consent": consent, "losses_alike": 2, "lost_by": "rock"}
        signals.append(finished(number, cleared=cleared, rapid=rapid, **told))
        rapid += cleared
    return signals


@given(rounds, st.sampled_from([*POLICIES]))
def test_no_paddler_gets_the_river_outside_the_rails(
    played: list[tuple[bool, float, float, bool]], policy: PolicyName
) -> None:
    """Judged from end to end under any policy, consent given and taken back: every rail holds at every goal."""
    signals = journey(played)
    rules = Rules(policy, graph=read_graph(graph_file()), posterior=Posterior((9, 9, 9, 9, 9), (1, 3, 5, 7, 9)))
    assert_within_the_rails(signals, judged(State(), *signals, rules=rules))


@given(rounds, st.data())
def test_no_policy_however_mad_gets_the_river_outside_the_rails(
    played: list[tuple[bool, float, float, bool]], data: st.DataObject
) -> None:
    """One that wishes for anything at all, at any time, and remembers anything."""

    def mad(_: SignalUpdated, __: State, ___: Rules) -> Wish:
        wished = data.draw(st.floats())
        return Wish(wished, "Because I say so", memory=Memory(bar=data.draw(st.integers())))

    signals = journey(played)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(POLICIES, "P1", mad)
        assert_within_the_rails(signals, judged(State(), *signals, rules=Rules("P1")))


def assert_within_the_rails(signals: list[SignalUpdated], verdicts: list[Verdict]) -> None:
    """Near the curve, in steps, between rounds, within the session's bound; three hints, one reward in five rounds."""
    goals = [verdict.goal.data for verdict in verdicts if verdict.goal is not None]
    assert [goal.revision for goal in goals] == [*range(1, len(signals) + 1)]
    for goal in goals:
        assert goal.control == round(designed_difficulty(int(goal.evidence["rapid"])), 6)
        assert 0.0 <= goal.propensity <= 1.0
        assert isfinite(goal.evidence["asked_offset"])
    for (before, after), signal in zip(pairwise([State(), *(v.state for v in verdicts)]), signals, strict=True):
        if after.left_alone:
            assert after.offset == 0.0
            continue
        assert abs(after.offset - before.offset) <= ROUND_STEP + HAIR
        assert abs(after.offset - after.session_offset) <= SESSION_SUM + HAIR
        assert abs(after.offset) <= RANGE + HAIR
        assert after.offset == before.offset or signal.data.rounds > before.rounds_judged
    assert sum(goal.hint is not None for goal in goals) <= 3
    rewarded = [goal.evidence["rounds"] for goal in goals if goal.reward is not None]
    assert all(later - earlier >= 5 for earlier, later in pairwise(rewarded))


@given(rounds)
def test_the_control_arm_is_the_curve_whatever_happens(played: list[tuple[bool, float, float, bool]]) -> None:
    """A held-out player, and everybody under P0, has the designer's difficulty at every round."""
    arms: list[tuple[str, PolicyName]] = [(HELD_OUT, "P2"), ("p-followed", "P0")]
    for player, policy in arms:
        signals = [
            finished(n, cleared=cleared, rapid=n, player=player, skill=skill)
            for n, (cleared, skill, *_) in enumerate(played, start=1)
        ]
        for signal, verdict in zip(signals, judged(State(), *signals, rules=Rules(policy)), strict=True):
            assert verdict.goal is not None
            cleared = signal.data.last3 & 1
            assert verdict.goal.data.difficulty == round(designed_difficulty(signal.data.rapid + cleared), 6)


@given(rounds)
def test_the_same_log_gives_the_same_goals(played: list[tuple[bool, float, float, bool]]) -> None:
    """A judgement depends on nothing but what it is given."""
    signals = [
        finished(n, cleared=cleared, skill=skill, skill_sigma=sigma, consent=consent)
        for n, (cleared, skill, sigma, consent) in enumerate(played, start=1)
    ]
    assert judged(State(), *signals) == judged(State(), *signals)
