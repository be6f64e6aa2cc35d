"""A belief judged and the answer put into words: what `weigh` decided becomes a goal that travels, and says why."""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from contract.adaptations import Adaptation, AdaptationDecided
from contract.course import grade_of
from contract.signals import SignalUpdated
from engagement_api import words
from engagement_api.guardrails import Rail
from engagement_api.policy.wish import Lesson
from engagement_api.state import State
from engagement_api.trial import ADAPTIVE, NO_TRIAL
from engagement_api.weigh import Aim, Rules, Weighed, weigh

__all__ = ["Rules", "Verdict", "judge"]
SOURCE: Final = "/whitewater/engagement-api"
LASTS: Final = timedelta(minutes=30)
"""A goal outlives a pause and not a session, which ends after 30 minutes without an event."""


class Verdict(Struct, frozen=True):
    """What came of a belief: a goal and the state after it, or only the rails that kept the last decision."""

    state: State
    goal: AdaptationDecided | None
    rails: tuple[Rail, ...]
    lessons: tuple[Lesson, ...] = ()
    """What the bandit learned; whoever keeps its posterior adds them up."""


def judge(signal: SignalUpdated, state: State, rules: Rules, now: datetime) -> Verdict:
    """What the river should become for `signal.subject`, if anything, at the moment `now`, in words."""
    weighed = weigh(signal, state, rules, now)
    goal = None if weighed.aim is None else _goal(signal, state, weighed, weighed.aim, now)
    return Verdict(weighed.state, goal, weighed.rails, weighed.lessons)


def _goal(signal: SignalUpdated, before: State, weighed: Weighed, aim: Aim, now: datetime) -> AdaptationDecided:
    """The goal in its envelope; its id follows from player and revision, so a goal made twice is the same goal."""
    after = weighed.state
    goal = Adaptation(
        revision=after.revision,
        difficulty=aim.difficulty,
        grade=grade_of(aim.difficulty),
        pace=after.pace,
        hint=aim.hint,
        reward=aim.reward,
        because=words.sentence(signal.data, before, aim),
        evidence=words.evidence(signal.data, aim, weighed.rails),
        policy=aim.policy,
        arm=after.arm or ADAPTIVE,
        trial=after.trial or NO_TRIAL,
        exposed=aim.exposed,
        propensity=1.0 if aim.wish is None else aim.wish.propensity,
        control=aim.control,
        expires=now + LASTS,
        cause=signal.cause,
    )
    name = blake2b(f"{signal.subject}/{after.revision}".encode(), digest_size=16).hexdigest()
    return AdaptationDecided(id=name, source=SOURCE, subject=signal.subject, time=now, data=goal)
