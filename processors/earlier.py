"""A player as format 1 wrote it: a worker that is updated goes on with the players it had.

Format 1 kept no strokes by action, no swampings, no visits and nothing foretold. What it kept is taken over; the
session it was written in counts as the first, because nobody knows better; what is foretold is worked out. The shapes
below are frozen: a part of a signal's state that changes needs its older self written out here.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.events import AnyEvent, Outcome
from processors import belief as beliefs
from processors.belief import Belief
from processors.life import Life, foresee
from processors.signals.absence import Visits
from processors.signals.apm import Apm
from processors.signals.clock import Clock
from processors.signals.idle_share import Idle
from processors.signals.input_entropy import Actions
from processors.signals.losses import Losses
from processors.signals.pace import Pace
from processors.signals.rounds import Rounds
from processors.signals.skill import Skill
from processors.signals.streak import Streak
from processors.signals.stuck import Stuck
from processors.signals.success import Success
from processors.window import Heard

FORMAT: Final = 1


class _Belief(Struct, frozen=True, array_like=True):
    clock: Clock
    apm: Apm
    idle: Idle
    pace: Pace
    rounds: Rounds
    stuck: Stuck
    success: Success
    skill: Skill
    streak: Streak
    losses: Losses
    consent: bool
    late: int


class First(Struct, frozen=True, array_like=True):
    """Format 1, by position."""

    format: int
    offset: int
    heard: tuple[Heard, ...]
    forgotten_s: float
    settled: _Belief
    frontier: int
    waiting: tuple[AnyEvent, ...]  # type: ignore[valid-type]  # a union made at run time


def belief(first: First) -> Belief:
    """What was believed then, in today's shape."""
    was = first.settled
    newest: Outcome | None = "cleared" if was.streak.run > 0 else "swamped" if was.streak.run < 0 else None
    life = Life(
        rounds=replace(was.rounds, newest=newest),
        stuck=was.stuck,
        success=was.success,
        skill=was.skill,
        streak=was.streak,
        losses=was.losses,
        visits=Visits(1, was.clock.last_s),
        consent=was.consent,
        late=was.late,
    )
    lost = was.streak.run < 0 and not was.rounds.in_round
    attempt = was.rounds.attempt + lost if was.rounds.in_round or lost else 1
    ready = foresee(life, attempt, was.clock.active_s, was.idle)
    return beliefs.recall(clock=was.clock, apm=was.apm, idle=was.idle, actions=Actions(), pace=was.pace, life=ready)
