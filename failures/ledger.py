"""Which refused messages are open: the records of failed-events, taken in one after another.

Of a record no more is read than is needed to count and to find it again: a topic that waits four weeks may hold a
million of them, and their bytes need not all lie in memory. A worker that crashed tells a refusal twice, and two people
may settle the same entry: both are known by the id, and count once. Whatever cannot be read is counted as foreign.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from contract.failures import Reason


class Place(Struct, frozen=True):
    """Where a refusal lies on its topic."""

    lane: int
    """The partition of failed-events."""
    offset: int


class Settled(Struct, frozen=True):
    """How an entry was dealt with."""

    how: Literal["replayed", "dropped"]
    by: str
    time: datetime


class Entry(Struct, frozen=True):
    """One refused message, as far as it takes to choose it."""

    id: str
    reason: Reason
    subject: str
    time: datetime
    """When it was refused."""
    place: Place


class Wanted(Struct, frozen=True):
    """Which entries are asked for; what is None is not asked."""

    reason: Reason | None = None
    since: datetime | None = None
    player: str | None = None

    def has(self, entry: Entry) -> bool:
        """Whether it is one of them."""
        return (
            (self.reason is None or entry.reason == self.reason)
            and (self.since is None or entry.time >= self.since)
            and (self.player is None or entry.subject == self.player)
        )


class _Inside(Struct, frozen=True):
    reason: Reason
    how: Literal["replayed", "dropped"] = "replayed"
    by: str = ""


class _Glance(Struct, frozen=True):
    type: str
    id: str
    subject: str
    time: datetime
    data: _Inside


_glance: msgspec.json.Decoder[_Glance] = msgspec.json.Decoder(_Glance)


class Ledger:
    """Every entry so far."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.settled: dict[str, Settled] = {}
        self.foreign = 0
        """Records that are neither a refusal nor a settlement."""

    def note(self, place: Place, raw: bytes) -> None:
        """One record of the topic, at `place`."""
        try:
            seen = _glance.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.foreign += 1
            return
        match seen.type:
            case "whitewater.event.failed":
                entry = Entry(seen.id, seen.data.reason, seen.subject, seen.time, place)
                self.entries.setdefault(seen.id, entry)
            case "whitewater.failure.settled":
                self.settled.setdefault(seen.id, Settled(seen.data.how, seen.data.by, seen.time))
            case _:
                self.foreign += 1

    def open(self, wanted: Wanted = Wanted()) -> list[Entry]:  # noqa: B008 - frozen, so one is as good as another
        """The open ones that are wanted, newest first."""
        found = [each for each in self.entries.values() if each.id not in self.settled and wanted.has(each)]
        return sorted(found, key=lambda entry: (entry.time, entry.id), reverse=True)

    def counts(self, wanted: Wanted = Wanted()) -> Mapping[Reason, tuple[int, int]]:  # noqa: B008 - as above
        """By reason, how many of the wanted are open, and how many were settled; the commonest first."""
        chosen = [each for each in self.entries.values() if wanted.has(each)]
        every = Counter(each.reason for each in chosen)
        settled = Counter(each.reason for each in chosen if each.id in self.settled)
        return {reason: (count - settled[reason], settled[reason]) for reason, count in every.most_common()}
