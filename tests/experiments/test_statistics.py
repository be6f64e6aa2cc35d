"""How far apart two arms are, against numbers worked out by hand or published."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from engagement_api import standing
from experiments.statistics import Sample, cuped, estimate, field, holm, ratio, resampled, two_sided, verdict


def sample(outcome: list[float], before: list[float] | None = None) -> Sample:
    """An arm of a few players."""
    return Sample(np.array(outcome), np.array(before or [0.0] * len(outcome)))


def kept(players: int, days_7: int) -> Sample:
    """So many players of whom so many came back on the seventh day."""
    return Sample(np.repeat([1.0, 0.0], [days_7, players - days_7]), np.zeros(players))


def test_holm_asks_the_smallest_p_of_all_and_the_largest_of_one() -> None:
    """.005 x 4 = .02, .01 x 3 = .03, .03 x 2 = .06; .04 x 1 may not be surer than the one before it."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_holm_is_that_of_statsmodels() -> None:
    """An independent library, on questions with ties, with certainty and with none."""
    chances = [0.2, 0.01, 0.01, 1.0, 0.0, 0.049, 0.6, 0.013]
    assert holm(chances) == pytest.approx(multipletests(chances, method="holm")[1])


def test_a_difference_of_two_standard_errors_is_about_one_in_twenty() -> None:
    """1.96 of them is p of .05; no difference with no spread is p of 1, any with no spread is p of 0."""
    assert two_sided(-3.92, 2.0) == pytest.approx(0.05, abs=1e-4)
    assert (two_sided(0.0, 0.0), two_sided(0.1, 0.0)) == (1.0, 0.0)


def test_cookie_cats_gate_moved_to_level_40_cost_players_on_the_seventh_day() -> None:
    """The published trial: 8,502 of 44,700 came back with the gate at 30, 8,279 of 45,489 at 40; z = 3.16.

    By hand: 19.02 % - 18.20 % = .0082; sqrt(.1902 x .8098 / 44,700 + .1820 x .8180 / 45,489) = .002592.
    """
    found = field([kept(44_700, 8_502)], [kept(45_489, 8_279)])
    assert found.z == pytest.approx(3.16, abs=0.005)
    assert found.plain.lift == pytest.approx(0.1902 / 0.1820 - 1.0, abs=5e-4)
    assert found.plain.low > 0.0


def test_the_report_and_the_live_page_give_one_seed_the_same_interval() -> None:
    """Both by the delta method: (2, 4) against (1, 3) is a lift of 3/2 - 1."""
    found = field([sample([2.0, 4.0])], [sample([1.0, 3.0])]).plain
    page = standing.lift(2, 2.0, 2.0, 2, 3.0, 2.0)
    assert page is not None
    assert (found.lift, found.low, found.high) == pytest.approx((page.lift, page.low, page.high))


def test_the_interval_over_two_like_seeds_is_narrower_by_the_root_of_two() -> None:
    """Averaging two seeds halves the variance."""
    one = field([sample([2.0, 4.0])], [sample([1.0, 3.0])]).plain
    two = field([sample([2.0, 4.0])] * 2, [sample([1.0, 3.0])] * 2).plain
    assert (two.high - two.low) * 2.0**0.5 == pytest.approx(one.high - one.low)


def test_cuped_takes_away_what_the_burn_in_explains_and_no_more() -> None:
    """Outcome 3 x + 4 e with x and e uncorrelated of variance 1: r^2 = 9 / (9 + 16) = .36, and 64 % are left."""
    x, e = np.array([-1.0, 1.0, -1.0, 1.0]), np.array([1.0, 1.0, -1.0, -1.0])
    control, arm = Sample(10.0 + 3.0 * x + 4.0 * e, x), Sample(12.0 + 3.0 * x + 4.0 * e, x)
    plain, less = cuped(arm, control, helped=False), cuped(arm, control)
    assert less.explained == pytest.approx(0.36)
    assert less.arm.variance / plain.arm.variance == pytest.approx(0.64)
    assert less.arm.mean - less.control.mean == pytest.approx(2.0)


