"""What a repair makes of a refused message: something that may be sent, or the reason why it stays open.

A repair is a row of steps, each from a draft to a draft: policies of contract/repair.py, a person's filter, a person's
editor. What comes out is read by `contract.codec`, as every worker will, and its key held against whom it is about.
Either all of it is sent or none: half a message sent would leave an entry that is neither open nor settled.

Strange: only `rekey` changes whose name a message goes under. A message with the wrong key may be somebody paddling in
another's boat, so no filter and no editor puts it under the other's name by the way.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from contract.codec import Unreadable, read_events
from contract.failures import EventFailed, FailureSettled, Reason, Settlement
from contract.repair import CannotMendError, Draft, Message

SOURCE: Final = "/whitewater/failures"
AS_IT_IS: Final = "as-it-is"
NOBODY: Final = "nobody"


class Step(Struct, frozen=True):
    """One step of a repair, and what it is called in a settlement."""

    name: str
    change: Callable[[Draft, datetime], Draft]


class Refusal(Struct, frozen=True):
    """An entry in full: the message of failed-events, its key, and the partition that it lies in."""

    told: EventFailed
    key: bytes | None
    lane: int

    @property
    def before(self) -> Message:
        """What was refused."""
        return Message(self.key, self.told.data.original)


class Mended(Struct, frozen=True):
    """May be sent in the place of what was refused."""

    messages: tuple[Message, ...]
    events: int


class Left(Struct, frozen=True):
    """Stays open: refused for this reason even so, or as before because the repair cannot help."""

    reason: Reason
    detail: str


def mend(refusal: Refusal, steps: Sequence[Step], now: datetime) -> Mended | Left:
    """What the steps make of a refused message, read as a worker would read it `now`."""
    first = Draft((refusal.before,), refusal.told.time)
    draft, reason = first, refusal.told.data.reason
    try:
        for step in steps:
            draft = step.change(draft, now)
    except CannotMendError as fault:
        return Left(reason, str(fault))
    if draft == first and not any(step.name == AS_IT_IS for step in steps):
        return Left(reason, "the repair changes nothing in it")
    events = 0
    for message in draft.messages:
        for event in read_events(message.value, now):
            if isinstance(event, Unreadable):
                return Left(event.reason, event.detail)
            if event.subject.encode() != message.key:
                return Left(Reason.WRONG_KEY, f"about {event.subject!r}, with the key {message.key!r}; see rekey")
            events += 1
    return Mended(draft.messages, events) if events else Left(reason, "no event is left of it: drop it instead")


def settlement(refusal: Refusal, now: datetime, steps: Sequence[Step], sent: Mended | None) -> FailureSettled:
    """That an entry was replayed, or with nothing `sent` dropped; the same id every time, so twice is once."""
    told = refusal.told
    return FailureSettled(
        id=told.id,
        source=SOURCE,
        subject=told.subject,
        time=now,
        data=Settlement(
            failure=told.id,
            reason=told.data.reason,
            how="replayed" if sent else "dropped",
            by="+".join(step.name for step in steps)[:64] or NOBODY,
            events=sent.events if sent else 0,
        ),
    )
