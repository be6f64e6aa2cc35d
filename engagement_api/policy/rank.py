"""P1, the rank: Resident Evil 4's hidden game rank (Capcom, 2005), from 1 to 10.

Published is its shape, by players who read the game's memory (Skullbot, "Rank / Difficulty adjustment analysis",
speedrun.com): a bar from 1,000 to 10,999 that starts at 5,500 and whose thousands are the rank; the higher it stands,
the slower it rises and the faster it falls, and the other way about. How much each deed moves it is known in stars
("Game Rank (RE4)", residentevil.fandom.com): two for defeating an enemy, five the other way for having to continue. So
it is *asymmetric*, a loss outweighs a win, and *self-centring*, it pulls back to the middle:

    bar <- bar + GAIN (2 - bar / 5500)   after a cleared round,      bar <- bar - LOSS bar / 5500   after a lost one

Ours: that the pull is linear, that a star is 200 points, and what a rank is worth in logits. In the middle it stands
still for a paddler who clears five rounds in seven, the ratio of the stars, and for one who gives a round up.

It refuses to know the skill: only how the newest round ended. It needs no cold start, and never gets any better.
"""

from typing import Final

from contract.course import designed_difficulty
from contract.signals import SignalUpdated
from engagement_api.policy.wish import Wish, is_answered, next_rapid, was_cleared, was_given_up
from engagement_api.state import CENTRE, Memory, State

GAIN: Final = 400
LOSS: Final = 1_000
LOWEST: Final = 1_000
HIGHEST: Final = 10_999
A_RANK: Final = 1_000
MIDDLE: Final = 5
LOGITS: Final = 0.30
"""A rank is one step of the guardrails, so that the tenth is the end of their range. Ours."""


def decide(signal: SignalUpdated, state: State) -> Wish | None:
    """The difficulty of the player's rank, after every finished round."""
    if is_answered(signal, state):
        return None
    before = bar = state.memory.bar
    if not was_given_up(signal.data):
        bar = bar_after(before, cleared=was_cleared(signal.data))
    rank = bar // A_RANK
    return Wish(
        designed_difficulty(next_rapid(signal.data)) + LOGITS * (rank - MIDDLE),
        _because(before // A_RANK, rank),
        evidence=(("rank", float(rank)), ("bar", float(bar))),
        memory=Memory(bar=bar),
    )


def bar_after(bar: int, *, cleared: bool) -> int:
    """The hidden bar, 1,000 to 10,999, after one more round."""
    change = GAIN * (2.0 - bar / CENTRE) if cleared else -LOSS * bar / CENTRE
    return min(max(bar + round(change), LOWEST), HIGHEST)


def _because(before: int, rank: int) -> str:
    if rank == before:
        return f"You keep rank {rank} of 10"
    return f"You {'rise' if rank > before else 'fall'} to rank {rank} of 10"
