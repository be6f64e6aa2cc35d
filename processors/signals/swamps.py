"""swamp_rate and lifespan_s: how often this player is swamped, and how long a kayak of theirs lasts.

    N(t) = sum over swampings i of exp(-(t - t_i) / tau),   swamp_rate = 60 N / tau,   tau = 180 s
    S(t) = sum over swampings i of s_i exp(-(t - t_i) / tau),   lifespan_s = S / N

Decayed sums on the active clock, by forward decay like apm's (Cormode et al., ICDE 2009, section III): a swamping that
is told late adds what it would have added in its turn. s_i is the round's own active time, from its start to its being
lost, as the game says it. Tau is ours.

Strange: both sums fade alike, so the mean does not change while nothing happens; and it is a mean over lost rounds
only. It says how long it takes to be beaten, not how long a round is.
"""

from math import exp
from typing import Final

from msgspec import Struct

from processors.signals.told import Told

TAU_S: Final = 180.0
HIGHEST: Final = 1_000.0
LONGEST_S: Final = 1e7
TELLS: Final = (
    Told("swamp_rate", "swampings / active minute", f"tau {TAU_S:.0f} s active"),
    Told("lifespan_s", "active s", f"tau {TAU_S:.0f} s active"),
)


class Swamps(Struct, frozen=True, array_like=True):
    """Both sums as they stood at `at_s` of the active clock."""

    swampings: float = 0.0
    lived_s: float = 0.0
    at_s: float = 0.0


def swamped(swamps: Swamps, at_s: float, lived_s: float) -> Swamps:
    """The sums with one swamping more, at `at_s`, of a round that had lasted `lived_s`."""
    gone_s = at_s - swamps.at_s
    if gone_s >= 0.0:
        kept = exp(-gone_s / TAU_S)
        return Swamps(swamps.swampings * kept + 1.0, swamps.lived_s * kept + lived_s, at_s)
    weight = exp(gone_s / TAU_S)
    return Swamps(swamps.swampings + weight, swamps.lived_s + weight * lived_s, swamps.at_s)


def rate(swamps: Swamps, now_s: float) -> float:
    """Swampings per minute at `now_s` of the active clock, 0 to 1,000."""
    if not swamps.swampings:
        return 0.0
    return min(60.0 * swamps.swampings * exp((swamps.at_s - now_s) / TAU_S) / TAU_S, HIGHEST)


def lifespan_s(swamps: Swamps) -> float:
    """Mean seconds of a lost round, 0 to 1e7; 0 before the first."""
    return min(swamps.lived_s / swamps.swampings, LONGEST_S) if swamps.swampings else 0.0
