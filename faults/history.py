"""What clients saw, written by somebody who belongs to no part of the system.

`invoke` is an event handed over by whoever played, `ok` is the stream's acknowledgement, `fail` is a delivery of which
the client does not know what became: it may be on the log, and the client will try again. Whatever has an `ok` was
promised. Frames are what came out of the river's WebSockets, as text.

Times are seconds since 1970 by this machine's clock, the one that also stamps Kafka's records: everything runs here.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

Kind = Literal["invoke", "ok", "fail"]


class Op(Struct, frozen=True, gc=False, tag="op"):
    """One thing that happened to one event."""

    kind: Kind
    at_s: float
    session: str
    sequence: int


class Frame(Struct, frozen=True, gc=False, tag="frame"):
    """One text frame that a river's WebSocket brought."""

    at_s: float
    reader: int
    """Which WebSocket."""
    text: str


class Injected(Struct, frozen=True, gc=False, tag="injected"):
    """A step of the plan, done."""

    at_s: float
    what: str


class Followed(Struct, frozen=True, tag="followed"):
    """Whose river a WebSocket asked for."""

    reader: int
    players: tuple[str, ...]


class Ready(Struct, frozen=True, gc=False, tag="ready"):
    """What the API's `/ready` said; one entry for each change."""

    at_s: float
    well: bool


Entry = Op | Frame | Injected | Followed | Ready


class History(Struct):
    """A run as its clients saw it, in the order of what happened."""

    entries: list[Entry] = []

    def ops(self, kind: Kind) -> Iterator[Op]:
        """Every op of this kind."""
        return (entry for entry in self.entries if isinstance(entry, Op) and entry.kind == kind)

    @property
    def acknowledged(self) -> frozenset[tuple[str, int]]:
        """Session and sequence of everything that was promised."""
        return frozenset((op.session, op.sequence) for op in self.ops("ok"))

    @property
    def invoked(self) -> dict[tuple[str, int], float]:
        """When each event was handed over."""
        return {(op.session, op.sequence): op.at_s for op in self.ops("invoke")}

    @property
    def frames(self) -> list[Frame]:
        """What the WebSockets brought."""
        return [entry for entry in self.entries if isinstance(entry, Frame)]

    @property
    def asked(self) -> dict[int, frozenset[str]]:
        """Everybody whom each WebSocket ever asked for."""
        found: dict[int, frozenset[str]] = {}
        for entry in self.entries:
            if isinstance(entry, Followed):
                found[entry.reader] = found.get(entry.reader, frozenset()) | frozenset(entry.players)
        return found

    @property
    def injected(self) -> list[Injected]:
        """What was done to the system, and when."""
        return [entry for entry in self.entries if isinstance(entry, Injected)]

    def lines(self) -> bytes:
        """As lines of JSON."""
        encode = msgspec.json.encode
        return b"".join(encode(entry) + b"\n" for entry in self.entries)
