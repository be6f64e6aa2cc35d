"""The port: what a stream must offer to carry events away.

A stream takes parcels and says which it could not deliver. It need not know outbox, spool or game; the emitter need not
know Kafka. The shape is the least that Kafka batches, Kinesis PutRecords, Firehose PutRecordBatch and an HTTP POST
have in common: many at once, an answer for each, an upper bound per call.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import DecodeError, Struct, json


class Parcel(Struct, frozen=True, gc=False):
    """One event on its way: the bytes of the wire and the little that is needed to send and to account for it."""

    value: bytes
    player: str
    """The key: one player's parcels stay in order."""
    session: str
    sequence: int
    since: float | None = None
    """When it was emitted, by the emitter's monotonic clock; None when it has been on disk."""


class _Address(Struct):
    subject: str
    sessionid: str
    sequence: int


_address = json.Decoder(_Address)


def read_parcel(value: bytes) -> Parcel | None:
    """The parcel around an event's bytes, or None when they are damaged."""
    try:
        found = _address.decode(value)
    except DecodeError:
        return None
    return Parcel(value, found.subject, found.sessionid, found.sequence)


class AwayError(Exception):
    """The stream cannot be reached; the text says where it was looked for and what happened."""


class Stream(Protocol):
    """A door to somewhere that keeps events."""

    most: int
    """Parcels it takes in one call."""

    async def start(self) -> None:
        """Connect; raises `AwayError` when nobody is there. May be called again after `stop`."""

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        """Deliver, each player's in order, and return those that were not taken, in order. Does not raise for them.

        A parcel that is returned may have arrived all the same (the answer was lost), so it may arrive twice. After
        anything was returned the stream is stopped and started again before the rest is sent.
        """

    async def stop(self) -> None:
        """Let go of everything within a second or two, whatever state the other side is in. Never raises."""
