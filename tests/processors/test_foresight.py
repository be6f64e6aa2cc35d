"""What is foretold of the next round and of the rounds to come, against the definitions."""

from math import exp, log

import pytest

from contract.events import SessionEnded
from contract.graph import FEATURES, PLACES, Place, Standing, forks_of, number_of, solve
from processors.signals import engagement
from processors.signals.engagement import PARTS, expect, table, warm
from processors.signals.hazard import PUBLISHED, Ahead, foresee
from tests.processors.river import believed, cleared, started, stroke, swamped

WEIGHT = dict(zip(FEATURES, PUBLISHED, strict=True))


def chance(log_odds: float) -> float:
    """The chance that these log odds are."""
    return 1 / (1 + exp(-log_odds))


def odds(of: float) -> float:
    """The log odds of a chance."""
    return log(of / (1 - of))


def test_a_newcomers_frustration_is_the_hazard_after_a_first_loss() -> None:
    """Success would be 1/3, nothing cleared of the last three, newness 1/2, and no absence."""
    foretold = chance(WEIGHT["always"] + WEIGHT["success"] / 3 + WEIGHT["success_squared"] / 9 + WEIGHT["newness"] / 2)
    assert believed((0, started())).frustration == pytest.approx(foretold)


def test_a_newcomers_boredom_is_the_hazard_after_a_first_clearance() -> None:
    """Success would be 2/3, one of the last three cleared, newness 1/2."""
    log_odds = WEIGHT["always"] + WEIGHT["cleared"] + WEIGHT["recent"] / 3 + WEIGHT["recent_squared"] / 9
    log_odds += 2 * WEIGHT["success"] / 3 + 4 * WEIGHT["success_squared"] / 9 + WEIGHT["newness"] / 2
    assert believed((0, started())).boredom == pytest.approx(chance(log_odds))


def test_what_is_foretold_after_a_loss_is_a_second_attempt() -> None:
    """After lost, lost again: attempt 2 of 4 is 1/3, success 1/3.9, newness 1/3."""
    success = 1 / (1.9 + 2)
    log_odds = WEIGHT["always"] + WEIGHT["attempt"] / 3 + WEIGHT["newness"] / 3
    log_odds += success * WEIGHT["success"] + success**2 * WEIGHT["success_squared"]
    belief = believed((0, started()), (3, swamped()))
    assert belief.frustration == pytest.approx(chance(log_odds))
    assert believed((0, started()), (3, swamped()), (25, started(1, 2))).frustration == belief.frustration


def test_another_attempt_than_expected_is_foretold_anew() -> None:
    """After a loss the player goes on to another rapid: the next attempt is a first one."""
    stays = believed((0, swamped()), (5, started(1, 2)))
    moves = believed((0, swamped()), (5, started(2, 1)))
    assert odds(stays.frustration) - odds(moves.frustration) == pytest.approx(WEIGHT["attempt"] / 3)


def test_an_absence_and_idle_hands_tell_of_leaving_as_they_weigh() -> None:
    """Away twice as long as usual is 2 of 4; half of the time idle is 1/2."""
    fresh, tired = (foresee(1, 0, 0.5, 0.5, standing) for standing in (Standing(), Standing(0.0, 0.5, 0.5)))
    apart = odds(tired.frustration) - odds(fresh.frustration)
    assert apart == pytest.approx(WEIGHT["absence"] / 2 + WEIGHT["idle"] / 2)


def test_a_stroke_changes_nothing_that_is_foretold() -> None:
    """Between the ends of rounds frustration, boredom and engagement stand still."""
    before = [(0.0, started()), (20.0, cleared()), (25.0, started(2))]
    quiet, busy = believed(*before), believed(*before, *((25.0 + n, stroke()) for n in range(9)))
    assert (quiet.frustration, quiet.boredom, quiet.engagement) == (busy.frustration, busy.boredom, busy.engagement)


def test_engagement_is_r_of_the_graph_where_the_player_stands_on_a_rung() -> None:
    """With an everyday standing and w a twentieth, one step and the table are the whole graph solved for 100 rounds."""
    forks = forks_of(PUBLISHED, Standing())
    for w in (0.35, 0.8):
        rounds = solve(forks, (w,)).rounds
        for place in (Place(0, 0, 1), Place(5, 0b101, 2), Place(9, 0b111, 4), Place(10, 0b110, 3)):
            if_lost, if_cleared = ((0.9 * place.rung + cleared_ + 1) / 12 for cleared_ in (0, 1))
            ahead = foresee(place.attempt, place.last3, if_lost, if_cleared, Standing())
            expected = expect(ahead, w, place.last3)
            assert expected == pytest.approx(rounds[number_of(place)], rel=1e-9)


def test_whoever_leaves_for_sure_has_one_round_to_come() -> None:
    """R = 1 + 0 + 0; and who leaves only when losing, every second time, half of what winning leads to."""
    assert expect(Ahead(1, 1.0, 1.0), 0.5, 0) == 1.0
    won = table(10)[number_of(Place(6, 0b001, 1))]
    assert expect(Ahead(1, 1.0, 0.0, 0.4, 7 / 12), 0.5, 0) == pytest.approx(1.0 + 0.5 * won)


def test_a_harder_river_is_told_as_soon_as_it_is_known() -> None:
    """The same player before a rapid of -1 and of +1 expects another future: w is another."""
    easy, hard = (believed((0, cleared()), (5, started(2, 1, d))) for d in (-1.0, 1.0))
    assert easy.engagement != hard.engagement
    assert (easy.boredom, easy.frustration) == (hard.boredom, hard.frustration)


def test_every_table_is_there_before_the_first_player() -> None:
    """Twenty-one of them, from never to always, and nobody need wait for another."""
    warm()
    assert engagement.table.cache_info().currsize == PARTS + 1 == 21
    assert len(table(1)) == len(PLACES)


def test_a_session_that_ends_leaves_the_future_standing() -> None:
    """Getting up is not leaving for good."""
    before = believed((0, started()), (20, cleared()))
    after = believed((0, started()), (20, cleared()), (25, SessionEnded("quit", 20.0, 1)))
    assert after.engagement == before.engagement
