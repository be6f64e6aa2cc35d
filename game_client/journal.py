"""Happenings become events: each fact is stamped once, with who, when, and its place in the session.

The sequence is what lets anybody count losses and repeats later, so it rises by one for every event and is never given
out twice. Strokes are many and each says little: while a thousand events wait to leave, one stroke in four is told, and
says so. They are thinned before they are numbered, so that a gap is always a loss.
"""

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.envelope import PlayerKind
from contract.events import EVENT_OF, AnyFact, Event, StrokeMade

CROWDED: Final = 1_000
"""Events waiting to leave from which strokes are thinned: minutes of play, so somebody has been away for a while."""
THINNED: Final = 4


class Journal(Struct, frozen=True, gc=False):
    """Whose story this is, and how far it has been written."""

    player: str
    session: str
    source: str
    kind: PlayerKind = "human"
    sequence: int = 0
    """Of the newest event; 0 before the first."""
    every: int = 1
    """One of this many strokes is told."""
    strokes: int = 0
    """Strokes made so far, told or not."""


def stamp(journal: Journal, fact: AnyFact, now: datetime, fresh_id: str) -> tuple[Journal, Event]:
    """The fact in its envelope, and the journal that has it as its newest."""
    journal = replace(journal, sequence=journal.sequence + 1)
    event = EVENT_OF[type(fact)](  # type: ignore[call-arg] # each class made for a fact has its dataschema as default
        id=fresh_id,
        source=journal.source,
        subject=journal.player,
        time=now,
        sessionid=journal.session,
        sequence=journal.sequence,
        playerkind=journal.kind,
        data=fact,
    )
    return journal, event


def thin(journal: Journal, waiting: int) -> Journal:
    """The journal that suits `waiting` events in line before the next."""
    every = THINNED if waiting >= CROWDED else 1
    return journal if every == journal.every else replace(journal, every=every)


def sample(journal: Journal, facts: tuple[AnyFact, ...]) -> tuple[Journal, tuple[AnyFact, ...]]:
    """The facts worth telling: all but the strokes that fall between the told ones."""
    if journal.every == 1 or not facts:
        return journal, facts
    kept: list[AnyFact] = []
    strokes = journal.strokes
    for fact in facts:
        if isinstance(fact, StrokeMade):
            strokes += 1
            if strokes % journal.every == 0:
                kept.append(replace(fact, sampledrate=journal.every))
        else:
            kept.append(fact)
    return replace(journal, strokes=strokes), tuple(kept)
