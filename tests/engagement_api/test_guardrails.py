"""Each rail, with numbers worked out by hand. Offsets are logits from the designer's curve."""

from datetime import timedelta
from math import log

import pytest

from engagement_api.guardrails import allow_hint, allow_reward, drift, freshness, guard
from engagement_api.state import State
from tests.engagement_api.beliefs import NOON


def test_the_range_ends_one_and_a_half_logits_from_the_curve() -> None:
    """A wish for +2.0 from a paddler good enough for it ends at +1.5."""
    guarded = guard(2.0, 0.0, 3.0, State(offset=1.4, session_offset=1.4, heading=1))
    assert guarded.offset == pytest.approx(1.5)
    assert guarded.rails == ("range",)


def test_a_river_that_would_be_lost_too_often_is_not_given() -> None:
    """Skill -0.5 clears d = -0.5 - ln(0.45/0.55) with probability 0.45: the wish ends there, 1.3007 above the curve."""
    most = -0.5 - log(0.45 / 0.55) + 1.6
    guarded = guard(0.0, -1.6, -0.5, State(offset=1.2, session_offset=1.2, heading=1))
    assert guarded.offset == pytest.approx(most, abs=1e-6)
    assert guarded.rails == ("odds",)


def test_a_river_that_would_be_cleared_nearly_always_is_not_given() -> None:
    """Skill 1.0 clears d = 1 - ln(0.92/0.08) = -1.4423 with probability 0.92: a wish for -1.7 ends there."""
    least = 1.0 - log(0.92 / 0.08) + 1.6
    guarded = guard(-1.7, -1.6, 1.0, State(offset=0.4, session_offset=0.4, heading=-1))
    assert guarded.offset == pytest.approx(least, abs=1e-6)
    assert guarded.rails == ("odds",)


def test_a_change_nobody_would_feel_is_not_made() -> None:
    """A wish for 0.09 more stays; one for 0.10 more goes."""
    assert guard(-1.51, -1.6, 0.0, State()).offset == 0.0
    assert guard(-1.51, -1.6, 0.0, State()).rails == ("dead_band",)
    assert guard(-1.50, -1.6, 0.0, State()).offset == pytest.approx(0.10)


def test_a_round_changes_the_river_by_three_tenths_at_most() -> None:
    """A wish for -0.7 is given -0.3."""
    guarded = guard(-2.3, -1.6, 0.0, State())
    assert guarded.offset == pytest.approx(-0.3)
    assert guarded.rails == ("round_step",)


def test_a_session_changes_the_river_by_eight_tenths_at_most() -> None:
    """From a session's beginning at 0.2, an offset of 0.9 may rise to 1.0 and no further."""
    guarded = guard(-0.4, -1.6, 0.5, State(offset=0.9, session_offset=0.2, heading=1))
    assert guarded.offset == pytest.approx(1.0)
    assert guarded.rails == ("session_sum",)


def test_a_small_reversal_needs_two_requests() -> None:
    """A river that was made easier is made harder by 0.2 at the second request, not at the first."""
    state = State(offset=-0.3, heading=-1)
    first = guard(-1.7, -1.6, 0.0, state)
    assert (first.offset, first.turns_asked, first.rails) == (-0.3, 1, ("reversal",))
    second = guard(-1.7, -1.6, 0.0, State(offset=-0.3, heading=-1, turns_asked=1))
    assert second.offset == pytest.approx(-0.1)
    assert second.heading == 1


def test_a_large_reversal_needs_one_request() -> None:
    """More than 0.3 the other way is no noise: it starts at once, in steps."""
    guarded = guard(-1.58, -1.6, 0.0, State(offset=-0.3, heading=-1))
    assert guarded.offset == pytest.approx(0.0)
    assert guarded.heading == 1


def test_a_request_the_same_way_forgets_the_doubt() -> None:
    """The two requests must come one after the other."""
    assert guard(-2.1, -1.6, 0.0, State(offset=-0.3, heading=-1, turns_asked=1)).turns_asked == 0


def test_a_hint_comes_a_minute_after_the_last_one_at_the_earliest() -> None:
    """At 59 s not, at 60 s yes."""
    state = State(hints=1, hinted_at=NOON)
    assert allow_hint("look_ahead", state, NOON + timedelta(seconds=59)) == (None, ("hint_gap",))
    assert allow_hint("look_ahead", state, NOON + timedelta(seconds=60)) == ("look_ahead", ())


def test_a_session_has_three_hints() -> None:
    """The fourth is not shown, however long ago the third was."""
    state = State(hints=3, hinted_at=NOON)
    assert allow_hint("look_ahead", state, NOON + timedelta(hours=1)) == (None, ("hint_count",))


def test_five_rounds_have_one_reward() -> None:
    """A reward in round 10 leaves the next to round 15."""
    state = State(rewarded_round=10)
    assert allow_reward("calm_water", state, 14) == (None, ("reward_gap",))
    assert allow_reward("calm_water", state, 15) == ("calm_water", ())


def test_nothing_asked_trips_nothing() -> None:
    """No hint, no reward, no rail."""
    assert allow_hint(None, State(hints=9), NOON) == (None, ())
    assert allow_reward(None, State(rewarded_round=1), 2) == (None, ())


@pytest.mark.parametrize(
    ("age_s", "what"), [(-5, "fresh"), (10, "fresh"), (10.1, "stale"), (60, "stale"), (61, "lost")]
)
def test_a_belief_ages(age_s: float, what: str) -> None:
    """Up to 10 s it decides, up to 60 s it changes nothing, beyond it only leads home. A fast clock makes none old."""
    assert freshness(timedelta(seconds=age_s)) == what


@pytest.mark.parametrize(("offset", "after"), [(0.5, 0.2), (-0.5, -0.2), (0.2, 0.0)])
def test_the_way_home_is_taken_in_steps(offset: float, after: float) -> None:
    """Three tenths a round towards the curve, and then there."""
    assert drift(State(offset=offset, session_offset=offset)).offset == pytest.approx(after)
