"""I3: a player's events, beliefs and goals keep their order, but for repeats.

Where order is not promised it is not asked for: of events when the plan shuffled them on the way; of beliefs also when
a worker was cut off or frozen, because whoever wakes up may still say what it had in hand, and readers go by the
sequence; of goals when API and Redis were hurt in one run, because what Redis kept for a dead API is then told when
Redis is back, behind newer ones, and readers go by the revision.
"""

from collections.abc import Iterator
from typing import Final

from faults.effects import few
from faults.evidence import Evidence
from faults.plan import Plan
from faults.replay import places
from faults.verdict import Violation

ZOMBIES: Final = frozenset({"freeze", "silence", "reset", "slow"})


def order_is_kept(plan: Plan, evidence: Evidence) -> Iterator[Violation]:
    """Events, beliefs and goals, each where its order is promised."""
    hurt = {step.on for step in plan.steps}
    woken = any(step.act in ZOMBIES and step.on.startswith("worker") for step in plan.steps)
    shuffled = plan.mangling.shuffled_in > 1
    if not shuffled:
        yield from few("I3", list(_events(evidence)))
    if not (shuffled or woken):
        yield from few("I3", list(_beliefs(evidence)))
    if not {"api", "redis"} <= hurt:
        yield from few("I3", list(_goals(evidence)))


def _events(evidence: Evidence) -> Iterator[str]:
    highest: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    refused = {(failed.data.partition, failed.data.offset) for failed in evidence.failed}
    for record in evidence.log:
        if (record.partition, record.offset) in refused:
            continue  # whatever number it bears, it is no event
        for place in places(record.value or b""):
            at = (place.sessionid, place.sequence)
            if at not in seen and place.sequence < highest.get(place.sessionid, 0):
                yield f"event {place.sequence} of {place.sessionid} is behind event {highest[place.sessionid]}"
            seen.add(at)
            highest[place.sessionid] = max(place.sequence, highest.get(place.sessionid, 0))


def _beliefs(evidence: Evidence) -> Iterator[str]:
    highest: dict[str, int] = {}
    seen: set[str] = set()
    for _, belief in evidence.beliefs:
        session = belief.sessionid
        if belief.id not in seen and belief.sequence < highest.get(session, 0):
            yield f"the belief after event {belief.sequence} of {session} is behind that after {highest[session]}"
        seen.add(belief.id)
        highest[session] = max(belief.sequence, highest.get(session, 0))


def _goals(evidence: Evidence) -> Iterator[str]:
    highest: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    for _, goal in evidence.goals:
        player, revision = goal.subject, goal.data.revision
        if (player, revision) not in seen and revision < highest.get(player, 0):
            yield f"goal {revision} of {player} is behind goal {highest[player]}"
        seen.add((player, revision))
        highest[player] = max(revision, highest.get(player, 0))
