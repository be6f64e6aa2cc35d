"""Who was exposed to an arm of a trial, when first, and how many rounds they have finished since.

A player counts from the first goal that says `exposed`; from then on every goal of the trial tells how far they came,
even one that left them alone: who leaves an arm still counts for it, or an arm could win by driving people out.

Strange: exposures are merged, never added up. Of two tellings of one player the earlier beginning and the later end
hold, in whichever order they come and however often, so a batch that Kafka delivers twice changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from contract.envelope import PlayerKind
from engagement_api.record import Record
from engagement_api.trial import NO_TRIAL


class Exposure(Struct, frozen=True):
    """One player in one trial: a row of the table."""

    trial: str
    player: str
    arm: str
    playerkind: PlayerKind
    exposed_at: datetime
    rounds_before: int
    """Rounds of this player's life when the arm's policy first acted."""
    rounds: int
    """Finished since."""


class Exposures(Struct, frozen=True):
    """What a batch of decisions says: who was exposed, and how far others came who may have been before."""

    begun: list[Exposure]
    """One a player and trial."""
    reached: dict[tuple[str, str], int]
    """By trial and player, rounds of life."""


def exposures_of(records: Iterable[Record]) -> Exposures:
    """What the decisions of one batch say of the trials they were made in."""
    begun: dict[tuple[str, str], Exposure] = {}
    reached: dict[tuple[str, str], int] = {}
    for record in records:
        goal = record.goal.data
        if goal.trial == NO_TRIAL or record.playerkind is None:
            continue
        key, rounds = (goal.trial, record.player), record.state.rounds_judged
        reached[key] = max(rounds, reached.get(key, 0))
        if goal.exposed:
            told = Exposure(goal.trial, record.player, goal.arm, record.playerkind, record.goal.time, rounds, 0)
            begun[key] = merged(begun[key], told) if key in begun else told
    for key, exposure in begun.items():
        begun[key] = replace(exposure, rounds=reached.pop(key) - exposure.rounds_before)
    return Exposures([*begun.values()], reached)


def merged(one: Exposure, other: Exposure) -> Exposure:
    """Both tellings in one: the earlier beginning, and rounds up to the later end."""
    first = min(one, other, key=lambda exposure: exposure.exposed_at)
    before = min(one.rounds_before, other.rounds_before)
    end = max(exposure.rounds_before + exposure.rounds for exposure in (one, other))
    return replace(first, rounds_before=before, rounds=end - before)
