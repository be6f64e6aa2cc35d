"""What a run is told: the figures and every broken promise, one sentence each."""

from typing import Literal

from msgspec import Struct

Invariant = Literal["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"]
PROMISES: dict[Invariant, str] = {
    "I1": "what is acknowledged is never lost",
    "I2": "an event has its effect once: the state equals a single-threaded replay of the log",
    "I3": "a player's events, beliefs and goals keep their order",
    "I4": "nobody sees another player's data",
    "I5": "what came in is what was accepted and what was refused",
    "I6": "the game never waits",
    "I7": "recovery ends",
    "I8": "memory and disk are bounded",
}


class Violation(Struct, frozen=True):
    """One broken promise."""

    of: Invariant
    sentence: str


class Played(Struct, frozen=True):
    """What a real game had, by its own measure and the log's clock."""

    seconds: float
    frames_per_s: float
    frame_p99_ms: float
    telling_p99_ms: float


class Verdict(Struct, frozen=True, kw_only=True):
    """What the checker says of one run."""

    acknowledged: int
    lost: int
    doubled: int
    accepted: int
    failed: int
    repeated: int
    decided: int
    frames: int
    game: Played | None = None
    violations: tuple[Violation, ...] = ()
