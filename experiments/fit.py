"""From the log of an exploration cohort to a graph: when players leave, and which river keeps them longest.

The hazard is a logistic regression over the features of `contract.graph`, one row for every round that was played and
whether the player left for good after it. Rows of one player may be treated as independent: the likelihood of a
discrete-time hazard is the product over rounds (Allison, "Discrete-Time Methods for the Analysis of Event Histories",
Sociological Methodology 13, 1982). What the cohort met was drawn by dice.

The *players* are cut in two halves, and each half is foretold by a model that was fitted on the other (Stone,
"Cross-validatory choice and assessment of statistical predictions", JRSS B 36, 1974): so nobody is foretold by a model
that knew them. The log odds foretold are the one regressor of a second logistic regression, whose slope is 1 for a
right model, below 1 for one too sure of itself, above 1 for one too timid (Cox, "Two further applications of a model
for binary regression", Biometrika 45, 1958). Outside 0.8 to 1.25 nothing is published, and a policy that wanted a graph
does without. What is published is fitted on everybody: twice the players, and the slope errs on the side of caution.

Strange: the fit is a ridge. Some columns may be all zero (nobody was absent) and some of `PLACES` all but empty; a
normal prior of width 1 keeps their coefficients near 0 where the plain fit would run away or not be determined.
"""

import random
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logit
from scipy.stats import norm
from statsmodels.discrete.discrete_model import Logit

from contract.graph import FEATURES, Fit, Fork, Graph, Standing, features, forks_of, solve, standing_of
from engagement_api.guardrails import ODDS
from engagement_api.policy.graph import SLOPES

ROW: Final = np.dtype(
    [
        ("player", "i4"),
        ("cleared", "?"),
        ("attempt", "i2"),
        ("last3", "i1"),
        ("success", "f4"),
        ("rounds", "i4"),
        ("absence", "f4"),
        ("idle", "f4"),
        ("left", "?"),
    ]
)
"""One round of the log: who, how it ended, what was believed after it, and whether it was the player's last."""
Rows: TypeAlias = NDArray[Any]
"""A log: an array of `ROW`."""
Floats: TypeAlias = NDArray[np.float64]

PRIOR_WIDTH: Final = 1.0
"""Standard deviation of what is believed of a coefficient beforehand; every feature lies in 0 to 1."""
ENOUGH: Final = 100
"""Leavings that either half must show: ten for each coefficient (Peduzzi et al., J. Clin. Epidemiol. 49, 1996)."""
CHANCES: Final = (0.75, ODDS[0], 0.50, 0.55, 0.60, 0.65, 0.70, 0.80, 0.85, 0.90, ODDS[1])
"""What a graph may want, within the rails' odds. The target policy's 0.75 is first and so wins the ties."""


class Fitted(Struct, frozen=True):
    """What came of a fit: a graph, or the sentence that says why there is none; the coefficients in any case."""

    graph: Graph | None
    refusal: str | None
    coefficients: tuple[float, ...]
    slope: tuple[float, float, float] | None
    """The calibration slope on held-out players, with its 95 % interval; None where there was nothing to measure."""
    rounds: int
    leavings: int


