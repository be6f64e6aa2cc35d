"""The same play by new people: players, sessions and ids with a mark behind them, and every time moved by as much.

A worker knows an event by player, session and sequence, so a recording sent twice changes nothing the second time.
With a mark behind the names it is somebody else's play. An event is cut once where marks go (`cut`), and put together
for each copy by a single join: that is what makes a recording a cheap generator of load.

Marked events say that a replay held the paddle (`playerkind`), because it did. Strange: a name that leaves no room for
a mark within 64 characters is replaced by a digest of it, the same for every event.
"""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import msgspec
from msgspec import Struct

LONGEST: Final = 64
MARK: Final = 12
"""The longest mark, in characters."""
NAMES: Final = ("subject", "sessionid", "id")
REPLAY: Final = msgspec.Raw(b'"replay"')
HOLE: Final = b"\0"
"""Where a mark goes. JSON has no such byte, only its escape."""

_raw = msgspec.json.Decoder(dict[str, msgspec.Raw])
_pieces = msgspec.json.Decoder(list[msgspec.Raw])
_encode = msgspec.json.Encoder().encode
_name = msgspec.json.Decoder(str)
_time = msgspec.json.Decoder(datetime)


class Cut(Struct, frozen=True, gc=False):
    """A message in pieces between which the mark goes, and its key without the mark."""

    key: str
    pieces: tuple[bytes, ...]

    def marked(self, mark: bytes) -> bytes:
        """The message of one copy."""
        return mark.join(self.pieces)


def mark_of(salt: str, copy: int) -> str:
    """What goes behind the names of one copy: `~`, which addresses carry as it is, the salt, and the copy's number."""
    return f"~{salt}{copy}"


def room_for(name: str) -> str:
    """`name`, or its digest where a mark would not fit behind it."""
    if len(name) + MARK <= LONGEST:
        return name
    return blake2b(name.encode(), digest_size=16).hexdigest()


def moved(value: bytes, by: timedelta) -> bytes:
    """A message whose events happened `by` later; what is no event stays as it is."""
    return b"".join(_rebuilt(value, by, b"", ()))


def cut(key: str, value: bytes, by: timedelta | None = None) -> Cut:
    """A message to be marked, its times moved `by`; what is no event stays as it is, under a marked key."""
    return Cut(room_for(key), _rebuilt(value, by, HOLE, NAMES))


def _rebuilt(value: bytes, by: timedelta | None, hole: bytes, names: tuple[str, ...]) -> tuple[bytes, ...]:
    if HOLE in value:
        return (value,)
    try:
        if value.lstrip()[:1] == b"[":
            events = [_event(bytes(piece), by, hole, names) for piece in _pieces.decode(value)]
            whole = b"[" + b",".join(events) + b"]"
        else:
            whole = _event(value, by, hole, names)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, OverflowError):
        return (value,)
    return tuple(whole.split(HOLE))


def _event(raw: bytes, by: timedelta | None, hole: bytes, names: tuple[str, ...]) -> bytes:
    """One event with a hole behind each name, and written as msgspec writes."""
    fields: dict[str, Any] = _raw.decode(raw)
    for name in names:
        if name in fields:
            fields[name] = _with_hole(fields[name], hole)
    if names and "playerkind" in fields:
        fields["playerkind"] = REPLAY
    if names and "data" in fields and b'"previous_session":"' in bytes(fields["data"]):
        data = _raw.decode(fields["data"])
        data["previous_session"] = _with_hole(data["previous_session"], hole)
        fields["data"] = msgspec.Raw(_encode(data))
    if by is not None and "time" in fields:
        fields["time"] = msgspec.Raw(_encode(_time.decode(fields["time"]) + by))
    return _encode(fields)


def _with_hole(name: msgspec.Raw, hole: bytes) -> msgspec.Raw:
    return msgspec.Raw(_encode(room_for(_name.decode(name)))[:-1] + hole + b'"')
