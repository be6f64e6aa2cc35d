"""How long to wait before a part that died is started again, and when to stop trying."""

from typing import Final

FIRST_S: Final = 0.1
LONGEST_S: Final = 8.0
MOST: Final = 6
WITHIN_S: Final = 120.0


def wait_before_restart(deaths: tuple[float, ...], now: float) -> float | None:
    """Seconds from `now` to the next start, given when the part died (the newest last); None: give up.

    0.1 s after the first death, four times that after each further one of the last two minutes, 8 s at most; the
    seventh is one too many.
    """
    recent = sum(now - death < WITHIN_S for death in deaths)
    if recent > MOST:
        return None
    return min(FIRST_S * 4.0 ** max(recent - 1, 0), LONGEST_S)
