"""rounds, session_rounds, in_round, rapid, attempt and difficulty: where on the river the player is.

Counts and copies of what the newest round said of itself; no formula. An abandoned round is a finished one.
"""

from msgspec import Struct

from contract.events import RapidFinished, RapidStarted


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


def leave(rounds: Rounds, *, this_session: int) -> Rounds:
    """Nobody is in a round: a session ended, or another began with `this_session` rounds."""
    return Rounds(rounds.finished, this_session, rounds.rapid, rounds.attempt, rounds.difficulty)
