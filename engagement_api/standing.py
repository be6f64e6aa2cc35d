"""Whether the arms of a trial differ, while it still runs: three formulas over counts, means and variances.

- `srm`: does who was exposed fit the shares that were meant? If not, something loses players of one arm, and no other
  figure of the trial may be believed. Pearson's chi-square on exact counts; the alarm is at p < .0005, so that looking
  at it all day does not ring it (Fabijan et al., "Diagnosing Sample Ratio Mismatch", KDD 2019, section 3).
- `lift`: the ratio of two means less one, with the interval of the delta method (Deng, Knoblich and Lu, "Applying the
  Delta Method in Metric Analytics", KDD 2018, section 3.1). It is an interval for one look.
- `msprt`: a p-value for many looks: however often somebody peeks, under no effect it ever falls below .05 in at most
  one trial of twenty (Johari, Koomen, Pekelis and Walsh, "Peeking at A/B Tests", KDD 2017, section 4).

It refuses to know what is counted, and where the counts come from. The control comes first in every argument list.
"""

from collections.abc import Sequence
from math import erfc, exp, inf, lgamma, log, sqrt
from statistics import NormalDist
from typing import Final

from msgspec import Struct

ALARM: Final = 0.0005
"""Below this p of `srm` the shares are taken for broken."""
REACH: Final = NormalDist().inv_cdf(0.975)
"""Standard errors to either side of an estimate, for an interval of 95 %."""
FEWEST: Final = 2
"""Players an arm needs before it has a variance."""


class Lift(Struct, frozen=True):
    """How much more, as a share of the control's mean: 0.03 is three percent more."""

    lift: float
    low: float
    high: float


class Difference(Struct, frozen=True):
    """Of two means, and the variance V of that difference."""

    mean: float
    variance: float


def srm(counts: Sequence[int], shares: Sequence[float]) -> float:
    """The chance, 0 to 1, of `counts` at least this far from `shares`, if those are what the players were drawn by.

    `shares` are positive and need not add up to 1. Nobody counted at all, or one arm alone, fits: 1.0. Raises
    `ValueError` when the two are not of one length, or a share is not above zero.
    """
    if len(counts) != len(shares) or min(shares, default=1.0) <= 0.0:
        sentence = f"every count has a share above zero, not {list(counts)} with {list(shares)}"
        raise ValueError(sentence)
    players, whole = sum(counts), sum(shares)
    if players == 0 or len(counts) < 2:
        return 1.0
    meant = [players * share / whole for share in shares]
    squares = sum((count - due) ** 2 / due for count, due in zip(counts, meant, strict=True))
    return chi_square_above(squares, len(counts) - 1)


def chi_square_above(value: float, freedom: int) -> float:
    """The chance, 0 to 1, that a chi-square variable of `freedom` degrees (from 1) lies above `value`.

    The regularised upper gamma function Q(freedom / 2, value / 2), climbed from Q(1/2, x) = erfc(sqrt(x)) or
    Q(1, x) = exp(-x) by Q(a + 1, x) = Q(a, x) + x^a exp(-x) / Gamma(a + 1) (Abramowitz and Stegun, 6.5.21). Written
    out, because scipy for this one number costs every start of the API half a second and 27 MB; a test asks scipy.
    """
    x = value / 2.0
    a, above = (0.5, erfc(sqrt(x))) if freedom % 2 else (1.0, exp(-x))
    while a < freedom / 2.0:
        above += exp(a * log(x) - x - lgamma(a + 1.0)) if x > 0.0 else 0.0
        a += 1.0
    return min(above, 1.0)


def difference(  # noqa: PLR0917 - two samples of three figures each
    n_a: int, mean_a: float, var_a: float, n_b: int, mean_b: float, var_b: float
) -> Difference | None:
    """The mean of b less that of a, with `var_a / n_a + var_b / n_b`; None while an arm has fewer than two players."""
    if min(n_a, n_b) < FEWEST:
        return None
    return Difference(mean_b - mean_a, var_a / n_a + var_b / n_b)


def lift(  # noqa: PLR0917 - two samples of three figures each
    n_a: int, mean_a: float, var_a: float, n_b: int, mean_b: float, var_b: float
) -> Lift | None:
    """The mean of b over that of a, less one, with its interval.

    None while an arm has fewer than two players, or the mean of a is not above zero.
    """
    if min(n_a, n_b) < FEWEST or mean_a <= 0.0:
        return None
    ratio = mean_b / mean_a
    error = sqrt(var_b / n_b + ratio * ratio * var_a / n_a) / mean_a
    reach = REACH * error
    return Lift(ratio - 1.0, ratio - 1.0 - reach, ratio - 1.0 + reach)


def msprt(  # noqa: PLR0917 - two samples of three figures each
    n_a: int, mean_a: float, var_a: float, n_b: int, mean_b: float, var_b: float, tau2: float
) -> float:
    """The always-valid p, 0 to 1: one over the mixture likelihood ratio L of this look.

    `L = sqrt(V / (V + t2)) exp(t2 d^2 / (2 V (V + t2)))`, with d the difference of the means, V its variance, and
    effects expected around zero with variance `tau2`, in squared units of the means. The paper's p is the lowest of all
    looks so far; this one remembers no looks, and is never lower, so it keeps the same promise.
    """
    seen = difference(n_a, mean_a, var_a, n_b, mean_b, var_b)
    if seen is None or seen.variance <= 0.0:
        return 1.0
    spread = seen.variance + tau2
    exponent = tau2 * seen.mean**2 / (2.0 * seen.variance * spread)
    likelihood = sqrt(seen.variance / spread) * exp(exponent) if exponent < 700.0 else inf
    return min(1.0, 1.0 / likelihood)
