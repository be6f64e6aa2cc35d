"""flow_gap: how far the present difficulty lies from the one wanted, in logits, -20 to 20.

    flow_gap = alpha (theta - d) - logit(p*),   p* = 0.75

Above 0 the rapid is too easy, below too hard; within 0.5 of 0 is the flow channel. p* = 0.75 is the success rate that
Klinkenberg, Straatemeier and van der Maas ("Computer adaptive practice of Maths ability", Computers & Education 57,
2011, section 2) found children to keep practising at. logit(0.75) = ln 3.
"""

from math import log
from typing import Final

from contract.course import ALPHA
from processors.signals.told import Told

WANTED: Final = 0.75
WANTED_LOGIT: Final = log(WANTED / (1.0 - WANTED))
BOUND: Final = 20.0
TELLS: Final = (Told("flow_gap", "logit", "present difficulty"),)


def read(theta: float, difficulty: float) -> float:
    """The gap for a player of `theta` on a rapid of `difficulty` (both logits)."""
    return max(-BOUND, min(ALPHA * (theta - difficulty) - WANTED_LOGIT, BOUND))
