"""What was refused, as it stands now: counts by reason, open and settled, and the newest few to look at.

Its memory is bounded: of `REMEMBERED` entries the ids are known, so that an entry told twice, or settled twice, counts
once; of older ones that cannot be told any more. What a stranger sent is shortened and made harmless here, before
anybody shows it: whatever is not printable is escaped. It refuses to know where the messages come from.

Strange: most of a refusal is the refused message itself, so a million of them are only glanced at, and read in full
where they are among the newest.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from contract.codec import read_failure
from contract.failures import EventFailed, FailureSettled, Reason

REMEMBERED: Final = 50_000
NEWEST: Final = 20
DETAIL: Final = 160
ORIGINAL: Final = 240
"""Characters of a refused message that are shown."""
SUBJECT: Final = 80
FAILED: Final = EventFailed.__struct_config__.tag
SETTLED: Final = FailureSettled.__struct_config__.tag


class Sample(Struct, frozen=True):
    """One refused message, as it may be shown."""

    id: str
    reason: Reason
    detail: str
    subject: str
    topic: str
    partition: int
    offset: int
    position: int
    time: datetime
    original: str
    """The beginning of it."""
    bytes: int
    """How many it has in all."""
    open: bool


class Count(Struct, frozen=True):
    """How many were refused for one reason, and what became of them."""

    failed: int
    open: int
    settled: int


class Kept(Struct, frozen=True):
    """Everything that was refused, at one instant."""

    failed: int
    open: int
    settled: int
    reasons: dict[Reason, Count]
    """The commonest first; those of which there are none are left out."""
    newest: list[Sample]


class _Inside(Struct, frozen=True):
    reason: Reason


class _Glance(Struct, frozen=True):
    type: str
    id: str
    data: _Inside


_glance: msgspec.json.Decoder[_Glance] = msgspec.json.Decoder(_Glance)


class Refusals:
    """The count, as it goes."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._failed: Counter[Reason] = Counter()
        self._settled: Counter[Reason] = Counter()
        self._known: dict[tuple[str, str], None] = {}
        """Type and id of what was counted, oldest first."""
        self._samples: list[Sample] = []

    def take(self, messages: Sequence[bytes]) -> None:
        """Messages of failed-events, in order."""
        fresh = [message for message in messages if self._counts(message)]
        told = (read_failure(message) for message in fresh[-NEWEST:])
        self._samples += [_sample(each) for each in told if isinstance(each, EventFailed)]
        self._samples = sorted(self._samples, key=lambda sample: sample.time)[-NEWEST:]

    def kept(self) -> Kept:
        """How it stands."""
        reasons = {reason: self._count(reason) for reason, _ in self._failed.most_common()}
        return Kept(
            failed=sum(each.failed for each in reasons.values()),
            open=sum(each.open for each in reasons.values()),
            settled=sum(each.settled for each in reasons.values()),
            reasons=reasons,
            newest=[
                msgspec.structs.replace(each, open=(str(SETTLED), each.id) not in self._known)
                for each in reversed(self._samples)
            ],
        )

    def forget(self, player: str) -> None:
        """No sample of what came with this player's key is shown any more."""
        self._samples = [each for each in self._samples if each.subject != safe(player, SUBJECT)]

    def _count(self, reason: Reason) -> Count:
        failed = self._failed[reason]
        settled = min(self._settled[reason], failed)  # a settlement may outlive what it settled
        return Count(failed, failed - settled, settled)

    def _counts(self, message: bytes) -> bool:
        """Counts it; whether it is a refusal that was not told before."""
        try:
            seen = _glance.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
        book = {FAILED: self._failed, SETTLED: self._settled}.get(seen.type)
        if book is None or (seen.type, seen.id) in self._known:
            return False
        self._known[seen.type, seen.id] = None
        if len(self._known) > self._remembered:
            del self._known[next(iter(self._known))]
        book[seen.data.reason] += 1
        return seen.type == FAILED


def safe(said: str, longest: int) -> str:
    """Text that no terminal and no page obeys, cut to a length; angle brackets are the page's own business."""
    cut = said[:longest]
    text = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in cut)
    return text[:longest] + ("…" if len(said) > longest or len(text) > longest else "")


def _sample(told: EventFailed) -> Sample:
    data = told.data
    return Sample(
        id=told.id,
        reason=data.reason,
        detail=safe(data.detail, DETAIL),
        subject=safe(told.subject, SUBJECT),
        topic=safe(data.topic, SUBJECT),
        partition=data.partition,
        offset=data.offset,
        position=data.position,
        time=told.time,
        original=safe(data.original[: ORIGINAL * 4].decode(errors="backslashreplace"), ORIGINAL),
        bytes=len(data.original),
        open=True,
    )
