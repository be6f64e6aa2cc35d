"""frustration and boredom: the chance of leaving for good after the next round, if it is lost and if it is cleared.

    h(x) = 1 / (1 + exp(-beta . x)),   frustration = h(x after a loss),   boredom = h(x after a clearance)

One discrete-time logistic hazard (Cox, "Regression Models and Life-Tables", JRSS B 34, 1972, section 6; Allison,
"Discrete-Time Methods for the Analysis of Event Histories", Sociological Methodology 13, 1982) read twice: c^L and c^W
of the progression graph (`contract.graph`, Xue et al. 2017). x is `contract.graph.FEATURES` as they would be after that
round: outcome, attempt, the share cleared of the last three and its square, success and its square, 1 / (1 + rounds),
absence, idle share.

Squares, because people leave what is too hard and what is too easy (Chen et al., EOMM, WWW 2017: after LLL 5.1 %, after
WWW 3.7 %, after a mixed run that ends in a win 2.65 %). `PUBLISHED` was fitted on the exploration cohorts of the
experiment and foretells players it had not seen with a slope of 1.00; the fit stands beside it in
engagement_api/policy/graph.json, and a test holds the two equal. It is a forecast for bots: see
docs/decisions/a-hazard-read-twice.md.

Strange: worked out when a round begins or ends, not with every stroke: nothing in it but the idle share changes in
between, and the idle share that matters is the one with which a round was left.
"""

from typing import Final

from msgspec import Struct

from contract.graph import Standing, features, leaving
from processors.signals.told import Told

PUBLISHED: Final = (
    -3.637232, -0.234622, 0.530182, 0.24757, 0.177427, -1.3644, 1.065249, 2.19854, -0.183683, 0.0,
)  # fmt: skip
"""One weight, in log odds, for each of `contract.graph.FEATURES`."""
TELLS: Final = (
    Told("frustration", "chance", "next round"),
    Told("boredom", "chance", "next round"),
)


class Ahead(Struct, frozen=True, array_like=True):
    """What is believed of the next round before it is played: its number of attempt, and the chance of leaving."""

    attempt: int = 1
    frustration: float = 0.0
    boredom: float = 0.0
    if_lost: float = 0.5
    """The success signal as it would be after a loss."""
    if_cleared: float = 0.5


def foresee(attempt: int, last3: int, if_lost: float, if_cleared: float, standing: Standing) -> Ahead:
    """The chance of leaving after the next round, the `attempt`-th at its rapid.

    `last3` is as it is now; `if_lost` and `if_cleared` are the success signal as it would be after either outcome.
    """
    bits = last3 << 1 & 7
    lost = features(cleared=False, attempt=attempt, last3=bits, success=if_lost, standing=standing)
    won = features(cleared=True, attempt=attempt, last3=bits | 1, success=if_cleared, standing=standing)
    return Ahead(attempt, leaving(PUBLISHED, lost), leaving(PUBLISHED, won), if_lost, if_cleared)
