"""apm: effective strokes per active minute, 0 to 10,000.

    rate(t) = sum over strokes i of weight_i exp(-(t - t_i) / tau) / tau,   apm = 60 rate,   tau = 60 s

An exponentially decayed sum as in Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay" (ICDE 2009, section III):
every stroke has its own weight, so a stroke that comes late adds exactly what it would have added in its turn. A
stroke in the contract is already a *change* of what the paddler does, which is what makes it effective.

Strange: the rate starts at nothing, so in the first minute it reads low (after 60 s of steady play, 63 % of it).
"""

from math import exp
from typing import Final

from msgspec import Struct

from processors.signals.told import Told

TAU_S: Final = 60.0
HIGHEST: Final = 10_000.0
TELLS: Final = (Told("apm", "strokes / active minute", f"tau {TAU_S:.0f} s active"),)


class Apm(Struct, frozen=True, array_like=True):
    """The decayed sum of strokes, per second, as it stood at `at_s` of the active clock."""

    rate: float = 0.0
    at_s: float = 0.0


def stroke(apm: Apm, at_s: float, weight: int) -> Apm:
    """The sum with one stroke more, made at `at_s`, that stands for `weight` strokes (sampling)."""
    gone_s = at_s - apm.at_s
    if gone_s >= 0.0:
        return Apm(apm.rate * exp(-gone_s / TAU_S) + weight / TAU_S, at_s)
    return Apm(apm.rate + weight * exp(gone_s / TAU_S) / TAU_S, apm.at_s)


def read(apm: Apm, now_s: float) -> float:
    """Strokes per minute at `now_s` of the active clock."""
    return min(60.0 * apm.rate * exp((apm.at_s - now_s) / TAU_S), HIGHEST)
