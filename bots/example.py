"""A churn family as somebody outside would write it: `--family bots/example.py:Moody`. docs/bots.md tells its story.

Nothing in the project uses it. It is here to be copied, and a test loads it as it would load yours.
"""

import random
from math import exp

from bots.churn import Round


class Moody:
    """A clearing lifts the mood, a loss lowers it, it fades either way, and who is in a bad mood leaves."""

    def __init__(self, dice: random.Random) -> None:
        self.temper = dice.uniform(0.5, 1.5)
        self.mood = 0.0

    def leaves(self, played: Round) -> float:
        """0.04 in an even mood, 0.08 at the worst."""
        self.mood = 0.8 * self.mood + (1.0 if played.cleared else -1.0)
        return 0.08 / (1.0 + exp(self.temper * self.mood))
