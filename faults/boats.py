"""I4: nobody is told of anybody whom they did not ask for, by name or by session, anywhere in any frame.

Every run's players are each other's canaries: their names and sessions are drawn at random, so a whole one that stands
in a frame was put there. The text is searched and not the message, because a leak has no field of its own.
"""

import re
from collections.abc import Iterator
from typing import Final

from faults.effects import few
from faults.evidence import Evidence
from faults.history import History
from faults.replay import places
from faults.verdict import Violation

WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{3,}")


def nobody_in_anothers_boat(history: History, evidence: Evidence) -> Iterator[Violation]:
    """Every frame speaks of those alone whom its reader asked for."""
    owner = {player: player for player in evidence.players}
    for record in evidence.log:
        owner |= {place.sessionid: place.subject for place in places(record.value or b"") if place.subject}
    asked = history.asked
    found = []
    for frame in history.frames:
        strangers = {
            word: owner[word]
            for word in WORD.findall(frame.text)
            if word in owner and owner[word] not in asked.get(frame.reader, frozenset())
        }
        found += [f"reader {frame.reader} was told {word}, of {whose}" for word, whose in strangers.items()]
    yield from few("I4", found)
