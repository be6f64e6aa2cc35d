"""A trial of three arms, and decisions made in it."""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from contract.envelope import PlayerKind
from engagement_api.judge import Rules
from engagement_api.record import Record
from engagement_api.state import State
from engagement_api.trial import Branch, Trial
from tests.engagement_api.beliefs import NOON, finished, judged

SPRING: Final = Trial(
    "spring", (Branch("as drawn", "P0", 0.5), Branch("on target", "P2", 0.3), Branch("by rank", "P1", 0.2))
)


def decided(player: str, *rounds: int, trial: Trial = SPRING, kind: PlayerKind = "bot") -> list[Record]:
    """What the end of each of these rounds leaves, in a trial, each a minute after the one before."""
    signals = [
        replace(finished(number, cleared=False, player=player), time=NOON + timedelta(minutes=number))
        for number in rounds
    ]
    verdicts = judged(State(), *signals, rules=Rules(trial=trial))
    return [Record(verdict.goal, verdict.state, kind) for verdict in verdicts if verdict.goal is not None]


def blurred(record: Record, **changed: object) -> Record:
    """The record with other values in its goal."""
    return replace(record, goal=replace(record.goal, data=replace(record.goal.data, **changed)))
