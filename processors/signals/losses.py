"""losses_alike, lost_by and suggested_hint: what keeps beating this player.

Two or more rounds lost in a row to the same cause suggest a hint about that cause. Whether to show it is not decided
here: the engagement API has guardrails for that. A cleared round forgets; a loss whose cause the game did not tell is
like no other.
"""

from typing import Final, Literal

from msgspec import Struct

from contract.events import Hint
from processors.signals.told import Told

ALIKE: Final = 2
Cause = Literal["rock", "gates", "time"]
HINTS: Final[dict[Cause, Hint]] = {"rock": "look_ahead", "gates": "line_up_the_gate", "time": "stay_in_the_current"}
TELLS: Final = (
    Told("losses_alike", "rounds", "since the last other outcome"),
    Told("lost_by", "cause", "newest loss"),
    Told("suggested_hint", "hint", "now"),
)


class Losses(Struct, frozen=True, array_like=True):
    """How many rounds in a row were lost to the same cause, and which."""

    alike: int = 0
    lost_by: Cause | None = None


def judge(losses: Losses, *, cleared: bool, lost_by: Cause | None) -> Losses:
    """The run of like losses after one more round."""
    if cleared or lost_by is None:
        return Losses()
    return Losses(losses.alike + 1 if losses.lost_by == lost_by else 1, lost_by)


def hint(losses: Losses) -> Hint | None:
    """The hint that like losses suggest."""
    return HINTS[losses.lost_by] if losses.lost_by is not None and losses.alike >= ALIKE else None
