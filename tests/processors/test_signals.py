"""Every belief against numbers worked out by hand."""

from math import exp, log, sqrt

import pytest

from contract.events import (
    ConsentChanged,
    GateMissed,
    PlayPaused,
    PlayResumed,
    RapidFinished,
    RockHit,
    RockPassed,
    SessionEnded,
    SessionStarted,
)
from processors.player import signals
from tests.processors.river import DAY_S, beat, believed, cleared, event, folded, started, stroke, swamped, told


def test_apm_counts_a_stroke_as_one_a_minute_and_lets_it_fade() -> None:
    """Two strokes 60 s apart, read 60 s later: 60/60 (e^-2 + e^-1) = 0.1353 + 0.3679."""
    belief = believed((0, stroke()), (60, stroke()), (120, beat()))
    assert belief.apm == pytest.approx(0.50321, abs=1e-5)


def test_a_sampled_stroke_stands_for_the_others() -> None:
    """One stroke of a sample of five is five strokes a minute."""
    assert believed((0, stroke(5))).apm == pytest.approx(5.0)


def test_steady_strokes_read_as_their_rate() -> None:
    """Two strokes a second for ten minutes: about 120 a minute (exactly 60 x 0.5 / (1 - e^(-1/120)) / 30)."""
    belief = believed(*((n / 2, stroke()) for n in range(1200)))
    assert belief.apm == pytest.approx(1 / (1 - exp(-1 / 120)), rel=1e-3)


def test_idle_share_weighs_long_gaps_by_how_long_ago_they_were() -> None:
    """Strokes at 0, 10 and 14 s: the gap of 10 s is idle, that of 4 s is not.

    idle = 120 (1 - e^(-10/120)) e^(-4/120) = 9.2801;  spent = 120 (1 - e^(-14/120)) = 13.2134;  share 0.70232.
    """
    belief = believed((0, stroke()), (10, stroke()), (14, stroke()))
    assert belief.idle_share == pytest.approx(9.2801 / 13.2134, abs=1e-4)


def test_the_open_gap_counts_once_it_is_long() -> None:
    """Nothing but strokes until 4 s, then silence: after 5 s more nothing is idle, after 6 s the whole gap is."""
    strokes = [(float(n), stroke()) for n in range(5)]
    assert believed(*strokes, (9, beat())).idle_share == 0.0
    idle = 1 - exp(-6 / 120)
    assert believed(*strokes, (10, beat())).idle_share == pytest.approx(idle / (1 - exp(-10 / 120)))


def test_success_is_the_mean_of_a_decayed_beta_posterior() -> None:
    """Cleared, cleared, lost: A = 0.9 + 0.81 = 1.71, B = 1, mean (1.71 + 1) / (1.71 + 1 + 2) = 0.57537."""
    belief = believed((0, cleared()), (30, cleared()), (60, swamped()))
    assert belief.success == pytest.approx(2.71 / 4.71)


def test_without_a_round_success_is_a_coin() -> None:
    """The uniform prior: 1/2."""
    assert believed((0, beat())).success == 0.5


def test_skill_moves_by_what_was_unexpected() -> None:
    """From 0 on a rapid of 0: p = 0.5, theta = 0.8 x 0.5; then lost at 0.4: p = 0.5, step 0.8/1.1."""
    assert believed((0, cleared())).skill == pytest.approx(0.4)
    assert believed((0, cleared()), (30, swamped(difficulty=0.4))).skill == pytest.approx(0.4 - 0.4 / 1.1)


def test_an_outcome_makes_skill_surer_by_what_it_tells() -> None:
    """At p = 0.5 one round tells 0.25: sigma = (1/1.002 + 0.25)^-1/2 = 0.89515."""
    assert believed((0, cleared())).skill_sigma == pytest.approx(1 / sqrt(1 / 1.002 + 0.25))


def test_certainty_fades_with_absence() -> None:
    """Ten days away add 0.3 to the variance, and never beyond what is known of a stranger."""
    first = told((0, cleared()))
    variance = 1 / (1 / 1.002 + 0.25)
    back = folded([*first, event(beat(), 1, 10 * DAY_S, session="s-2")])
    assert signals(back).skill_sigma == pytest.approx(min(sqrt(variance + 0.3), 1.0))
    soon = folded([*first, event(beat(), 1, DAY_S, session="s-2")])
    assert signals(soon).skill_sigma == pytest.approx(sqrt(variance + 0.03))


def test_flow_gap_is_zero_where_three_of_four_rounds_would_be_cleared() -> None:
    """A newcomer (theta 0) on a rapid of -ln 3 is exactly in flow; on a rapid of 0 it is ln 3 too hard."""
    assert believed((0, started(difficulty=-log(3)))).flow_gap == pytest.approx(0.0)
    assert believed((0, started(difficulty=0.0))).flow_gap == pytest.approx(-log(3))


def test_streak_and_last3_follow_the_outcomes() -> None:
    """Lost, cleared, cleared: a run of +2 and the bits 011; one more loss: -1 and 110."""
    three = [(0.0, swamped()), (30.0, cleared()), (60.0, cleared())]
    belief = believed(*three)
    assert (belief.streak, belief.last3) == (2, 0b011)
    belief = believed(*three, (90.0, swamped()))
    assert (belief.streak, belief.last3) == (-1, 0b110)


