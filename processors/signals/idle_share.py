"""idle_share: the share of active time that lies in input gaps of more than 5 s, 0 to 1.

    idle(t)  = integral of [s lies in a gap > 5 s] exp(-(t - s) / tau) ds
    spent(t) = integral of exp(-(t - s) / tau) ds,            share = idle / spent,   tau = 120 s

A gap counts whole once it is over 5 s, its first five seconds included; the gap that is still open counts as soon as
it is long enough. Both integrals are closed forms between strokes (a gap of g adds tau (1 - exp(-g / tau))), so the
state is three numbers. The 5 s and the tau are ours.

Strange: a stroke later than the newest known one cannot split a gap that was already judged; inside the bound of
processors/player.py strokes come here in their order, so this concerns only what is later than that.
"""

from math import exp
from typing import Final

from msgspec import Struct

from processors.signals.told import Told

TAU_S: Final = 120.0
GAP_S: Final = 5.0
TELLS: Final = (Told("idle_share", "share of active time", f"tau {TAU_S:.0f} s active"),)


class Idle(Struct, frozen=True, array_like=True):
    """Both integrals, in seconds, as they stood at the newest stroke."""

    idle_s: float = 0.0
    spent_s: float = 0.0
    at_s: float = 0.0


def stroke(idle: Idle, at_s: float) -> Idle:
    """The integrals at a stroke, which ends a gap."""
    gap_s = at_s - idle.at_s
    if gap_s <= 0.0:
        return idle
    kept = exp(-gap_s / TAU_S)
    added_s = TAU_S * (1.0 - kept)
    return Idle(idle.idle_s * kept + (added_s if gap_s > GAP_S else 0.0), idle.spent_s * kept + added_s, at_s)


def read(idle: Idle, now_s: float) -> float:
    """The share at `now_s` of the active clock, the open gap included; 0 before any time has passed."""
    now = idle if now_s <= idle.at_s else stroke(idle, now_s)
    return min(now.idle_s / now.spent_s, 1.0) if now.spent_s > 0.0 else 0.0
