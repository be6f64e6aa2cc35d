"""The statistics of a running trial, against published counts, sums by hand, and trials in which nothing works."""

import random
from math import exp, sqrt

import pytest
from scipy.stats import chi2, chisquare

from engagement_api.standing import ALARM, chi_square_above, difference, lift, msprt, srm

GATE_30 = 44_700
GATE_40 = 45_489
"""Players of the two arms of Cookie Cats, whose day 7 retention was 19.02 % and 18.20 %."""


def test_the_split_of_cookie_cats_is_doubtful_and_rings_no_alarm() -> None:
    """Below .05, as has been said of these public counts (p = .0086), and above the alarm."""
    p = srm([GATE_30, GATE_40], [0.5, 0.5])
    assert p == pytest.approx(0.0086, abs=5e-5)
    assert p > ALARM


def test_the_retention_of_cookie_cats_differs_by_three_standard_errors() -> None:
    """By hand: .0082 / sqrt(.1902 x .8098 / 44,700 + .1820 x .8180 / 45,489) = 3.16."""
    kept, less = 0.1902, 0.1820
    seen = difference(GATE_40, less, less * (1 - less), GATE_30, kept, kept * (1 - kept))
    assert seen is not None
    assert seen.mean / sqrt(seen.variance) == pytest.approx(3.16, abs=0.005)


@pytest.mark.parametrize(
    ("counts", "shares"), [([50, 30, 12], [0.5, 0.3, 0.2]), ([947, 53], [0.95, 0.05]), ([7, 9, 4, 2], [1, 1, 1, 1])]
)
def test_shares_are_judged_as_an_independent_library_judges_them(counts: list[int], shares: list[float]) -> None:
    """For two arms and for more, even or not."""
    meant = [sum(counts) * share / sum(shares) for share in shares]
    assert srm(counts, shares) == pytest.approx(chisquare(counts, meant).pvalue)


@pytest.mark.parametrize("freedom", [1, 2, 3, 7, 16])
@pytest.mark.parametrize("value", [0.0, 0.01, 1.0, 12.5, 80.0, 900.0])
def test_the_tail_of_chi_square_is_scipys(value: float, freedom: int) -> None:
    """From nothing to what no doubles could tell from nothing."""
    assert chi_square_above(value, freedom) == pytest.approx(chi2.sf(value, freedom), rel=1e-9, abs=1e-300)


def test_counts_as_they_were_meant_fit_perfectly() -> None:
    """Their p is 1, also while nobody is counted, and for an arm that is alone."""
    assert srm([300, 100], [0.75, 0.25]) == srm([0, 0], [0.5, 0.5]) == srm([9], [1.0]) == 1.0


def test_an_arm_that_loses_one_player_in_ten_rings_the_alarm() -> None:
    """1,000 against 900: z = 100 / sqrt(1900) = 2.29, no alarm; 10,000 against 9,000 is z = 7.25, and one."""
    assert srm([1_000, 900], [0.5, 0.5]) > ALARM
    assert srm([10_000, 9_000], [0.5, 0.5]) < ALARM


@pytest.mark.parametrize(("counts", "shares"), [([1, 2], [1.0]), ([1, 2], [1.0, 0.0])])
def test_a_count_without_a_share_is_refused(counts: list[int], shares: list[float]) -> None:
    """Both are shown in the error."""
    with pytest.raises(ValueError, match=r"\[1, 2\]"):
        srm(counts, shares)


def test_a_lift_is_a_ratio_with_the_interval_of_the_delta_method() -> None:
    """20 and 21 rounds: 5 %; error sqrt(100/400 + 1.1025 * 64/400) / 20 = sqrt(.4264)/20 = .03265, times 1.96."""
    found = lift(400, 20.0, 64.0, 400, 21.0, 100.0)
    assert found is not None
    assert found.lift == pytest.approx(0.05)
    assert (found.low, found.high) == (pytest.approx(0.05 - 0.06399, abs=1e-4), pytest.approx(0.05 + 0.06399, abs=1e-4))


def test_there_is_no_lift_over_nobody_or_nothing() -> None:
    """One player has no variance, and a control of no rounds no ratio."""
    assert lift(1, 20.0, 0.0, 400, 21.0, 100.0) is None
    assert lift(400, 0.0, 0.0, 400, 21.0, 100.0) is None


def test_the_always_valid_p_is_one_over_the_likelihood_ratio() -> None:
    """V = 1/4 + 3/4 = 1, d = 4, t2 = 1: L = sqrt(1/2) exp(16 / 4) = 38.607, p = .025902."""
    p = msprt(100, 10.0, 25.0, 100, 14.0, 75.0, 1.0)
    assert p == pytest.approx(1.0 / (sqrt(0.5) * exp(4.0)))
    assert p == pytest.approx(0.025902, abs=1e-6)


def test_without_a_difference_the_always_valid_p_is_one() -> None:
    """Also before there is anything to compare, and however large the effect that was looked for."""
    assert msprt(100, 10.0, 25.0, 100, 10.0, 75.0, 1.0) == 1.0
    assert msprt(1, 10.0, 0.0, 100, 14.0, 75.0, 1.0) == msprt(9, 1.0, 0.0, 9, 2.0, 0.0, 1.0) == 1.0


def test_a_difference_beyond_all_doubt_has_no_chance_at_all() -> None:
    """The likelihood ratio leaves what a float can hold; p is 0 and nothing fails."""
    assert msprt(10**6, 10.0, 25.0, 10**6, 14.0, 25.0, 1.0) == 0.0


def test_whoever_peeks_at_a_trial_without_effect_is_rarely_misled() -> None:
    """300 trials, a peek at every tenth pair of players: p is ever below .05 in at most 15 (an ordinary p in many).

    Each player plays a geometric number of rounds, mean 8, variance 56; the ordinary one peeks at |z| > 1.96.
    """
    dice = random.Random(7)
    misled = naively = 0
    for _ in range(300):
        sums = [[0, 0], [0, 0]]
        crossed = naive = False
        for player in range(1, 401):
            for arm in sums:
                rounds = _rounds(dice)
                arm[0] += rounds
                arm[1] += rounds * rounds
            if player % 10 == 0:
                both = [value for total, squares in sums for value in _moments(player, total, squares)]
                crossed |= msprt(player, both[0], both[1], player, both[2], both[3], 1.0) < 0.05
                naive |= abs(both[2] - both[0]) > 1.96 * sqrt((both[1] + both[3]) / player)
        misled, naively = misled + crossed, naively + naive
    assert misled <= 15
    assert naively > 45


def _rounds(dice: random.Random) -> int:
    rounds = 1
    while dice.random() > 1 / 8:
        rounds += 1
    return rounds


def _moments(n: int, total: int, squares: int) -> tuple[float, float]:
    return total / n, (squares - total * total / n) / (n - 1)
