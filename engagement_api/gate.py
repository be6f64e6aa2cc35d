"""What a remote player's game sends, sorted: what may go on to Kafka, and what is refused, with its answer.

The same limits and the same reading as everywhere (`contract.codec`), and one rule of this gate: whoever shows a
player's token tells of that player alone. The name in an event is compared with it and never believed.

What is refused is kept under an id made of the sender and the refused bytes, so that a request that is sent again
because its answer was lost, is seen to be the same refusal.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from contract.codec import Unreadable, encode, pieces, read_events
from contract.events import Event
from contract.failures import EventFailed, Failure, Reason
from contract.topics import FAILED_EVENTS, PLAYER_EVENTS

PLACE: Final = "/v1/events"
SOURCE: Final = "/whitewater/engagement-api"
DETAIL: Final = 500
ID_BYTES: Final = 16


class Verdict(Struct, frozen=True):
    """What became of one event of the request."""

    position: int
    """Its place in the array, from 0."""
    status: Literal["accepted", "refused"]
    reason: Reason | None = None
    detail: str = ""


class Verdicts(Struct, frozen=True):
    """What became of every event of the request, in order."""

    accepted: int
    events: list[Verdict]


class Letter(Struct, frozen=True):
    """One record on its way to Kafka."""

    topic: str
    key: bytes
    value: bytes


def sort(raw: bytes, player: str, now: datetime) -> tuple[Verdicts, list[Letter]]:
    """The answer to a request by `player`, and the letters that must be safe before it may be given."""
    found = _owned(read_events(raw, now), player, raw)
    verdicts = [
        Verdict(place, "refused", each.reason, each.detail[:DETAIL])
        if isinstance(each, Unreadable)
        else Verdict(place, "accepted")
        for place, each in enumerate(found)
    ]
    return Verdicts(sum(each.status == "accepted" for each in verdicts), verdicts), _letters(found, player, now)


def _owned(told: Sequence[Event | Unreadable], player: str, raw: bytes) -> Sequence[Event | Unreadable]:
    foreign = {
        place: each.subject for place, each in enumerate(told) if isinstance(each, Event) and each.subject != player
    }
    if not foreign:
        return told
    own = pieces(raw)  # once for all of them, or two hundred would be two hundred parses
    return [
        Unreadable(Reason.WRONG_KEY, f"about {foreign[place]!r}, with a token of {player!r}", own[place], place)
        if place in foreign
        else each
        for place, each in enumerate(told)
    ]


def _letters(found: Sequence[Event | Unreadable], player: str, now: datetime) -> list[Letter]:
    key = player.encode()
    return [
        Letter(FAILED_EVENTS.name, key, encode(_failed(each, player, now)))
        if isinstance(each, Unreadable)
        else Letter(PLAYER_EVENTS.name, key, encode(each))
        for each in found
    ]


def _failed(why: Unreadable, player: str, now: datetime) -> EventFailed:
    said = player.encode() + b"\0" + why.position.to_bytes(2, "big") + why.original
    return EventFailed(
        id=f"gate-{hashlib.blake2b(said, digest_size=ID_BYTES).hexdigest()}",
        source=SOURCE,
        subject=player,
        time=now,
        data=Failure(
            reason=why.reason,
            detail=why.detail[:DETAIL],
            original=why.original,
            topic=PLACE,
            partition=0,
            offset=0,
            position=why.position,
        ),
    )
