"""What the API remembers of one player between two beliefs: small, frozen, and enough to go on after a restart.

A state changes only when a goal is decided, so the newest row of the history always holds the whole of it.
The river's difficulty is kept as an *offset* from the designer's curve, in logits: the curve may rise and rest under
it, and everything the guardrails bound is a movement of the offset, never of the curve.
"""

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

CENTRE: Final = 5_500
"""Where the bar of a rank stands at first: in the middle of ten ranks (see `policy.rank`)."""


class Block(Struct, frozen=True, omit_defaults=True):
    """A stretch of rounds under one choice of the bandit."""

    choice: int
    """Which of `policy.bandit.TARGETS`."""
    began: int
    """Rounds of this player's life when it was chosen."""
    propensity: float
    """How likely that choice was."""


class Memory(Struct, frozen=True, omit_defaults=True):
    """What the deciding policy remembers of one player for itself; when another one decides, it is forgotten."""

    bar: int = CENTRE
    """Of the rank, 1,000 to 10,999."""
    block: Block | None = None
    """Of the bandit, while one lasts."""


FRESH: Final = Memory()


class State(Struct, frozen=True, omit_defaults=True):
    """One player's standing with the river. The default is a player never heard of."""

    revision: int = 0
    """Of the newest goal; 0 before the first."""
    arm: str | None = None
    trial: str = ""
    """Whose arm that is; a player is seated anew when another trial runs."""
    session: str = ""
    """Of the belief that led to the newest goal."""
    left_session: str = ""
    """The session before that one: a belief about it comes too late to matter."""
    sequence: int = 0
    """Of the newest cause in `session`; anything up to it was judged already."""
    rounds_judged: int = 0
    """Rounds of this player's life that a goal has answered."""
    offset: float = 0.0
    """Logits from the designer's curve."""
    session_offset: float = 0.0
    """The offset this session began with."""
    asked: float = 0.0
    """The offset the policy last asked for, before any guardrail: a staircase climbs on this, not on what it got."""
    heading: Literal[-1, 0, 1] = 0
    """Which way the offset last moved: harder is 1."""
    turns_asked: int = 0
    """Requests in a row against `heading` that were not given."""
    pace: float = 1.0
    left_alone: bool = False
    """The newest goal was the designer's curve, because the player or the switch said so."""
    hints: int = 0
    """Shown in this session."""
    hinted_at: datetime | None = None
    """When the event happened that the last hint answered."""
    rewarded_round: int | None = None
    """`rounds_judged` when the last reward was given."""
    memory: Memory = FRESH
