"""How long players stay, against a textbook and against a formula."""

from itertools import pairwise

import numpy as np
import pytest

from experiments.survival import logrank, median, stays, survival

# Freireich et al. 1963, weeks of remission; the example of most textbooks on survival.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSED = [True] * 9 + [False] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_textbook_example_has_the_textbooks_numbers() -> None:
    """Log-rank chi-square 16.79; half had relapsed after 23 and after 8 weeks (Kleinbaum and Klein, chapter 2)."""
    treated, placebo = stays(TREATED, RELAPSED), stays(PLACEBO, [True] * 21)
    assert logrank(treated, placebo)[0] == pytest.approx(16.79, abs=0.005)
    assert (median(treated), median(placebo)) == (23.0, 8.0)


def test_players_counted_by_equal_stays_are_the_same_players() -> None:
    """Three left after 6 weeks and one was only seen for 6: two stays, of three and of one."""
    counted = stays(TREATED, RELAPSED)
    six = counted.length == 6.0
    assert dict(zip(counted.left[six].tolist(), counted.players[six].tolist(), strict=True)) == {True: 3, False: 1}
    assert counted.players.sum() == 21


def test_the_median_of_players_with_a_hazard_each_is_the_published_one() -> None:
    """Hazards from Gamma(1.58, 1.40 h) give a Lomax playtime: S(t) = (1 + t / 1.40)^-1.58, half gone after .77 h."""
    shares = (np.arange(4_000) + 0.5) / 4_000
    hours = 1.40 * ((1.0 - shares) ** (-1.0 / 1.58) - 1.0)
    assert median(stays(hours, np.ones(4_000))) == pytest.approx(0.77, abs=0.005)


def test_players_with_a_hazard_each_thin_out_ever_more_slowly() -> None:
    """The impatient go first: of those still there, a smaller share leaves every hour (1.58 / (1.40 + t) falls)."""
    shares = (np.arange(4_000) + 0.5) / 4_000
    hours = 1.40 * ((1.0 - shares) ** (-1.0 / 1.58) - 1.0)
    there = [float((hours >= hour).sum()) for hour in range(5)]
    leaving = [1.0 - later / now for now, later in pairwise(there)]
    assert leaving == sorted(leaving, reverse=True)
    assert leaving[0] == pytest.approx(1.0 - (1.0 + 1.0 / 1.40) ** -1.58, abs=1e-3)


def test_nobody_left_means_no_median_and_no_difference() -> None:
    """Everybody was still there at the horizon: the median is unknown, not the horizon."""
    there = stays([30.0] * 5, [False] * 5)
    found = survival(there, there)
    assert (found.median, found.median_control, found.logrank_p) == (None, None, 1.0)


def test_twins_who_stayed_equally_long_do_not_differ() -> None:
    """The same stays in both arms: the test's statistic is zero."""
    of = stays(PLACEBO, [True] * 21)
    assert survival(of, of).logrank_p == pytest.approx(1.0)
