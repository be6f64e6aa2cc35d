"""success: how likely this player is to clear a round, 0 to 1.

    A <- lambda A + o,   B <- lambda B + (1 - o),   success = (A + 1) / (A + B + 2),   lambda = 0.9

The mean of a Beta posterior over the chance of clearing (uniform prior), whose evidence fades per *round*, not per
second: slowing the river must not look like getting worse. 0.9 remembers about ten rounds; it is ours. An abandoned
round is censored, not lost: nobody knows how it would have ended, so it moves nothing.
"""

from typing import Final

from msgspec import Struct

from contract.graph import RUNG_KEPT
from processors.signals.told import Told

KEPT: Final = RUNG_KEPT
TELLS: Final = (Told("success", "chance", f"fades by {KEPT} a round"),)


class Success(Struct, frozen=True, array_like=True):
    """Decayed counts of rounds cleared and lost; together never more than 10."""

    cleared: float = 0.0
    lost: float = 0.0


def judge(success: Success, *, cleared: bool) -> Success:
    """The counts after one more round."""
    return Success(KEPT * success.cleared + cleared, KEPT * success.lost + (not cleared))


def after(success: Success, *, cleared: bool) -> float:
    """The posterior mean as it would be after one more round."""
    return (KEPT * success.cleared + cleared + 1.0) / (KEPT * (success.cleared + success.lost) + 3.0)


def read(success: Success) -> float:
    """The posterior mean."""
    return (success.cleared + 1.0) / (success.cleared + success.lost + 2.0)
