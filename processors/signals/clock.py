"""The active clock: seconds a player has really played, over all sessions.

It runs from event to event of one session, stands still while play is paused, and does not count a silence of more
than 30 minutes, which ends a session whatever the game says. Every window of every signal is measured on it, so that
a pause, however long, changes no belief. It refuses to know the time of day: it reads only what events say.
"""

from typing import Final

from msgspec import Struct

SILENCE_S: Final = 1800.0
"""A longer silence ends a session (the web analytics convention; design page on signals)."""


class Clock(Struct, frozen=True, array_like=True):
    """Where the clock stands; `active_s` only ever grows."""

    session: str = ""
    last_s: float = 0.0
    """POSIX seconds of the newest event, by the player's clock."""
    active_s: float = 0.0
    paused: bool = False


def tick(clock: Clock, now_s: float) -> Clock:
    """The clock at an event of the same session; an event from before the newest one moves nothing."""
    gone_s = now_s - clock.last_s
    if gone_s <= 0.0:
        return clock
    if clock.paused or gone_s > SILENCE_S:
        return Clock(clock.session, now_s, clock.active_s, clock.paused)
    return Clock(clock.session, now_s, clock.active_s + gone_s)


def begin(clock: Clock, session: str, now_s: float) -> Clock:
    """The clock at the first event of another session: what lies between sessions is not active time."""
    return Clock(session, now_s, clock.active_s)


def pause(clock: Clock) -> Clock:
    """The clock stopped."""
    return Clock(clock.session, clock.last_s, clock.active_s, paused=True)


def resume(clock: Clock) -> Clock:
    """The clock running again."""
    return Clock(clock.session, clock.last_s, clock.active_s)