def test_an_abandoned_round_is_counted_and_says_nothing_about_the_paddler() -> None:
    """Rounds 2, but success, skill and streak are those of the one cleared round."""
    left = RapidFinished(2, 1, "abandoned", 3.0, 0, 0.1, 4, 0, 3, 0.0)
    one, two = believed((0, cleared())), believed((0, cleared()), (30, left))
    assert two.rounds == 2
    assert (two.success, two.skill, two.streak) == (one.success, one.skill, one.streak)


def test_two_losses_alike_suggest_a_hint_about_their_cause() -> None:
    """Two rocks suggest looking ahead; a rock and a gate suggest nothing; a cleared round forgets."""
    assert believed((0, swamped()), (30, swamped())).suggested_hint == "look_ahead"
    mixed = believed((0, swamped()), (30, swamped(by="gates")))
    assert (mixed.losses_alike, mixed.lost_by, mixed.suggested_hint) == (1, "gates", None)
    gates = believed((0, swamped(by="gates")), (30, swamped(by="gates")))
    assert gates.suggested_hint == "line_up_the_gate"
    assert believed((0, swamped()), (30, swamped()), (60, cleared())).losses_alike == 0


def test_stuck_counts_the_seconds_inside_all_attempts_at_a_rapid() -> None:
    """20 s of one attempt and 5 s of the next are 25 s; the 10 s between them are not played."""
    first = [(0.0, started(3)), (20.0, swamped(3)), (30.0, started(3, 2)), (35.0, beat())]
    assert believed(*first).stuck_s == pytest.approx(25.0)
    assert believed(*first, (40.0, cleared(3, 2)), (45.0, started(4)), (47.0, beat())).stuck_s == pytest.approx(2.0)


def test_where_the_player_is_comes_from_the_newest_round() -> None:
    """In a round after it started, out of it after it finished, and its difficulty and numbers known."""
    belief = believed((0, started(4, 2, 0.7)))
    assert (belief.in_round, belief.rapid, belief.attempt, belief.difficulty) == (True, 4, 2, 0.7)
    belief = believed((0, started(4, 2, 0.7)), (20, cleared(4, 2, 0.7)))
    assert (belief.in_round, belief.rounds, belief.session_rounds) == (False, 1, 1)
    left = believed((0, started(4, 2, 0.7)), (9, SessionEnded("quit", 9.0, 4)))
    assert not left.in_round


def test_another_session_counts_its_own_rounds() -> None:
    """Two rounds in life, one in the session now."""
    player = folded([*told((0, cleared())), *told((4000, cleared()), session="s-2")])
    assert (signals(player).rounds, signals(player).session_rounds) == (2, 1)


def test_intensity_rises_with_knocks_and_near_misses_and_falls_when_calm() -> None:
    """A knock is 0.4, a rock one metre off 0.075; after 2 s of calm it falls by 1/30 a second."""
    knock, near = RockHit(0.0, 1.0, 1, 2), RockPassed(0.0, 1.0, 1.0)
    assert believed((0, knock)).intensity == pytest.approx(0.4)
    assert believed((0, knock), (1, near)).intensity == pytest.approx(0.475)
    assert believed((0, knock), (2, beat())).intensity == pytest.approx(0.4)
    assert believed((0, knock), (8, beat())).intensity == pytest.approx(0.2)
    assert believed((0, knock), (60, beat())).intensity == 0.0


def test_the_director_goes_round_once() -> None:
    """Swamped at 0 s: peak until 4 s, fade until intensity is 0.3 (2 + 0.7 x 30 = 23 s), relax until 53 s."""
    sunk = RockHit(0.0, 1.0, 3, 0)

    def state_at(at_s: float) -> str:
        return believed((0, sunk), (at_s, beat())).pace_state

    assert believed((0, GateMissed(1, 0.5, 0))).pace_state == "build_up"
    assert [state_at(at) for at in (3.9, 4.1, 22.9, 23.1, 52.9, 53.1)] == [
        "peak", "fade", "fade", "relax", "relax", "build_up",
    ]  # fmt: skip


def test_a_threat_while_fading_keeps_the_relief_away_longer() -> None:
    """A near miss at no distance after 10 s: 1 - 8/30 + 0.15 = 0.88333, calm at 10 + 2 + 17.5 s."""
    facts = [(0.0, RockHit(0.0, 1.0, 3, 0)), (10.0, RockPassed(0.0, 1.0, 0.0))]
    assert believed(*facts, (29.4, beat())).pace_state == "fade"
    assert believed(*facts, (29.6, beat())).pace_state == "relax"


def test_a_paused_minute_is_no_active_minute() -> None:
    """A round of 10 s with a minute's pause in it is 10 s."""
    belief = believed((0, started()), (4, PlayPaused()), (64, PlayResumed()), (70, cleared()))
    assert belief.stuck_s == pytest.approx(10.0)


def test_a_silence_of_more_than_half_an_hour_is_no_play() -> None:
    """1,799 s of silence are active; 1,801 s are not."""
    assert believed((0, started()), (1799, beat())).stuck_s == pytest.approx(1799.0)
    assert believed((0, started()), (1801, beat())).stuck_s == 0.0


def test_the_wish_to_be_left_alone_is_believed_at_once() -> None:
    """Said at the start of a session, or in the middle of it."""
    alone = SessionStarted("linux", "keyboard", "1", False, None)  # noqa: FBT003 - a fact by position
    assert not believed((0, alone)).consent
    assert believed((0, alone), (1, ConsentChanged(True))).consent  # noqa: FBT003 - a fact by position
