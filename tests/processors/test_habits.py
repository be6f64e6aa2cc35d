"""What a player is used to, against numbers worked out by hand: strokes, swampings, absences, getting up."""

from math import exp, log

import msgspec
import pytest

from contract.events import Event, RapidFinished, SessionEnded
from processors.player import signals
from tests.processors.river import (
    ACTIONS,
    DAY_S,
    beat,
    believed,
    cleared,
    event,
    folded,
    started,
    stroke,
    swamped,
    told,
)


def lost_after(active_s: float) -> RapidFinished:
    """A round that was lost after so many seconds of play."""
    return msgspec.structs.replace(swamped(), active_s=active_s)


def sittings(*at_days: float) -> list[Event]:
    """Sessions of a single heartbeat, begun on these days."""
    return [event(beat(), 1, day * DAY_S, session=f"s-{n}") for n, day in enumerate(at_days)]


def test_whoever_does_one_thing_only_has_no_entropy_and_whoever_does_all_alike_has_one() -> None:
    """A hundred lefts: 0. All four actions in turn, 25 times each: 1 but for the fading of the newest round of four."""
    assert believed(*((n / 2, stroke()) for n in range(100))).input_entropy == 0.0
    even = believed(*((n / 2, stroke(1, ACTIONS[n % 4])) for n in range(100)))
    assert even.input_entropy == pytest.approx(1.0, abs=1e-4)


def test_three_lefts_and_a_right_are_four_tenths_as_varied_as_can_be() -> None:
    """Unfaded, p = 3/4 and 1/4: 0.75 log2(4/3) + 0.25 log2 4 = 0.81128 bits of 2; the fading adds 0.002."""
    belief = believed((0, stroke()), (1, stroke()), (2, stroke()), (3, stroke(1, "right")))
    assert belief.input_entropy == pytest.approx(0.81128 / 2, abs=0.0025)


def test_old_strokes_are_forgotten_after_some_hundreds() -> None:
    """A right and then 2,000 lefts: the right weighs e^-10 of 200.5, nothing."""
    belief = believed((0, stroke(1, "right")), *((n / 4, stroke()) for n in range(1, 2001)))
    assert belief.input_entropy == pytest.approx(0.0, abs=1e-5)


def test_a_sampled_stroke_fades_the_others_as_all_it_stands_for_would() -> None:
    """A right, then one left that stands for three, is a right and three lefts."""
    first = (0.0, stroke(1, "right"))
    one = believed(first, (1, stroke(3)))
    three = believed(first, (1, stroke()), (1, stroke()), (1, stroke()))
    assert one.input_entropy == pytest.approx(three.input_entropy, rel=1e-12)


def test_a_swamping_is_a_third_of_one_a_minute_and_fades() -> None:
    """60/180 at once; after 180 s more, with another: (1 + e^-1) / 3 = 0.45596."""
    assert believed((0, swamped())).swamp_rate == pytest.approx(1 / 3)
    assert believed((0, swamped()), (180, swamped())).swamp_rate == pytest.approx(0.45596, abs=1e-5)
    assert believed((0, cleared())).swamp_rate == 0.0


def test_a_lifespan_is_the_mean_of_the_lost_rounds_the_newest_weighing_most() -> None:
    """20 s, and 180 s later 50 s: (50 + 20 e^-1) / (1 + e^-1) = 57.3576 / 1.36788 = 41.932 s, however long ago."""
    belief = believed((0, lost_after(20.0)), (180, lost_after(50.0)), (900, beat()))
    assert belief.lifespan_s == pytest.approx(41.932, abs=1e-3)
    assert believed((0, cleared())).lifespan_s == 0.0


