"""Goals as the river's door sends them."""

from datetime import UTC, datetime

from contract.adaptations import Adaptation, AdaptationDecided
from contract.codec import encode
from contract.envelope import Cause

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def frame(player: str, revision: int) -> str:
    """One goal in one text frame."""
    goal = Adaptation(
        revision=revision,
        difficulty=-0.4,
        grade="II",
        pace=0.5,
        because="You struck three rocks in a row.",
        evidence={"success": 0.3},
        policy="P2",
        arm="target",
        expires=NOON,
        cause=Cause(f"s-{player}", 7, NOON),
    )
    decided = AdaptationDecided(
        id=f"{player}-{revision}", source="/whitewater/api", subject=player, time=NOON, data=goal
    )
    return encode(decided).decode()
