"""How far apart two arms are, and how sure of it one may be: bootstrap, CUPED, Holm. Arrays in, numbers out.

It refuses to know what the numbers count. Three views of the same question:

- Pairs. The k-th player of every arm has the same latents and dice (common random numbers), so players are resampled
  in pairs: a draw gives each k one weight for all arms. Weights are Poisson(1), which for thousands of players is the
  bootstrap (Chamandy, Muralidharan, Najmi and Naidu, "Estimating Uncertainty for Massive Data Streams", 2012). Sums of
  whole numbers below 2^53 are exact in float64, so equal arms differ by exactly zero in every draw.
- The field. People come without twins. Arms are unrelated samples, a ratio's interval is by the delta method (Deng,
  Knoblich and Lu, KDD 2018), and CUPED takes away what the burn-in foretells (Deng, Xu, Kohavi and Walker, WSDM 2013).
- Many questions. Ask five and one will look good: Holm's step-down keeps the family's error at the level (Holm 1979).

Strange: seeds are averaged and players are resampled within them. A policy that learns from its population makes the
players of a seed depend on each other, which no resampling of players shows; the seeds' own standard error does, so p
goes by the larger of the two.
"""

from collections.abc import Sequence
from math import inf, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import stats

from experiments.results import FEWEST, Estimate, Field, Interval, Verdict

Floats = npt.NDArray[np.float64]

LEVEL: Final = 0.95
"""Of every interval, and what a win must survive: a report holds its lifts against each other at one level."""
DRAWS: Final = 500
AT_ONCE: Final = 50
"""Draws whose weights are held at a time: 50 x 20,000 players are 8 MB."""


class Sample(Struct, frozen=True):
    """One arm as the field sees it: shape (players,) each."""

    outcome: Floats
    before: Floats
    """The covariate, from before the arms parted."""


class Mean(Struct, frozen=True):
    """A mean, and the variance of that mean."""

    mean: float
    variance: float


class Adjusted(Struct, frozen=True):
    """Two arms' means less what the covariate foretells."""

    arm: Mean
    control: Mean
    explained: float
    """r squared within arms, 0 to 1."""


def resampled(values: Floats, draws: int, dice: np.random.Generator) -> Floats:
    """Sums of the columns of `values` (players, columns) in every bootstrap draw: (draws, columns).

    A row's weight in a draw is one for all columns, which is what keeps pairs together.
    """
    sums = np.empty((draws, values.shape[1]))
    for start in range(0, draws, AT_ONCE):
        weights = dice.poisson(1.0, (min(AT_ONCE, draws - start), values.shape[0]))
        sums[start : start + AT_ONCE] = weights.astype(np.float64) @ values
    return sums


def estimate(by_seed: Sequence[float], drawn: Floats, *, pairs: int, different: int) -> Estimate:
    """The lift over seeds from each seed's own and its resampled lifts, `drawn` (seeds, draws).

    The interval is the percentile bootstrap of the mean over seeds. `different` counts the pairs that differ at all.
    """
    means = drawn.mean(axis=0)
    low, high = np.quantile(means, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    lift, se_players = float(np.mean(by_seed)), float(means.std(ddof=1))
    se_seeds = float(stats.sem(by_seed)) if len(by_seed) > 1 else None
    p = two_sided(lift, max(se_players, se_seeds or 0.0))
    return Estimate(
        lift=lift,
        low=float(low),
        high=float(high),
        by_seed=tuple(float(each) for each in by_seed),
        se_players=se_players,
        se_seeds=se_seeds,
        p=p,
        p_adjusted=p,
        players=pairs,
        verdict=verdict(float(low), float(high), p, pairs=pairs, different=different),
    )


def verdict(low: float, high: float, p_adjusted: float, *, pairs: int, different: int) -> Verdict:
    """What may be said of an interval; of fewer than `FEWEST` pairs nothing.

    Harm needs only an interval below zero; a win also needs to survive Holm. The lop-sidedness is meant: to overlook
    harm is dearer than to overlook a win.
    """
    if not different:
        return "nothing"
    if high < 0.0 and pairs >= FEWEST:
        return "harmful"
    return "better" if low > 0.0 and p_adjusted < 1.0 - LEVEL and pairs >= FEWEST else "not shown"


def two_sided(difference: float, standard_error: float) -> float:
    """The chance of a difference at least as far from zero as this one if there were none (normal)."""
    z = abs(difference) / standard_error if standard_error else inf if difference else 0.0
    return float(2.0 * stats.norm.sf(z))


def holm(chances: Sequence[float]) -> list[float]:
    """The p of each question once it is known how many were asked, in their order.

    By hand and checked against statsmodels, whose own collects all garbage at every call: a tenth of a second each.
    """
    adjusted, least = [1.0] * len(chances), 0.0
    for asked, number in enumerate(sorted(range(len(chances)), key=lambda number: chances[number])):
        least = max(least, min((len(chances) - asked) * chances[number], 1.0))
        adjusted[number] = least
    return adjusted


def ratio(arm: Mean, control: Mean) -> tuple[float, float]:
    """The lift of one mean over another and the lift's variance, by the delta method."""
    times = arm.mean / control.mean
    return times - 1.0, (arm.variance + times**2 * control.variance) / control.mean**2


def cuped(arm: Sample, control: Sample, *, helped: bool = True) -> Adjusted:
    """Both arms less theta (before - its mean over all), theta fitted within arms; differences stay unbiased.

    A covariate that never varies explains nothing, nor does any when not `helped`.
    """
    outcome = np.concatenate([each.outcome - each.outcome.mean() for each in (arm, control)])
    before = np.concatenate([each.before - each.before.mean() for each in (arm, control)])
    spread, total, shared = float(before @ before), float(outcome @ outcome), float(outcome @ before)
    theta = shared / spread if spread and helped else 0.0
    overall = float(np.concatenate([arm.before, control.before]).mean())
    left = [each.outcome - theta * (each.before - overall) for each in (arm, control)]
    means = [Mean(float(each.mean()), float(each.var(ddof=min(len(each) - 1, 1))) / len(each)) for each in left]
    return Adjusted(means[0], means[1], theta * shared / total if total else 0.0)


def field(arms: Sequence[Sample], controls: Sequence[Sample]) -> Field:
    """What people's arms could have shown, seed by seed and averaged: with CUPED and without."""
    lifts: list[tuple[float, float]] = []
    helped: list[tuple[float, float]] = []
    explained, apart, unsure = 0.0, 0.0, 0.0
    for arm, control in zip(arms, controls, strict=True):
        plain, less = cuped(arm, control, helped=False), cuped(arm, control)
        lifts.append(ratio(plain.arm, plain.control))
        helped.append(ratio(less.arm, less.control))
        explained += less.explained / len(arms)
        apart += plain.arm.mean - plain.control.mean
        unsure += plain.arm.variance + plain.control.variance
    z = apart / sqrt(unsure) if unsure else 0.0
    return Field(_averaged(lifts), _averaged(helped), explained, z)


def _averaged(lifts: Sequence[tuple[float, float]]) -> Interval:
    mean = sum(lift for lift, _ in lifts) / len(lifts)
    reach = float(stats.norm.ppf((1.0 + LEVEL) / 2.0)) * sqrt(sum(variance for _, variance in lifts)) / len(lifts)
    return Interval(mean, mean - reach, mean + reach)
