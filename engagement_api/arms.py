"""Who is held out: one player in twenty keeps the designer's river, so that adaptation can be measured at all.

The arm is a function of the player's name alone: the same in every process, after every restart, and for bots as for
people. The salt belongs to one trial; a new trial takes a new salt, or the same players would be held out for ever.
"""

import hashlib
from typing import Final

from engagement_api.state import Arm

SALT: Final = "whitewater 2026-11"
SHARE: Final = 0.05


def arm_of(player: str) -> Arm:
    """The arm of `player`: held out when the salted SHA-256 of the name, read as a number in [0, 1), is below 0.05."""
    digest = hashlib.sha256(f"{SALT}:{player}".encode()).digest()
    return "held_out" if int.from_bytes(digest[:8], "big") / 2**64 < SHARE else "adaptive"
