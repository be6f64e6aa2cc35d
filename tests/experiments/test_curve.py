"""The curve that fast mode draws from says what was measured, and something sensible in between and beyond."""

from itertools import pairwise
from math import exp

import pytest

from experiments.curve import chance, lost_by, patched, round_s
from experiments.measured import CLEARED_S, DIFFICULTIES, LOGITS, LOST_S, SKILLS

EVERYWHERE = [step / 10 for step in range(-55, 56)]


def test_four_points_make_a_patch() -> None:
    """Log odds 0 and 1 to the right, 2 and 5 above them: up 2, right 1, both together 5 - 2 - 1 more."""
    assert patched(((0.0, 1.0), (2.0, 5.0))) == (((0.0, 2.0, 1.0, 2.0),),)


@pytest.mark.parametrize("row", [0, 3, 8, 16])
@pytest.mark.parametrize("column", [0, 6, 12])
def test_on_the_grid_the_curve_is_what_was_measured(row: int, column: int) -> None:
    """The log odds of the table, as a chance; the last skill and difficulty too."""
    expected = 1.0 / (1.0 + exp(-LOGITS[row][column]))
    assert chance(SKILLS[row], DIFFICULTIES[column]) == pytest.approx(expected)


def test_between_four_points_it_is_their_mean() -> None:
    """In the middle of a patch the log odds are a quarter of their sum."""
    corners = (LOGITS[8][6], LOGITS[8][7], LOGITS[9][6], LOGITS[9][7])
    assert chance(0.25, 0.25) == pytest.approx(1.0 / (1.0 + exp(-sum(corners) / 4.0)))


def test_nobody_gets_worse_by_being_better() -> None:
    """At any difficulty the chance never falls with skill."""
    for difficulty in EVERYWHERE:
        assert all(worse <= better for worse, better in pairwise(chance(skill, difficulty) for skill in EVERYWHERE))


def test_no_river_gets_easier_by_being_harder() -> None:
    """At any skill the chance never rises with difficulty."""
    for skill in EVERYWHERE:
        assert all(easy >= hard for easy, hard in pairwise(chance(skill, at) for at in EVERYWHERE))


def test_nothing_is_certain() -> None:
    """The worst on the hardest may clear it, and the best may lose on the easiest."""
    assert 0.0 < chance(-9.0, 9.0) < 0.01
    assert 0.99 < chance(9.0, -9.0) < 1.0


def test_beyond_the_grid_the_edge_answers() -> None:
    """The knob has no harder water than its last row."""
    assert chance(1.0, 7.0) == chance(1.0, 3.0)
    assert chance(-8.0, 0.0) == chance(-4.0, 0.0)


def test_a_round_lasts_as_long_as_measured() -> None:
    """Halfway between two difficulties it lasts halfway between their times; beyond the last as long as there."""
    assert round_s(0.25, cleared=True) == pytest.approx((CLEARED_S[6] + CLEARED_S[7]) / 2.0)
    assert round_s(8.0, cleared=False) == pytest.approx(LOST_S[-1])


def test_a_lost_round_was_lost_somehow() -> None:
    """By rock, gates or time, and by rocks the more the harder the river is."""
    for difficulty in EVERYWHERE:
        assert sum(lost_by(difficulty)) == pytest.approx(1.0, abs=0.002)
    assert lost_by(-3.0)[0] < lost_by(0.0)[0] < lost_by(3.0)[0]
