"""What the two policies wish for, in numbers worked out by hand."""

from math import log

import pytest

from engagement_api.policy import designer, target
from engagement_api.policy.wish import next_rapid
from engagement_api.state import State
from engagement_api.weigh import POLICIES, Rule, Rules
from tests.engagement_api.beliefs import belief, finished


@pytest.mark.parametrize(
    ("rapid", "difficulty"),
    [(1, -1.6), (2, -1.38), (5, -0.72), (6, -1.38), (10, -0.50), (11, -1.16), (100, 2.4)],
)
def test_the_designer_draws_a_saw_tooth(rapid: int, difficulty: float) -> None:
    """Up 0.22 for five rapids, then down 0.66 to the next tooth, which starts 0.22 above the last; never over 2.4."""
    wish = designer.decide(finished(1, cleared=False, rapid=rapid), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(difficulty)


def test_a_cleared_rapid_is_followed_by_the_next_one() -> None:
    """The wish is for the rapid that will be paddled, not for the one that was."""
    assert next_rapid(finished(1, cleared=True, rapid=5).data) == 6
    assert next_rapid(finished(1, cleared=False, rapid=5).data) == 5
    assert next_rapid(belief(rapid=5, rounds=9, session_rounds=3, last3=7).data) == 5
    assert next_rapid(belief(rapid=5, rounds=9, session_rounds=0, last3=7, in_round=False).data) == 5


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_no_policy_wishes_before_a_round_is_over(policy: Rule) -> None:
    """A wish answers a finished round; one that was answered already asks for nothing."""
    assert policy(belief(rounds=7), State(rounds_judged=7), Rules()) is None


@pytest.mark.parametrize(
    ("skill", "sigma", "difficulty"),
    [(0.0, 0.0, -log(3)), (1.0, 0.4, 0.9 - log(3)), (-0.5, 1.0, -0.75 - log(3))],
)
def test_a_known_paddler_gets_the_river_they_clear_three_times_in_four(
    skill: float, sigma: float, difficulty: float
) -> None:
    """Theta - 0.25 sigma - ln 3, for logit(0.75) = ln 3."""
    wish = target.decide(finished(6, cleared=True, skill=skill, skill_sigma=sigma), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(difficulty)


def test_an_unknown_paddler_climbs_a_tenth_after_a_cleared_round() -> None:
    """Rapid 2 is drawn at -1.38, and a tenth above is -1.28."""
    wish = target.decide(finished(1, cleared=True), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.28)


def test_an_unknown_paddler_steps_down_three_tenths_after_a_lost_round() -> None:
    """0.10 x 0.75 / 0.25 = 0.30 below the -1.60 of rapid 1."""
    wish = target.decide(finished(1, cleared=False), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.9)


def test_a_refused_step_is_not_forgotten() -> None:
    """Asked for -0.20 and given +0.10, the staircase goes on from what it asked: a cleared round asks for -0.10."""
    wish = target.decide(finished(3, cleared=True), State(asked=-0.2, offset=0.1))
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.38 - 0.1)


def test_the_staircase_does_not_run_away_from_the_river() -> None:
    """However many refusals there were, it asks for at most 0.60 from where the river is."""
    wish = target.decide(finished(3, cleared=False), State(asked=-1.4, offset=0.0))
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.6 - 0.6)


@pytest.mark.parametrize(
    ("streak", "success", "words"),
    [
        (4, 0.9, "You cleared 4 in a row"),
        (-2, 0.4, "The river won 2 times in a row"),
        (1, 0.72, "You clear about 7 runs in 10"),
    ],
)
def test_the_reason_can_be_read_by_a_player(streak: int, success: float, words: str) -> None:
    """No logits, no names of signals."""
    wish = target.decide(finished(9, cleared=streak > 0, streak=streak, success=success), State())
    assert wish is not None
    assert wish.because == words
