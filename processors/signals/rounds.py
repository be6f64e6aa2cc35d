"""rounds, session_rounds, in_round, rapid, attempt, difficulty and newest_outcome: where on the river the player is.

Counts and copies of what the newest round said of itself; no formula. An abandoned round is a finished one, and neither
cleared nor lost: its player comes back to the same rapid, however the rounds before it ended.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.events import Outcome, RapidFinished, RapidStarted
from processors.signals.told import Told

TELLS: Final = (
    Told("rounds", "count", "life"),
    Told("session_rounds", "count", "session"),
    Told("difficulty", "logit", "newest round"),
    Told("in_round", "yes or no", "now"),
    Told("rapid", "number", "newest round"),
    Told("attempt", "number", "newest round"),
    Told("newest_outcome", "outcome", "newest round that is over"),
)


class Rounds(Struct, frozen=True, array_like=True):
    """The counts, and the present or newest round."""

    finished: int = 0
    this_session: int = 0
    rapid: int = 0
    attempt: int = 0
    difficulty: float = 0.0
    in_round: bool = False
    newest: Outcome | None = None
    """How the newest round that is over ended."""


def start(rounds: Rounds, fact: RapidStarted) -> Rounds:
    """A round begins."""
    return replace(rounds, rapid=fact.rapid, attempt=fact.attempt, difficulty=fact.difficulty, in_round=True)


def finish(rounds: Rounds, fact: RapidFinished) -> Rounds:
    """A round ends."""
    return Rounds(
        finished=rounds.finished + 1,
        this_session=rounds.this_session + 1,
        rapid=fact.rapid,
        attempt=fact.attempt,
        difficulty=fact.difficulty,
        newest=fact.outcome,
    )


def leave(rounds: Rounds) -> Rounds:
    """A session ended: nobody is in a round, and one that was left under way was given up."""
    return replace(rounds, in_round=False, newest="abandoned" if rounds.in_round else rounds.newest)


def sit_down(rounds: Rounds) -> Rounds:
    """Another session: no round of it is finished yet, and whether one is going on is not for the clock to say."""
    return replace(rounds, this_session=0)
