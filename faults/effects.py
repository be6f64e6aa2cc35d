"""I2, the workers' half: every event had its effect once, on what is kept of a player and on what is believed.

A belief is held against the replay at the event that caused it. That is determined, wherever a crash came: the fold is
a function of the log's order, and a belief bears the id of the event after which it was told. Which events it is told
of is not determined, because those that can wait are told in turns; nor is how often.
"""

from collections.abc import Iterator, Mapping

from faults.differ import first_difference
from faults.evidence import Evidence
from faults.replay import Replay
from faults.verdict import Violation
from processors.player import Player

SHOWN = 5
"""Players of one kind of violation that are named; the rest is counted."""


def state_is_replay(states: Mapping[str, Player], replay: Replay) -> Iterator[Violation]:
    """What is kept of each player is what the log says, field by field."""
    found = []
    for player in sorted(states.keys() | replay.states.keys()):
        ours, due = states.get(player), replay.states.get(player)
        if ours is None:
            found.append(f"nothing is kept of {player}, of whom the log tells")
        elif due is None:
            found.append(f"{player} is kept, and the log tells nothing of them")
        elif differs := first_difference(ours, due):
            found.append(f"{player} is kept otherwise than the log says: {differs}")
    yield from few("I2", found)


def beliefs_are_replay(evidence: Evidence, replay: Replay) -> Iterator[Violation]:
    """What was told of each player is what follows from the log up to the event that caused it."""
    found = []
    for record, belief in evidence.beliefs:
        if belief.subject not in evidence.players:
            continue
        due = replay.believed.get(belief.id)
        where = f"the belief about {belief.subject} at {record.partition}/{record.offset}"
        if due is None:
            found.append(f"{where} is caused by {belief.id}, which never changed anything")
        elif differs := first_difference(belief.data, due):
            found.append(f"{where} does not follow from the log: {differs}")
    yield from few("I2", found)


def few(of: str, sentences: list[str]) -> Iterator[Violation]:
    """The first of them, and how many more there are."""
    for sentence in sentences[:SHOWN]:
        yield Violation(of, sentence)  # type: ignore[arg-type]
    if len(sentences) > SHOWN:
        yield Violation(of, f"... and {len(sentences) - SHOWN} more of this kind")  # type: ignore[arg-type]