def test_cuped_forgives_an_arm_that_was_luckier_with_its_players() -> None:
    """Both arms are their burn-in times ten; the arm's players were better by .5 before, so its lead is none."""
    control = sample([0.0, 10.0], [0.0, 1.0])
    arm = sample([5.0, 15.0], [0.5, 1.5])
    less = cuped(arm, control)
    assert less.arm.mean == pytest.approx(less.control.mean) == pytest.approx(7.5)


def test_a_burn_in_that_everybody_cleared_explains_nothing() -> None:
    """A covariate without spread leaves everything as it was."""
    arm, control = sample([1.0, 3.0], [1.0, 1.0]), sample([2.0, 2.0], [1.0, 1.0])
    assert cuped(arm, control).explained == 0.0
    assert ratio(cuped(arm, control).arm, cuped(arm, control).control)[0] == pytest.approx(0.0)


def test_equal_arms_differ_by_exactly_nothing_in_every_draw() -> None:
    """A player's weight is one for all arms, and sums of whole numbers are exact."""
    rounds = np.random.default_rng(3).integers(0, 200, 1_000).astype(np.float64)
    sums = resampled(np.column_stack([rounds, rounds, 2.0 * rounds]), 60, np.random.default_rng(1))
    assert np.array_equal(sums[:, 0], sums[:, 1])
    assert np.array_equal(sums[:, 2], 2.0 * sums[:, 0])
    assert len(set(sums[:, 0])) > 50


def test_the_bootstrap_covers_a_known_truth_about_as_often_as_it_says() -> None:
    """A hundred experiments of 200 pairs with a true lift of 10 %; 95 expected, under 88 one time in a thousand."""
    dice, covered = np.random.default_rng(11), 0
    for _ in range(100):
        alone = dice.exponential(10.0, 200)
        arm = alone + dice.exponential(1.0, 200)
        sums = resampled(np.column_stack([alone, arm]), 200, dice)
        found = estimate(
            [float(arm.sum() / alone.sum()) - 1.0], (sums[:, 1] / sums[:, 0] - 1.0)[None], pairs=200, different=200
        )
        covered += found.low <= 0.1 <= found.high
    assert 88 <= covered <= 100


def test_seeds_are_averaged_and_the_larger_doubt_decides() -> None:
    """.1, .2 and .3: mean .2, standard error .1 / sqrt 3 = .0577, z = 3.46, p = .0005; players alone hardly vary."""
    drawn = np.array([[0.0999, 0.1001], [0.1999, 0.2001], [0.2999, 0.3001]])
    found = estimate([0.1, 0.2, 0.3], drawn, pairs=30, different=30)
    assert found.lift == pytest.approx(0.2)
    assert found.se_seeds == pytest.approx(0.0577, abs=1e-4)
    assert found.se_players < 0.001
    assert found.p == pytest.approx(0.00053, abs=1e-5)


def test_one_seed_alone_has_no_standard_error_of_seeds() -> None:
    """None, so that it cannot be taken for zero."""
    assert estimate([0.1], np.array([[0.0, 0.2]]), pairs=3, different=3).se_seeds is None


@pytest.mark.parametrize(
    ("low", "high", "p", "different", "said"),
    [
        (0.01, 0.03, 0.01, 5, "better"),
        (0.01, 0.03, 0.06, 5, "not shown"),
        (-0.01, 0.03, 0.30, 5, "not shown"),
        (-0.03, -0.01, 0.60, 5, "harmful"),
        (0.0, 0.0, 1.0, 0, "nothing"),
        (0.0, 0.0, 1.0, 2, "not shown"),
    ],
)
def test_a_win_must_survive_holm_and_harm_need_not(
    low: float, high: float, p: float, different: int, said: str
) -> None:
    """What is said follows from the interval, the p after Holm and whether anybody did anything else at all."""
    assert verdict(low, high, p, pairs=30, different=different) == said
    assert verdict(low, high, p, pairs=29, different=different) in {"not shown", "nothing"}
