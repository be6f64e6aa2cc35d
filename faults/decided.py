"""I2, the API's half: every decision was made once, is the same wherever it is kept, and follows from the beliefs.

Determined, and therefore held against a replay of `judge` over the topic's beliefs in order: the whole goal, word for
word, given the moment of its making, which it bears. A belief told twice is judged twice there and here; the second
changes nothing. Not determined is how old a belief was when it was judged, and one older than ten seconds keeps the
last decision. So a decision may be missing, but only where the belief can have been that old: beliefs of a partition
are judged in order, so it cannot where one behind it was answered sooner.

A Redis that was killed has forgotten; then the present goal may be none until the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from contract.adaptations import AdaptationDecided
from contract.signals import SignalUpdated
from engagement_api.guardrails import STALE
from engagement_api.judge import Rules, judge
from engagement_api.state import State
from faults.differ import first_difference
from faults.effects import few
from faults.evidence import Evidence, Record
from faults.history import History
from faults.verdict import Violation

Goals = Mapping[int, AdaptationDecided]
RULES: Final = Rules()
"""Of a site: no trial, the switch on, the policy that is the default."""


def decisions_agree(history: History, evidence: Evidence) -> Iterator[Violation]:
    """Topic, SQL and Redis hold the same goals, one a revision, from the first to the newest without a gap."""
    forgot = any(each.what.endswith(" redis") for each in history.injected)
    topic, twice = _by_revision(evidence.goals)
    found = list(twice)
    for player in sorted(evidence.players):
        told = topic.get(player, {})
        found += _without_gaps(player, told)
        found += _kept(player, told, evidence.history.get(player, ()))
        found += _present(player, told, evidence.live.get(player), forgot=forgot)
    yield from few("I2", found)


def decisions_are_replay(evidence: Evidence) -> Iterator[Violation]:
    """Every goal is the one that follows from the beliefs, and none that follows is missing."""
    made: dict[tuple[str, str, int], AdaptationDecided] = {}
    found = []
    for _, goal in evidence.goals:
        before = made.setdefault(_cause(goal), goal)
        if before.data.revision != goal.data.revision:
            revisions = f"{before.data.revision} and {goal.data.revision}"
            found.append(f"one belief about {goal.subject} was decided upon twice, as {revisions}")
    found += _judged_again(evidence, made)
    yield from few("I2", found)


def _by_revision(
    goals: Sequence[tuple[Record, AdaptationDecided]],
) -> tuple[dict[str, dict[int, AdaptationDecided]], list[str]]:
    found: dict[str, dict[int, AdaptationDecided]] = {}
    twice = []
    for _, goal in goals:
        before = found.setdefault(goal.subject, {}).setdefault(goal.data.revision, goal)
        if differs := first_difference(goal, before):
            twice.append(f"goal {goal.data.revision} of {goal.subject} is on the topic with two contents: {differs}")
    return found, twice


def _without_gaps(player: str, told: Goals) -> Iterator[str]:
    if missing := sorted(set(range(1, max(told, default=0) + 1)) - told.keys()):
        yield f"goal {missing[0]} of {player} was never told, of {max(told)}"


def _kept(player: str, told: Goals, rows: Sequence[AdaptationDecided]) -> Iterator[str]:
    kept = {row.data.revision: row for row in rows}
    for revision in sorted(told.keys() | kept.keys()):
        if revision not in kept:
            yield f"goal {revision} of {player} is on the topic and not in SQL"
        elif revision not in told:
            yield f"goal {revision} of {player} is in SQL and not on the topic"
        elif differs := first_difference(kept[revision], told[revision]):
            yield f"goal {revision} of {player} is in SQL otherwise than on the topic: {differs}"


def _present(player: str, told: Goals, live: AdaptationDecided | None, *, forgot: bool) -> Iterator[str]:
    newest = told[max(told)] if told else None
    if live is None and forgot:
        return
    if live is None and newest is not None:
        yield f"{player} has no present goal, and {newest.data.revision} was decided"
    elif live is not None and newest is None:
        yield f"{player} has the present goal {live.data.revision}, which is nowhere on the topic"
    elif differs := first_difference(live, newest):
        yield f"the present goal of {player} is not the newest: {differs}"


def _judged_again(evidence: Evidence, made: Mapping[tuple[str, str, int], AdaptationDecided]) -> list[str]:
    states: dict[str, State] = {}
    wrong: dict[str, str] = {}
    answered: set[tuple[str, int]] = set()
    soonest = _soonest_answer_behind(evidence, made)
    for record, belief in evidence.beliefs:
        player = belief.subject
        if player not in evidence.players or player in wrong:
            continue
        logged = made.get(_cause(belief))
        verdict = judge(belief, states.get(player, State()), RULES, belief.time if logged is None else logged.time)
        if verdict.goal is None:
            continue
        if logged is None:
            behind = soonest.get((record.partition, record.offset))
            if behind is not None and behind.time - belief.time <= STALE:
                wrong[player] = f"goal {verdict.goal.data.revision} of {player} follows from a belief and was not made"
            continue
        if differs := first_difference(logged, verdict.goal):
            wrong[player] = f"goal {logged.data.revision} of {player} does not follow from the beliefs: {differs}"
            continue
        states[player] = verdict.state
        answered.add((player, logged.data.revision))
    for goal in made.values():
        at = (goal.subject, goal.data.revision)
        if goal.subject in evidence.players and goal.subject not in wrong and at not in answered:
            wrong[goal.subject] = f"goal {goal.data.revision} of {goal.subject} follows from no belief"
    return list(wrong.values())


def _soonest_answer_behind(
    evidence: Evidence, made: Mapping[tuple[str, str, int], AdaptationDecided]
) -> dict[tuple[int, int], AdaptationDecided]:
    """For each belief, by its place, the goal that was made first for one behind it in the same partition."""
    first: dict[tuple[str, str, int], Record] = {}
    for record, belief in evidence.beliefs:
        first.setdefault(_cause(belief), record)
    soonest: dict[int, AdaptationDecided] = {}
    found: dict[tuple[int, int], AdaptationDecided] = {}
    for record, belief in reversed(evidence.beliefs):
        if (goal := soonest.get(record.partition)) is not None:
            found[record.partition, record.offset] = goal
        answer = made.get(_cause(belief)) if first[_cause(belief)] is record else None
        if answer is not None and (goal is None or answer.time < goal.time):
            soonest[record.partition] = answer
    return found


def _cause(message: AdaptationDecided | SignalUpdated) -> tuple[str, str, int]:
    if isinstance(message, SignalUpdated):
        return message.subject, message.sessionid, message.sequence
    return message.subject, message.data.cause.session, message.data.cause.sequence
