"""rounds, session_rounds, in_round, rapid, attempt and difficulty: where on the river the player is.

Counts and copies of what the newest round said of itself; no formula. An abandoned round is a finished one.
"""

from typing import Final

from msgspec import Struct

from contract.events import RapidFinished, RapidStarted
from processors.signals.told import Told

TELLS: Final = (
    Told("rounds", "count", "life"),
    Told("session_rounds", "count", "session"),
    Told("difficulty", "logit", "newest round"),
    Told("in_round", "yes or no", "now"),
    Told("rapid", "number", "newest round"),
    Told("attempt", "number", "newest round"),
)


class Rounds(Struct, frozen=True, array_like=True):
    """The counts, and the present or newest round."""

    finished: int = 0
    this_session: int = 0
    rapid: int = 0
    attempt: int = 0
    difficulty: float = 0.0
    in_round: bool = False


def start(rounds: Rounds, fact: RapidStarted) -> Rounds:
    """A round begins."""
    return Rounds(rounds.finished, rounds.this_session, fact.rapid, fact.attempt, fact.difficulty, in_round=True)


def finish(rounds: Rounds, fact: RapidFinished) -> Rounds:
    """A round ends."""
    return Rounds(rounds.finished + 1, rounds.this_session + 1, fact.rapid, fact.attempt, fact.difficulty)


def leave(rounds: Rounds) -> Rounds:
    """A session ended: nobody is in a round."""
    return Rounds(rounds.finished, rounds.this_session, rounds.rapid, rounds.attempt, rounds.difficulty)


def sit_down(rounds: Rounds) -> Rounds:
    """Another session: no round of it is finished yet, and whether one is going on is not for the clock to say."""
    return Rounds(rounds.finished, 0, rounds.rapid, rounds.attempt, rounds.difficulty, rounds.in_round)
