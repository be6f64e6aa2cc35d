"""What a policy may say, and the shape every policy has."""

import random
from typing import Protocol

from msgspec import Struct

from contract.signals import Signals, SignalUpdated
from engagement_api.state import State


class Wish(Struct, frozen=True):
    """A difficulty for the next round, in logits, and the reason in words a player can read."""

    difficulty: float
    because: str
    """The reason alone, a clause without its full stop: what follows is said once the guardrails have spoken."""


class Policy(Protocol):
    """One rule for the next round's difficulty. Pure: chance comes in as `dice`, seeded by the caller."""

    def __call__(self, signal: SignalUpdated, state: State, dice: random.Random, /) -> Wish | None:
        """What the rule wishes for after `signal`, or None when no round was finished since the last goal."""
        ...


def was_cleared(signals: Signals) -> bool:
    """The newest finished round was cleared."""
    return signals.rounds > 0 and signals.last3 & 1 == 1


def next_rapid(signals: Signals) -> int:
    """The number of the rapid that the next goal is for, from 1.

    After a cleared rapid it is the one behind it, after a lost one the same again. While a round runs nobody knows how
    it will end: its own number is the nearest guess, and the goal is made anew when it has ended.
    """
    here = max(signals.rapid, 1)
    if signals.in_round or signals.session_rounds == 0:
        return here
    return here + was_cleared(signals)