def test_a_swamping_told_late_adds_what_it_would_have_added() -> None:
    """Number 2 comes after fifteen others, beyond the bound: rate and lifespan are those of the right order."""
    first, late, *others = told(
        (0, stroke()), (1, lost_after(9.0)), (2, swamped()), *((3.0 + n, beat()) for n in range(13))
    )
    there, here = signals(folded([first, late, *others])), signals(folded([first, *others, late]))
    assert here.swamp_rate == pytest.approx(there.swamp_rate)
    assert here.lifespan_s == pytest.approx(there.lifespan_s)


def test_an_absence_is_held_against_the_players_own_rhythm() -> None:
    """Days 0, 1, 3, 6: absences of 1, 2 and 3 days. 2 against 1 is 2; 3 against the mean of 1 and 2 is 2 again."""
    ratios = [signals(folded(sittings(*days))).absence_ratio for days in ((0,), (0, 1), (0, 1, 3), (0, 1, 3, 6))]
    assert ratios == pytest.approx([0.0, 1.0, 2.0, 2.0])


def test_sessions_and_days_are_counted_from_the_first_event() -> None:
    """The fourth session, six days on."""
    belief = signals(folded(sittings(0, 1, 3, 6)))
    assert (belief.sessions, belief.days) == (4, 6.0)


def test_a_clock_that_was_set_back_makes_no_days_less_than_none() -> None:
    """Two windows of one player; the clock of the first is set back by an hour, to before this life began."""
    order = [("a", 1, 0), ("a", 3, 0), ("b", 1, 0), ("a", 2, 0), ("a", 4, -3_600)]
    belief = signals(folded([event(beat(), number, at_s, session=session) for session, number, at_s in order]))
    assert (belief.sessions, belief.days) == (3, 0.0)


def test_a_silence_of_more_than_half_an_hour_ends_a_session_whatever_the_game_says() -> None:
    """Two sessions under one name: rounds of the session begin again, the round on the river goes on."""
    belief = believed((0, swamped()), (5, started(1, 2)), (1806, beat()))
    assert (belief.sessions, belief.session_rounds, belief.rounds, belief.in_round) == (2, 0, 1, True)
    assert believed((0, swamped()), (5, started(1, 2)), (1805, beat())).sessions == 1


def test_getting_up_after_a_loss_is_told_in_log_odds() -> None:
    """Lost and gone: ln(1.5/0.5) - ln(0.5/0.5) = ln 3, whether the game said goodbye or not.

    Then cleared and on to the next: q_L = 0.98 and s_W = 1, so ln(1.48/0.5) - ln(0.5/1.5) = 2.18380.
    """
    gone = told((0, swamped()), (1, SessionEnded("quit", 1.0, 1)))
    assert signals(folded(gone)).quit_after_loss == pytest.approx(log(3))
    assert believed((0, swamped()), (1900, beat())).quit_after_loss == pytest.approx(log(3))
    back = told((4000, beat()), (4030, cleared()), (4032, started(2)), session="s-2")
    assert signals(folded([*gone, *back])).quit_after_loss == pytest.approx(2.18380, abs=1e-5)


def test_a_round_left_in_the_middle_is_no_sign_of_anything() -> None:
    """Abandoned and gone: nothing is known of what a loss would have done."""
    left = msgspec.structs.replace(cleared(), outcome="abandoned")
    assert believed((0, started()), (9, left), (9, SessionEnded("quit", 9.0, 1))).quit_after_loss == 0.0


def test_a_late_word_of_an_earlier_session_ends_nothing_that_goes_on() -> None:
    """A crashed game's last loss is told ten minutes later: a round more in life, 601 s of fading, and that is all."""
    first, crash = told((0, cleared()), (40, swamped()))
    second = told((600, beat()), (640, cleared()), session="s-2")
    player = folded([first, *second, crash, event(beat(), 3, 641, session="s-2")])
    belief = signals(player)
    assert (belief.sessions, belief.session_rounds, belief.rounds, belief.streak) == (2, 1, 3, 2)
    assert player.belief.life.late == 1
    assert belief.swamp_rate == pytest.approx(exp(-601 / 180) / 3)
