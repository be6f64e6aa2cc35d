"""sessions, days and absence_ratio: how often this player comes, since when, and whether they stayed away for long.

    absence_ratio = g_k / mean(g_1 ... g_(k-1)),   g_i = seconds from the last event of session i to the first after it
    days = (newest event - first event) / 86,400

Above 1 the player stayed away longer than is usual for them: the sign of a player about to be lost that needs no other
player to compare with (recency against one's own rhythm; Fader, Hardie and Lee, "Counting Your Customers the Easy Way",
Marketing Science 24, 2005, section 2, reads the same two numbers). A session ends as the active clock says: with
another session, or after 30 minutes without an event.

Strange: the second session's absence has nothing to be compared with and counts as usual, 1; the first has none, 0.
These three alone are of the calendar: a pause is a part of the day. Whoever plays on two machines at once begins a
session with every change of machine, for the newest event says where a player is.
"""

from typing import Final

from msgspec import Struct

from processors.signals.told import Told

DAY_S: Final = 86_400.0
TOP: Final = 1_000_000.0
TELLS: Final = (
    Told("absence_ratio", "ratio", "life; changes with a session"),
    Told("sessions", "count", "life"),
    Told("days", "days", "life"),
)


class Visits(Struct, frozen=True, array_like=True):
    """The sessions so far."""

    sessions: int = 0
    first_s: float = 0.0
    """POSIX seconds of the first event."""
    away_s: float = 0.0
    """All absences together."""
    ratio: float = 0.0


def come(visits: Visits, now_s: float, last_s: float) -> Visits:
    """A session begins at `now_s`, after one that ended at `last_s` (POSIX seconds; no matter in the first)."""
    if visits.sessions == 0:
        return Visits(1, now_s)
    absences, away_s = visits.sessions - 1, max(now_s - last_s, 0.0)
    ratio = min(away_s * absences / visits.away_s, TOP) if visits.away_s > 0.0 else 1.0
    return Visits(visits.sessions + 1, visits.first_s, visits.away_s + away_s, ratio)


def days(visits: Visits, now_s: float) -> float:
    """Days from the first event to `now_s` (POSIX seconds), 0 to 1,000,000; a clock that was set back makes none."""
    return min(max(now_s - visits.first_s, 0.0) / DAY_S, TOP)