def fit(rows: Rows, dice: random.Random, population: str, command: str) -> Fitted:
    """The graph of the players in `rows`; each half of them, drawn by `dice`, judges what was fitted on the other."""
    players = sorted(set(rows["player"].tolist()))
    first = np.isin(rows["player"], [player for player in players if dice.random() < 0.5])
    of, left = design(rows), rows["left"]
    fewest = min(int(left[first].sum()), int(left[~first].sum()))
    if fewest < ENOUGH:
        sentence = (
            f"{fewest} leavings in one half of the cohort are too few to fit or to judge by: {ENOUGH} are needed."
        )
        return Fitted(None, sentence, (), None, len(rows), int(left.sum()))
    foretold = np.zeros(len(rows))
    for half in (first, ~first):
        foretold[~half] = of[~half] @ np.asarray(hazard(of[half], left[half]))
    slope, coefficients = calibration(foretold, left), hazard(of, left)
    if slope is None or not SLOPES[0] <= slope[0] <= SLOPES[1]:
        found = (
            "every round alike" if slope is None else f"a slope of {slope[0]:.2f} ({slope[1]:.2f} to {slope[2]:.2f})"
        )
        sentence = f"On held-out players the graph foretells {found}; it is published from {SLOPES[0]} to {SLOPES[1]}."
        return Fitted(None, sentence, coefficients, slope, len(rows), int(left.sum()))
    told = Fit(population, len(players), len(rows), int(left.sum()), *slope, command)
    wanted = steady(forks_of(coefficients, typical(of)))
    return Fitted(Graph("1", coefficients, wanted, told), None, coefficients, slope, told.rounds, told.leavings)


def steady(forks: Sequence[Fork]) -> tuple[float, ...]:
    """In every place, the one of `CHANCES` which gives most rounds to come when it is held from there on.

    The plan that is free to choose anew in every place is better on paper, and swings from one end of the odds to the
    other: 2.6 logits, of which the rails allow 0.3 a round. The decision `a-plan-the-rails-allow` has the figures.
    """
    held = {chance: solve(forks, (chance,)).rounds for chance in CHANCES}
    return tuple(max(CHANCES, key=lambda chance, at=at: held[chance][at]) for at in range(len(forks)))  # type: ignore[misc] # bound at once


def design(rows: Rows) -> Floats:
    """The features of every row, (rounds, features), made by the very function that processors make them with."""
    return np.array(
        [
            features(
                cleared=cleared,
                attempt=attempt,
                last3=last3,
                success=success,
                standing=standing_of(rounds, absence, idle),
            )
            for _, cleared, attempt, last3, success, rounds, absence, idle, _ in rows.tolist()
        ],
        dtype=np.float64,
    ).reshape(len(rows), len(FEATURES))


def hazard(of: Floats, left: NDArray[np.bool_]) -> tuple[float, ...]:
    """The coefficients, in the order of `FEATURES`, that make `left` likeliest: maximum a posteriori, ridge.

    The likelihood and its derivatives are statsmodels', the way to the top scipy's; only the prior is written here.
    The first column, which is always 1, has no prior: how often players leave is for the data alone to say.
    """
    model = Logit(left.astype(np.float64), of)
    weight = np.full(of.shape[1], PRIOR_WIDTH**-2)
    weight[0] = 0.0
    start = np.zeros(of.shape[1])
    start[0] = logit(min(max(float(left.mean()), 1e-6), 1.0 - 1e-6))
    found = minimize(
        lambda at: 0.5 * weight @ (at * at) - model.loglike(at),
        start,
        jac=lambda at: weight * at - model.score(at),
        hess=lambda at: np.diag(weight) - model.hessian(at),
        method="trust-exact",
    )
    return tuple(round(float(one), 6) for one in found.x)


def calibration(foretold: Floats, left: NDArray[np.bool_]) -> tuple[float, float, float] | None:
    """Cox's slope of the log odds `foretold` against who `left`, both (rounds,), and its 95 % interval (Wald).

    None where every round was foretold the same: a flat forecast has no slope.
    """
    if float(foretold.std()) < 1e-6:
        return None
    second = Logit(left.astype(np.float64), np.column_stack([np.ones(len(left)), foretold - foretold.mean()]))
    found = second.fit(disp=0, method="newton")
    slope, error = float(found.params[1]), float(found.bse[1]) * float(norm.ppf(0.975))
    return round(slope, 4), round(slope - error, 4), round(slope + error, 4)


def typical(of: Floats) -> Standing:
    """The standing a graph is solved for: the mean of everybody's, for it changes too slowly to be part of a place."""
    return Standing(*(float(np.mean(of[:, FEATURES.index(name)])) for name in Standing.__struct_fields__))
