"""Whatever a policy wishes and whatever a player does, the river stays within the rails and does not swing."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contract.course import designed_difficulty
from engagement_api.guardrails import DEAD_BAND, RANGE, ROUND_STEP, SESSION_SUM, guard
from engagement_api.judge import Rules
from engagement_api.state import State
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


rounds = st.lists(st.tuples(st.booleans(), st.floats(-4, 4), st.floats(0, 2), st.booleans()), min_size=1, max_size=30)


@given(rounds)
def test_no_paddler_gets_the_river_outside_its_range(played: list[tuple[bool, float, float, bool]]) -> None:
    """Judged from end to end, consent given and taken back: near the curve, rising revisions, three hints at most."""
    rapid, signals = 1, [belief(1)]
    for number, (cleared, skill, sigma, consent) in enumerate(played, start=1):
        told = {"skill": skill, "skill_sigma": sigma, "consent": consent, "losses_alike": 2, "lost_by": "rock"}
        signals.append(finished(number, cleared=cleared, rapid=rapid, **told))
        rapid += cleared
    verdicts = judged(State(), *signals)
    goals = [verdict.goal.data for verdict in verdicts if verdict.goal is not None]
    assert [goal.revision for goal in goals] == [*range(1, len(signals) + 1)]
    for goal in goals:
        curve = designed_difficulty(int(goal.evidence["rapid"]))
        assert abs(goal.difficulty - curve) <= (SESSION_SUM if goal.policy == "P2" else 0.0) + HAIR
    assert sum(goal.hint is not None for goal in goals) <= 3


@given(rounds)
def test_the_control_arm_is_the_curve_whatever_happens(played: list[tuple[bool, float, float, bool]]) -> None:
    """A held-out player, and everybody under P0, has the designer's difficulty at every round."""
    for player, policy in ((HELD_OUT, "P2"), ("p-followed", "P0")):
        signals = [
            finished(n, cleared=cleared, rapid=n, player=player, skill=skill)
            for n, (cleared, skill, *_) in enumerate(played, start=1)
        ]
        for signal, verdict in zip(signals, judged(State(), *signals, rules=Rules(policy)), strict=True):  # type: ignore[arg-type] # one of the two names
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
