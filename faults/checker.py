"""Holds what was found against what clients saw and against a single-threaded replay: I1 to I8.

It belongs to no part of the system and shares with it only the hearts: the fold that one thread runs over the log is
the workers' own, and so is the judgement over the beliefs, so what is compared is what crashes, repeats and disorder
made of them. Each promise has a file; nothing is fetched here. A checker that cannot fail says nothing:
tests/faults break every promise by hand, tests/system/faults break the running system.
"""

from collections import Counter
from collections.abc import Iterator

from faults.beside import a_game_has_its_frames, played, sleepers_are_cut
from faults.boats import nobody_in_anothers_boat
from faults.bounds import memory_and_disk_are_bounded, recovery_ends, the_game_never_waits
from faults.decided import decisions_agree, decisions_are_replay
from faults.effects import beliefs_are_replay, state_is_replay
from faults.evidence import Evidence
from faults.history import History
from faults.order import order_is_kept
from faults.plan import Plan
from faults.refused import in_is_accepted_and_failed
from faults.replay import Replay, places
from faults.verdict import Verdict, Violation
from processors.player import Player
from processors.state import read


def check(plan: Plan, history: History, evidence: Evidence) -> Verdict:
    """The figures of a run and every promise it broke."""
    replay = Replay(evidence.log, {belief.id for _, belief in evidence.beliefs})
    states = {player: read(raw) for player, raw in evidence.state.items()}
    heard, due = _heard(states), _heard(replay.states)
    lost, doubled = sum((due - heard).values()), sum((heard - due).values())
    violations = [
        *_acknowledged_is_there(history, evidence),
        *state_is_replay(states, replay),
        *beliefs_are_replay(evidence, replay),
        *decisions_agree(history, evidence),
        *decisions_are_replay(evidence),
        *order_is_kept(plan, evidence),
        *nobody_in_anothers_boat(history, evidence),
        *in_is_accepted_and_failed(evidence, replay, replay.accepted - lost + doubled),
        *the_game_never_waits(evidence),
        *a_game_has_its_frames(plan, evidence),
        *sleepers_are_cut(plan, history, evidence),
        *recovery_ends(plan, evidence),
        *memory_and_disk_are_bounded(plan, evidence),
    ]
    return Verdict(
        acknowledged=len(history.acknowledged),
        lost=lost,
        doubled=doubled,
        accepted=replay.accepted,
        failed=len(replay.refused),
        repeated=replay.repeated,
        decided=len({(goal.subject, goal.data.revision) for _, goal in evidence.goals}),
        frames=len(history.frames),
        game=played(evidence),
        violations=tuple(violations),
    )


def _heard(states: dict[str, Player]) -> Counter[str]:
    return Counter({heard.session: heard.events for state in states.values() for heard in state.heard})


def _acknowledged_is_there(history: History, evidence: Evidence) -> Iterator[Violation]:
    there = {(place.sessionid, place.sequence) for record in evidence.log for place in places(record.value or b"")}
    if gone := sorted(history.acknowledged - there):
        session, sequence = gone[0]
        first = f"event {sequence} of {session}"
        yield Violation("I1", f"{len(gone)} acknowledged and nowhere on the log, the first is {first}")
