"""What rounds and sessions change: the slow half of a belief, touched a few times a minute at most.

A stroke comes every second and must be cheap, so everything that no stroke moves is kept together here, one step away
from the innermost loop. And what is *foretold* of the next round, its flow gap, frustration, boredom and R, is worked
out when a round begins or ends and kept: telling it then costs nothing, however often it is asked for.

It refuses to know clocks and events: each function is given the instant of the active clock and the fact.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.course import chance_of_clearing
from contract.events import RapidFinished, RapidStarted
from contract.graph import standing_of
from processors.signals import (
    absence,
    engagement,
    flow_gap,
    hazard,
    idle_share,
    losses,
    quit_after_loss,
    rounds,
    skill,
    streak,
    stuck,
    success,
    swamps,
)
from processors.signals.absence import Visits
from processors.signals.hazard import Ahead
from processors.signals.idle_share import Idle
from processors.signals.losses import Losses
from processors.signals.quit_after_loss import Quits
from processors.signals.rounds import Rounds
from processors.signals.skill import Skill
from processors.signals.streak import Streak
from processors.signals.stuck import Stuck
from processors.signals.success import Success
from processors.signals.swamps import Swamps
from processors.signals.told import Told

TELLS: Final = (Told("consent", "yes or no", "now"),)


class Life(Struct, frozen=True, array_like=True):
    """A player's rounds and sessions so far, and what is to be expected of the next."""

    rounds: Rounds = Rounds()
    stuck: Stuck = Stuck()
    success: Success = Success()
    skill: Skill = Skill()
    streak: Streak = Streak()
    losses: Losses = Losses()
    swamps: Swamps = Swamps()
    visits: Visits = Visits()
    quits: Quits = Quits()
    flow_gap: float = 0.0
    ahead: Ahead = Ahead()
    engagement: float = 0.0
    consent: bool = True
    late: int = 0
    """Events that came after their successors were absorbed: kept, but only their order-free part could be used."""


def come(life: Life, now_s: float, last_s: float, at_s: float, idle: Idle) -> Life:
    """A session begins at `now_s`, after one that ended at `last_s` (POSIX seconds), at `at_s` of the active clock.

    In the first, `last_s` is no matter: of a stranger nothing is known that could be forgotten.
    """
    back = replace(
        life,
        visits=absence.come(life.visits, now_s, last_s),
        quits=quit_after_loss.got_up(life.quits),
        rounds=rounds.sit_down(life.rounds),
        skill=skill.absent(life.skill, now_s - last_s),
    )
    return foresee(back, life.ahead.attempt, at_s, idle)


def go(life: Life, at_s: float) -> Life:
    """The session is over at `at_s` of the active clock: nobody is in a round any more."""
    return replace(
        life,
        rounds=rounds.leave(life.rounds),
        stuck=stuck.stop(life.stuck, at_s),
        quits=quit_after_loss.got_up(life.quits),
    )


def start(life: Life, fact: RapidStarted, at_s: float, idle: Idle) -> Life:
    """A round begins; what was expected of it stands, unless it is another round than was expected."""
    begun = replace(
        life,
        rounds=rounds.start(life.rounds, fact),
        stuck=stuck.start(life.stuck, fact.rapid, at_s),
        quits=quit_after_loss.went_on(life.quits),
    )
    if fact.attempt != life.ahead.attempt:
        return foresee(begun, fact.attempt, at_s, idle)
    return begun if fact.difficulty == life.rounds.difficulty else _expect(begun, life.ahead)


def finish(life: Life, fact: RapidFinished, at_s: float, idle: Idle) -> Life:
    """A round ends."""
    over = replace(life, rounds=rounds.finish(life.rounds, fact), stuck=stuck.stop(life.stuck, at_s))
    if fact.outcome == "abandoned":
        return foresee(over, fact.attempt, at_s, idle)
    cleared = fact.outcome == "cleared"
    judged = replace(
        over,
        success=success.judge(life.success, cleared=cleared),
        skill=skill.judge(life.skill, fact.difficulty, cleared=cleared),
        streak=streak.judge(life.streak, cleared=cleared),
        losses=losses.judge(life.losses, cleared=cleared, lost_by=fact.swamped_by),
        swamps=life.swamps if cleared else swamps.swamped(life.swamps, at_s, fact.active_s),
        quits=quit_after_loss.judge(life.quits, cleared=cleared),
    )
    return foresee(judged, 1 if cleared else fact.attempt + 1, at_s, idle)


def finish_late(life: Life, fact: RapidFinished, at_s: float, *, of_this_session: bool) -> Life:
    """A round ended at `at_s`, told after its successors: it is counted, and judges nobody."""
    counts = life.rounds
    this_session = counts.this_session + of_this_session
    counted = replace(counts, finished=counts.finished + 1, this_session=this_session)
    swamped = life.swamps if fact.outcome != "swamped" else swamps.swamped(life.swamps, at_s, fact.active_s)
    return replace(life, rounds=counted, swamps=swamped)


def foresee(life: Life, attempt: int, at_s: float, idle: Idle) -> Life:
    """`life` with what is to be expected of its next round, the `attempt`-th at its rapid."""
    if_lost, if_cleared = success.after(life.success, cleared=False), success.after(life.success, cleared=True)
    standing = standing_of(life.rounds.finished + 1, life.visits.ratio, idle_share.read(idle, at_s))
    return _expect(life, hazard.foresee(attempt, life.streak.last3, if_lost, if_cleared, standing))


def _expect(life: Life, ahead: Ahead) -> Life:
    """`life` with what the difficulty, as it is now known, makes of what lies ahead."""
    theta, difficulty = life.skill.theta, life.rounds.difficulty
    rounds_to_come = engagement.expect(ahead, chance_of_clearing(theta, difficulty), life.streak.last3)
    return replace(life, ahead=ahead, flow_gap=flow_gap.read(theta, difficulty), engagement=rounds_to_come)
