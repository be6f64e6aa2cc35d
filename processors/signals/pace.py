"""intensity and pace_state: the director of Left 4 Dead, as a belief about one paddler.

Booth, "The AI Systems of Left 4 Dead" (AIIDE 2009): a survivor's emotional intensity rises with damage (to the full
when incapacitated) and with what happens close by, more the closer; it decays towards zero, but never while under
threat. From it the director makes waves:

    build_up --intensity >= 0.8--> peak --4 s--> fade --intensity <= 0.3--> relax --30 s--> build_up

Peak 3 to 5 s and relax 30 to 45 s are the talk's; the sizes of a knock and a near miss, the thresholds and the decay
(1 to 0 in 30 s, linear, beginning 2 s after the last threat) are ours. Because the decay is linear, every moment of
change between two threats is known in closed form: the state is touched by threats alone and is right at any instant
in between, whatever else happens or is lost.
"""

from typing import Final

from msgspec import Struct

from contract.signals import PaceState
from processors.signals.told import Told

KNOCK: Final = 0.4
"""Intensity of one point of damage."""
NEAR_MISS: Final = 0.15
"""Intensity of a rock passed at no distance; at one metre, half of it."""
THREAT_S: Final = 2.0
DECAY_S: Final = 30.0
PEAK: Final = 0.8
CALM: Final = 0.3
PEAK_S: Final = 4.0
RELAX_S: Final = 30.0
TELLS: Final = (
    Told("intensity", "share", f"falls within {DECAY_S:.0f} s of calm"),
    Told("pace_state", "phase", "now"),
)


class Pace(Struct, frozen=True, array_like=True):
    """Intensity and state as they were at the last threat, on the active clock."""

    intensity: float = 0.0
    threat_s: float = 0.0
    state: PaceState = "build_up"
    since_s: float = 0.0


def hit(pace: Pace, now_s: float, damage: int, hull_left: int) -> Pace:
    """A rock was struck; a swamped kayak is as bad as it gets."""
    return _threaten(pace, now_s, 1.0 if hull_left == 0 else KNOCK * damage)


def near_miss(pace: Pace, now_s: float, clearance: float) -> Pace:
    """A rock was passed with `clearance` metres between."""
    return _threaten(pace, now_s, NEAR_MISS / (1.0 + clearance))


def intensity(pace: Pace, now_s: float) -> float:
    """0 to 1."""
    calm_s = now_s - pace.threat_s - THREAT_S
    return pace.intensity if calm_s <= 0.0 else max(pace.intensity - calm_s / DECAY_S, 0.0)


def state(pace: Pace, now_s: float) -> tuple[PaceState, float]:
    """The state at `now_s`, and since when, if no threat came after the last known one."""
    name, since_s = pace.state, pace.since_s
    if name == "peak" and now_s >= since_s + PEAK_S:
        name, since_s = "fade", since_s + PEAK_S
    if name == "fade":
        calm_s = pace.threat_s + THREAT_S + (pace.intensity - CALM) * DECAY_S if pace.intensity > CALM else since_s
        if now_s >= max(calm_s, since_s):
            name, since_s = "relax", max(calm_s, since_s)
    if name == "relax" and now_s >= since_s + RELAX_S:
        name, since_s = "build_up", since_s + RELAX_S
    return name, since_s


def _threaten(pace: Pace, now_s: float, amount: float) -> Pace:
    name, since_s = state(pace, now_s)
    risen = min(intensity(pace, now_s) + amount, 1.0)
    if name == "build_up" and risen >= PEAK:
        name, since_s = "peak", now_s
    return Pace(risen, now_s, name, since_s)
