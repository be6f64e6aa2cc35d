"""What no wish may do: the rails stand outside every policy, and each one that bites says so by name.

Difficulty is bound as an offset from the designer's curve (see `state`): the curve's own rise and rest are no
adaptation. Two rails say where the river may go (`range`, `odds`); they bound the wish. Four say how it may move
(`dead_band`, `reversal`, `round_step`, `session_sum`); they are applied last, so that a river that finds itself outside
the odds comes back in steps, it does not lurch. The range holds at every step, because it holds at the first.

Every constant is the issue's; none is tuned. The policy P0 is exempt: it *is* the place the rails lead back to, and a
control arm that a rail could move would be no control.
"""

from datetime import datetime, timedelta
from math import isfinite
from typing import Final, Literal, get_args

from msgspec import Struct

from contract.course import difficulty_for
from contract.events import Hint, Reward
from engagement_api.state import State

Rail = Literal[
    "range", "odds", "dead_band", "reversal", "round_step", "session_sum", "between_rounds", "hint_gap", "hint_count",
    "reward_gap", "stale", "drift", "switched_off", "opted_out", "held_out",
]  # fmt: skip
RAILS: Final[tuple[Rail, ...]] = get_args(Rail)

RANGE: Final = 1.5
ODDS: Final = (0.45, 0.92)
"""Lowest and highest probability of clearing the next round, as the skill estimate predicts it."""
HARDEST, EASIEST = (difficulty_for(0.0, chance) for chance in ODDS)
"""The same as difficulties, in logits above the skill."""
DEAD_BAND: Final = 0.10
ROUND_STEP: Final = 0.30
SESSION_SUM: Final = 0.80
REVERSAL: Final = 0.30
REQUESTS: Final = 2
HINT_GAP: Final = timedelta(seconds=60)
HINT_COUNT: Final = 3
REWARD_GAP: Final = 5
STALE: Final = timedelta(seconds=10)
LOST: Final = timedelta(seconds=60)
HAIR: Final = 1e-9
"""Sums of tenths are not tenths; a limit is not broken by less than this."""


class Guarded(Struct, frozen=True):
    """Where the offset may go, and which rails had a part in it."""

    offset: float
    heading: Literal[-1, 0, 1]
    turns_asked: int
    rails: tuple[Rail, ...]


def guard(wished: float, curve: float, skill: float, state: State) -> Guarded:
    """The offset allowed for a `wished` difficulty on a rapid of `curve`; all in logits.

    What is no number lies outside every range, and moves nothing.
    """
    if not isfinite(wished):
        return stay(state, ("range",))
    rails: list[Rail] = []
    asked = _place(wished - curve, curve, skill, rails)
    move = asked - state.offset
    if abs(move) < DEAD_BAND - HAIR:
        if abs(move) > HAIR:
            rails.append("dead_band")
        return Guarded(state.offset, state.heading, 0, tuple(rails))
    way: Literal[-1, 1] = 1 if move > 0 else -1
    against = way == -state.heading
    if against and abs(move) <= REVERSAL + HAIR and state.turns_asked + 1 < REQUESTS:
        return Guarded(state.offset, state.heading, state.turns_asked + 1, (*rails, "reversal"))
    if abs(move) > ROUND_STEP + HAIR:
        rails.append("round_step")
        move = way * ROUND_STEP
    offset = _clamp(state.offset + move, state.session_offset - SESSION_SUM, state.session_offset + SESSION_SUM)
    if abs(offset - state.offset - move) > HAIR:
        rails.append("session_sum")
    offset = round(offset, 6)
    moved = abs(offset - state.offset) > HAIR
    return Guarded(offset, way if moved else state.heading, 0, tuple(rails))


def _place(offset: float, curve: float, skill: float, rails: list[Rail]) -> float:
    """`offset` brought into the odds and then into the range; where they disagree the range wins."""
    likely = _clamp(offset, skill + EASIEST - curve, skill + HARDEST - curve)
    if abs(likely - offset) > HAIR:
        rails.append("odds")
    near = _clamp(likely, -RANGE, RANGE)
    if abs(near - likely) > HAIR:
        rails.append("range")
    return near


def stay(state: State, rails: tuple[Rail, ...] = ()) -> Guarded:
    """The offset as it is, and doubt as it was."""
    return Guarded(state.offset, state.heading, state.turns_asked, rails)


def drift(state: State, rails: tuple[Rail, ...] = ()) -> Guarded:
    """One step home to the designer's curve, for when nothing better is known."""
    home = -_clamp(state.offset, -ROUND_STEP, ROUND_STEP)
    offset = _clamp(state.offset + home, state.session_offset - SESSION_SUM, state.session_offset + SESSION_SUM)
    return Guarded(round(offset, 6), 0, 0, rails)


def freshness(age: timedelta) -> Literal["fresh", "stale", "lost"]:
    """What a belief of this age may still do: decide, keep what was decided, or only lead back to the curve."""
    if age > LOST:
        return "lost"
    return "stale" if age > STALE else "fresh"


def allow_hint(hint: Hint | None, state: State, at: datetime) -> tuple[Hint | None, tuple[Rail, ...]]:
    """The hint for what happened `at`, unless within 60 s of what the last one answered, or the fourth of a session."""
    if hint is None:
        return None, ()
    if state.hints >= HINT_COUNT:
        return None, ("hint_count",)
    if state.hinted_at is not None and at - state.hinted_at < HINT_GAP:
        return None, ("hint_gap",)
    return hint, ()


def allow_reward(reward: Reward | None, state: State, rounds: int) -> tuple[Reward | None, tuple[Rail, ...]]:
    """The reward, unless one was given within the last five rounds."""
    if reward is not None and state.rewarded_round is not None and rounds - state.rewarded_round < REWARD_GAP:
        return None, ("reward_gap",)
    return reward, ()


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
