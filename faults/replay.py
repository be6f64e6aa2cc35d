"""The log of a run folded once more: one thread, record by record, no crash, no repeat but those the log itself holds.

It shares nothing with the system but the heart (`processors.partition`), so whatever differs is what crashes, repeats
and disorder made of it. The record's own timestamp stands in for the worker's clock; they differ by seconds, and the
fold asks a clock only whether an event is a week old or five minutes ahead.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from contract.codec import Unreadable, read_failure, read_signal
from contract.failures import EventFailed
from contract.signals import Signals
from faults.evidence import Record
from processors.partition import Partition
from processors.player import Player
from processors.state import read


class Place(Struct, frozen=True, gc=False):
    """Which event it is, as the message itself says."""

    sessionid: str
    sequence: int
    subject: str = ""
    id: str = ""


_places: msgspec.json.Decoder[Place | list[Place]] = msgspec.json.Decoder(Place | list[Place])


class Replay:
    """What one thread makes of `log`; beliefs are kept for the events in `believed_of` alone."""

    def __init__(self, log: Iterable[Record], believed_of: Collection[str] = frozenset()) -> None:
        self.accepted = self.repeated = 0
        self.refused: list[EventFailed] = []
        self.believed: dict[str, Signals] = {}
        """What was believed right after each of those events, by the event's id."""
        self._partitions: dict[int, Partition] = {}
        for record in log:
            self._take(record, believed_of)
        snapshots = [each for partition in self._partitions.values() for each in partition.snapshots()]
        self.states: dict[str, Player] = {key.decode(): read(raw) for key, raw in snapshots if raw is not None}

    def _take(self, record: Record, believed_of: Collection[str]) -> None:
        partition = self._partitions.setdefault(record.partition, Partition(record.partition, lambda _: None))
        now = datetime.fromtimestamp(record.at_s, UTC)
        taken = partition.take([record], now)
        self.accepted += taken.folded
        self.repeated += taken.repeated
        for _, raw in taken.refused:
            failed = read_failure(raw)
            if isinstance(failed, Unreadable):
                raise TypeError(failed.detail)
            self.refused.append(failed)
        beliefs: list[bytes | None] = [raw for _, raw in taken.beliefs]
        if any(place.id in believed_of for place in places(record.value or b"")):
            beliefs += [raw for _, raw in partition.untold(None, now)]
        for told in beliefs:
            belief = read_signal(told or b"")
            if not isinstance(belief, Unreadable) and belief.id in believed_of:
                self.believed.setdefault(belief.id, belief.data)


def places(message: bytes) -> list[Place]:
    """Which events stand in one message, refused or not; nothing where that cannot be read."""
    try:
        found = _places.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    return found if isinstance(found, list) else [found]
