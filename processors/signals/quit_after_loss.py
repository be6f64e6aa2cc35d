"""quit_after_loss: does this player get up after losing rather than after winning? Log odds, -20 to 20.

    quit_after_loss = ln((q_L + 0.5) / (s_L + 0.5)) - ln((q_W + 0.5) / (s_W + 0.5))

q counts sessions that ended after a lost (L) or a cleared (W) round, s rounds after which another was begun. Each count
fades by 0.98 whenever one of them grows, which is once a round. 0.5 is Haldane's correction of the log odds ratio
("The estimation and significance of the logarithm of a ratio of frequencies", Annals of Human Genetics 20, 1956): it
keeps the value finite and its bias small, and makes it 0 for a stranger. 0.98 remembers about fifty rounds; it is ours.

Strange: what a round led to is known only afterwards, so its outcome is kept open until the next round begins or the
session ends. A round that was abandoned is neither lost nor won.
"""

from math import log
from typing import Final

from msgspec import Struct

from processors.signals.told import Told

KEPT: Final = 0.98
HALDANE: Final = 0.5
TELLS: Final = (Told("quit_after_loss", "log odds ratio", f"fades by {KEPT} a round"),)


class Quits(Struct, frozen=True, array_like=True):
    """The four faded counts, what they come to, and the outcome whose consequence is not known yet."""

    quit_lost: float = 0.0
    stayed_lost: float = 0.0
    quit_cleared: float = 0.0
    stayed_cleared: float = 0.0
    log_odds: float = 0.0
    open: bool | None = None
    """Whether the newest round was cleared; None while a round is played and after a session's end."""


def judge(quits: Quits, *, cleared: bool) -> Quits:
    """A round was finished; whatever was open before it did not end the session."""
    known = went_on(quits)
    return Quits(
        known.quit_lost, known.stayed_lost, known.quit_cleared, known.stayed_cleared, known.log_odds, open=cleared
    )


def went_on(quits: Quits) -> Quits:
    """Another round begins."""
    return _known(quits, 0.0, 1.0)


def got_up(quits: Quits) -> Quits:
    """The session is over."""
    return _known(quits, 1.0, 0.0)


def _known(quits: Quits, quit_: float, stayed: float) -> Quits:
    if quits.open is None:
        return quits
    lost, cleared = (0.0, 1.0) if quits.open else (1.0, 0.0)
    quit_lost = KEPT * quits.quit_lost + lost * quit_
    stayed_lost = KEPT * quits.stayed_lost + lost * stayed
    quit_cleared = KEPT * quits.quit_cleared + cleared * quit_
    stayed_cleared = KEPT * quits.stayed_cleared + cleared * stayed
    odds_lost = (quit_lost + HALDANE) / (stayed_lost + HALDANE)
    odds_cleared = (quit_cleared + HALDANE) / (stayed_cleared + HALDANE)
    return Quits(quit_lost, stayed_lost, quit_cleared, stayed_cleared, log(odds_lost / odds_cleared))
