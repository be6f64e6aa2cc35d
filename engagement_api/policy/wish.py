"""What a policy may say.

Every policy is a function `decide(signal, state, ...)`, pure, whose further parameters are exactly what it knows beside
the one player: a graph, a posterior, dice. The table in `weigh` hands them out.
"""

from msgspec import Struct

from contract.signals import Signals, SignalUpdated
from engagement_api.state import FRESH, Memory, State


class Lesson(Struct, frozen=True, array_like=True):
    """What the bandit learned of one of its choices: a block of rounds under it was begun, or was played to its end."""

    choice: int
    stayed: bool


class Wish(Struct, frozen=True):
    """A difficulty for the next round, in logits, and the reason in words a player can read."""

    difficulty: float
    because: str
    """The reason alone, a clause without its full stop: what follows is said once the guardrails have spoken."""
    evidence: tuple[tuple[str, float], ...] = ()
    """What it rests on beside the beliefs: by name, at most twelve."""
    propensity: float = 1.0
    """How likely this choice was, of all the dice could have made."""
    memory: Memory = FRESH
    """What to remember until the next wish."""
    lessons: tuple[Lesson, ...] = ()


def is_answered(signal: SignalUpdated, state: State) -> bool:
    """No round was finished since the last goal, so there is nothing to wish for."""
    return signal.data.rounds <= state.rounds_judged


def was_cleared(signals: Signals) -> bool:
    """The newest finished round was cleared; one that was given up was not."""
    return signals.newest_outcome == "cleared"


def was_given_up(signals: Signals) -> bool:
    """The newest finished round was left before its end: it says nothing of what the paddler can do."""
    return signals.newest_outcome == "abandoned"


def next_rapid(signals: Signals) -> int:
    """The number of the rapid that the next goal is for, from 1.

    After a cleared rapid it is the one behind it, after a lost one the same again. While a round runs nobody knows how
    it will end: its own number is the nearest guess, and the goal is made anew when it has ended.
    """
    here = max(signals.rapid, 1)
    return here if signals.in_round else here + was_cleared(signals)
