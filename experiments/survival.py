"""How long players stay: Kaplan and Meier's curve and the log-rank test, by lifelines.

It refuses to forget those who were still there at the end: they count as "at least so long". Secondary to the lift,
and on the safe side: the log-rank test knows nothing of pairs and takes the arms for unrelated people.
Strange: players are handed to lifelines as counts of equal stays. 160,000 players have a few hundred different stays,
and counting them first is the same test a thousand times faster.
"""

from math import isinf

import numpy as np
import numpy.typing as npt
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from msgspec import Struct

from experiments.results import Survival


class Stays(Struct, frozen=True):
    """Equal stays counted: shape (different stays,) each."""

    length: npt.NDArray[np.float64]
    """In rounds, or in whatever was measured."""
    left: npt.NDArray[np.bool_]
    """Whether they ended, or were only watched for so long."""
    players: npt.NDArray[np.int64]


def stays(lengths: npt.ArrayLike, left: npt.ArrayLike) -> Stays:
    """Counts players, shape (players,) each, by how long they stayed and whether they left."""
    told = np.column_stack([np.asarray(lengths, dtype=np.float64), np.asarray(left, dtype=np.float64)])
    alike, players = np.unique(told, axis=0, return_counts=True)
    return Stays(alike[:, 0], alike[:, 1] > 0.0, players)


def median(of: Stays) -> float | None:
    """How long until half had left; None when that was not seen."""
    fitted = KaplanMeierFitter().fit(of.length, of.left, weights=of.players)
    found = float(fitted.median_survival_time_)
    return None if isinf(found) else found


def logrank(arm: Stays, control: Stays) -> tuple[float, float]:
    """The log-rank test's statistic (chi-square, one degree of freedom) and its p (Mantel 1966)."""
    tested = logrank_test(
        arm.length, control.length, arm.left, control.left, weights_A=arm.players, weights_B=control.players
    )
    return float(tested.test_statistic), float(tested.p_value)


def survival(arm: Stays, control: Stays) -> Survival:
    """Both medians, and the p of there being no difference; p is 1 where nobody left."""
    anyone = bool(arm.left.any() or control.left.any())
    return Survival(logrank(arm, control)[1] if anyone else 1.0, median(arm), median(control))
