"""From rounds cleared to the knob: what one logit of difficulty is, in water.

The water has one raw setting: a place along `SHAPE`, which says by hand how current, rocks, gates and the rest go
together, and claims nothing about how hard any of it is. Bots of skill 0 play every setting; the share they clear
falls with the setting (isotonic regression: Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order
Restrictions", 1972), and minus its log odds *is* the difficulty, for so difficulty is defined (Rasch 1960). Read
backwards, the curve says which setting a difficulty needs: the rows of `KNOBS`.

So alpha is 1 at skill 0 by construction, and is only worth its name where it is estimated on rounds that did not make
the table, and at other skills. It knows nothing of how rounds are played.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from contract.course import chance_of_clearing
from game_client.river import Knob, knob_at

Array: TypeAlias = NDArray[np.float64]

SHAPE: Final = (
    Knob(-5.0, 2.3, 0.1, 2.10, 1.2, 2.60, 0.05, 0.00, 0.0),
    Knob(-4.0, 2.8, 0.2, 1.90, 1.8, 2.30, 0.1, 0.02, 0.0),
    Knob(-3.0, 3.4, 0.4, 1.70, 2.6, 2.00, 0.2, 0.05, 0.0),
    Knob(-2.0, 4.1, 0.9, 1.50, 3.6, 1.70, 0.4, 0.15, 0.0),
    Knob(-1.0, 4.9, 1.3, 1.44, 4.0, 1.50, 0.7, 0.30, 1.0),
    Knob(0.0, 5.7, 1.7, 1.39, 4.4, 1.38, 1.0, 0.50, 2.0),
    Knob(1.0, 6.6, 2.1, 1.35, 5.2, 1.32, 1.3, 0.70, 3.0),
    Knob(2.0, 7.7, 2.4, 1.33, 6.6, 1.29, 1.7, 1.00, 4.0),
    Knob(3.0, 9.4, 2.9, 1.30, 8.6, 1.20, 2.6, 1.80, 6.0),
)
"""Ours, drawn by hand for what a river should feel like; the first number of a row is its setting, no difficulty."""
SETTINGS: Final = tuple(round(-4.6 + 0.4 * step, 1) for step in range(20))
ROWS: Final = tuple(-3.0 + 0.75 * step for step in range(9))
"""The table's difficulties, logits: one at each bound of a class, and on beyond them."""
PLACES: Final = (2, 2, 2, 3, 2, 3, 2, 2, 1)
"""Decimals kept of each column of the table."""
DYKSTRA_ROUNDS: Final = 200


class Slope(Struct, frozen=True):
    """A logistic curve through rounds: `logit P = intercept + alpha (theta - d)`."""

    alpha: float
    alpha_95: tuple[float, float]
    intercept: float
    intercept_95: tuple[float, float]
    dispersion: float
    """Pearson's chi-square over its degrees of freedom: 1 where the curve is the whole truth. Intervals are widened
    by its root (quasi-binomial; McCullagh and Nelder, "Generalized Linear Models", 1989, section 4.5)."""
    worst_gap: float
    """The largest distance between a share measured and `1 / (1 + exp(d - theta))`."""
    mean_gap: float


def difficulty_of(settings: Sequence[float], cleared: Sequence[int], runs: int) -> tuple[Array, Array]:
    """Settings and their difficulties in logits, both strictly rising.

    Settings that the fit cannot tell apart are pooled into one, in their middle. Half a round is added to either side
    before the logarithm, so a setting that everybody cleared is far down but not at minus infinity.
    """
    fit = isotonic_regression(np.asarray(cleared) / runs, increasing=False)
    pools = list(zip(fit.blocks[:-1], fit.blocks[1:], strict=True))
    middles = np.array([np.mean(settings[first:end]) for first, end in pools])
    rounds = np.array([(end - first) * runs for first, end in pools])
    return middles, -logits_of(np.array([fit.x[first] for first, _ in pools]), rounds)


def table_from(settings: Array, difficulties: Array) -> tuple[Knob, ...]:
    """The knob's rows: for each difficulty of `ROWS` the water of the setting that has it, rounded."""
    rows = []
    for difficulty, setting in zip(ROWS, np.interp(ROWS, difficulties, settings), strict=True):
        water = knob_at(float(setting), SHAPE)
        row = (difficulty, *astuple(water)[1:])
        rows.append(Knob(*(round(n, places) for n, places in zip(row, PLACES, strict=True))))
    return tuple(rows)


def slope_of(margins: Sequence[float], cleared: Sequence[int], runs: int) -> Slope:
    """The logistic curve through shares of `runs` rounds, each at its margin theta - d in logits."""
    margin, won = np.asarray(margins, float), np.asarray(cleared, float)
    ones = np.column_stack([np.ones_like(margin), margin])
    fit = GLM(np.column_stack([won, runs - won]), ones, Binomial()).fit()
    likely = fit.fittedvalues
    # Not `scale="X2"`: statsmodels 0.15 forgets there that a share of 500 rounds is surer than one round.
    pearson = ((won - runs * likely) ** 2 / (runs * likely * (1.0 - likely))).sum() / (len(margin) - 2)
    (intercept, alpha), reach = fit.params, 1.96 * fit.bse * max(1.0, pearson) ** 0.5
    gaps = np.abs(won / runs - [chance_of_clearing(each, 0.0) for each in margin])
    return Slope(
        alpha=_short(alpha),
        alpha_95=(_short(alpha - reach[1]), _short(alpha + reach[1])),
        intercept=_short(intercept),
        intercept_95=(_short(intercept - reach[0]), _short(intercept + reach[0])),
        dispersion=_short(pearson),
        worst_gap=_short(gaps.max()),
        mean_gap=_short(gaps.mean()),
    )


def smoothed(shares: Array) -> Array:
    """The nearest shares that rise down the rows (skill) and fall along the columns (difficulty).

    Dykstra and Robertson, "An algorithm for isotonic regression for two or more independent variables", Annals of
    Statistics 10, 1982: each direction in turn, remembering what the other one took away.
    """
    fitted, took_rows, took_columns = shares, np.zeros_like(shares), np.zeros_like(shares)
    for _ in range(DYKSTRA_ROUNDS):
        rising = np.apply_along_axis(_rising, 0, fitted + took_rows)
        took_rows = fitted + took_rows - rising
        fitted = -np.apply_along_axis(_rising, 1, -(rising + took_columns))
        took_columns = rising + took_columns - fitted
    # What is left of a crossing is rounding; an extreme of monotone rows is monotone, so this ends it.
    return np.asarray(np.minimum.accumulate(np.maximum.accumulate(fitted, axis=0), axis=1).clip(0.0, 1.0))


def logits_of(shares: Array, runs: int | Array) -> Array:
    """Log odds of shares of `runs` rounds, the same for all or each its own, half a round added to either side."""
    return np.asarray(np.log((shares * runs + 0.5) / ((1.0 - shares) * runs + 0.5)))


def _rising(values: Array) -> Array:
    return np.asarray(isotonic_regression(values).x)


def _short(value: Any) -> float:  # noqa: ANN401 - statsmodels has no types
    return round(float(value), 3)
