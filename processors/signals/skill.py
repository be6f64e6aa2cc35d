"""skill and skill_sigma: an Elo rating of the player against rapids, in logits, and how unsure we are of it.

    p = 1 / (1 + exp(-alpha (theta - d))),   theta <- theta + U(n) (o - p),   U(n) = a / (1 + b n)

Pelanek, "Applications of the Elo rating system in adaptive educational systems" (Computers & Education 98, 2016,
section 3). a = 0.8 and b = 0.1 are ours (the decision `steps-of-the-rating`); alpha is the contract's. The rapid's
difficulty is known, so only the player moves.

    1 / sigma^2 <- 1 / (sigma^2 + drift) + alpha^2 p (1 - p),   sigma^2 <- min(sigma^2 + c days, 1)

The first adds what one outcome tells (the Fisher information of a logistic item) to what was known, less a little
because people learn; the second lets certainty fade with absence, as in Glickman (1999, "Parameter estimation in
large dynamic paired comparison experiments", eq. 9). Drift 0.002 a round and c = 0.03 a day are ours: certainty
settles near 0.3 logit and is gone after a month. Starts at N(0, 1), the population.
"""

from math import sqrt
from typing import Final

from msgspec import Struct

from contract.course import ALPHA, chance_of_clearing
from processors.signals.told import Told

STEP: Final = 0.8
STEP_FADES: Final = 0.10
DRIFT: Final = 0.002
FORGETTING: Final = 0.03
UNKNOWN: Final = 1.0
DAY_S: Final = 86_400.0
BOUND: Final = 10.0
TELLS: Final = (
    Told("skill", "logit", "life"),
    Told("skill_sigma", "logit", "life"),
)


class Skill(Struct, frozen=True, array_like=True):
    """Theta and sigma in logits, and how many rounds they rest on."""

    theta: float = 0.0
    sigma: float = UNKNOWN
    rounds: int = 0


def judge(skill: Skill, difficulty: float, *, cleared: bool) -> Skill:
    """The rating after one more round at `difficulty` logits."""
    p = chance_of_clearing(skill.theta, difficulty)
    theta = skill.theta + STEP / (1.0 + STEP_FADES * skill.rounds) * (cleared - p)
    information = 1.0 / (skill.sigma * skill.sigma + DRIFT) + ALPHA * ALPHA * p * (1.0 - p)
    return Skill(max(-BOUND, min(theta, BOUND)), sqrt(1.0 / information), skill.rounds + 1)


def absent(skill: Skill, away_s: float) -> Skill:
    """The rating after `away_s` seconds between two sessions."""
    if away_s <= 0.0:
        return skill
    variance = skill.sigma * skill.sigma + FORGETTING * away_s / DAY_S
    return Skill(skill.theta, min(sqrt(variance), UNKNOWN), skill.rounds)
