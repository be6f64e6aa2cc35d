"""P0, the designer: the river as it was drawn, whoever paddles it. The control arm, and what every fall-back falls to.

The curve itself is the contract's (`contract.course`), because the game plays it too when it is alone: a saw-tooth that
rises for five rapids and rests, as in J. Schell, The Art of Game Design (3rd ed., 2019), ch. 13, on interest curves.
"""

from contract.course import designed_difficulty
from contract.signals import SignalUpdated
from engagement_api.policy.wish import Wish, is_answered, next_rapid
from engagement_api.state import State


def decide(signal: SignalUpdated, state: State) -> Wish | None:
    """The designer's difficulty for the next rapid, after every finished round."""
    if is_answered(signal, state):
        return None
    return Wish(designed_difficulty(next_rapid(signal.data)), "This is the river as its designer drew it")
