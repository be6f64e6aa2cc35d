"""How far off is the rating after so many rounds, for different steps? The decision `steps-of-the-rating` quotes it.

`python benchmarks/rating.py [--json [FILE]]` prints, for each a and b of U(n) = a / (1 + b n), the root mean square
error in logits of theta against the skill of invented players, in tens of rounds. Skill is N(0, 1) and grows by `gain`
(1 - exp(-n / 20)); every river is aimed at p* = 0.75 by the rating itself, give or take half a logit. The peer is the
exact Bayes step.
"""

import math
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from contract.course import chance_of_clearing, difficulty_for
from processors.signals import skill

PLAYERS: Final = 2_500
ROUNDS: Final = 50
LEARNS_IN: Final = 20.0
STEPS: Final = ((1.0, 0.05), (1.0, 0.1), (0.8, 0.1), (1.0, 0.2))
Step = Callable[[int, float], float]
"""How far the rating moves by one unit of surprise, from the rounds so far and the variance believed."""


def errors(step: Step, gain: float) -> list[float]:
    """The error in logits over the players, for each ten rounds."""
    squares = [0.0] * (ROUNDS // 10)
    for player in range(PLAYERS):
        dice = random.Random(f"rating/{player}")
        born, theta, variance = dice.gauss(0.0, 1.0), 0.0, 1.0
        for played in range(ROUNDS):
            able = born + gain * (1.0 - math.exp(-played / LEARNS_IN))
            difficulty = difficulty_for(theta, 0.75) + dice.gauss(0.0, 0.5)
            expected = chance_of_clearing(theta, difficulty)
            cleared = dice.random() < chance_of_clearing(able, difficulty)
            squares[played // 10] += (theta - able) ** 2
            variance = 1.0 / (1.0 / (variance + skill.DRIFT) + expected * (1.0 - expected))
            theta += step(played, variance) * (cleared - expected)
    return [math.sqrt(total / PLAYERS / 10) for total in squares]


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    rated: dict[str, Step] = {f"a {a}, b {b}": lambda n, _, a=a, b=b: a / (1.0 + b * n) for a, b in STEPS}  # type: ignore[misc] # both are bound at once
    rated["exact Bayes"] = lambda _, variance: variance
    figures = {
        f"learns {gain}": {name: [round(error, 3) for error in errors(step, gain)] for name, step in rated.items()}
        for gain in (0.3, 0.6)
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
