"""Bytes to messages and back: the one place that knows the wire is JSON.

Reading never raises for what a stranger sent: it answers with the messages, or with `Unreadable` and a reason. Limits
stand before the work they limit: size is looked at before parsing, depth and unknown fields end the parse where they
occur (the types know every level), duplicate keys are looked for last. JSON parsers keep the last of two equal keys
without a word, so the bytes are written again and compared; only bytes that differ (another writer's spacing or
number format) get a second, slower look with a parser that sees every pair.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from contract.adaptations import AdaptationDecided
from contract.envelope import Envelope
from contract.events import AnyEvent, Event
from contract.failures import EventFailed, FailureSettled, Reason
from contract.fleet import FleetTold
from contract.signals import SignalUpdated

EVENT_BYTES: Final = 8 * 1024
MESSAGE_BYTES: Final = 256 * 1024
MESSAGE_EVENTS: Final = 200
OLDEST: Final = timedelta(days=7)
NEWEST: Final = timedelta(minutes=5)

_SPELLED: Final = re.compile(r".{10}[Tt].*(?:[Zz]|[+-]\d\d:\d\d)")
"""msgspec also takes a space for the T and an offset without a colon; the JSON Schema we publish does not."""
_M = TypeVar("_M")
_encode = msgspec.json.Encoder().encode
_one: msgspec.json.Decoder[Event] = msgspec.json.Decoder(AnyEvent)
_pieces: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])
_signal = msgspec.json.Decoder(SignalUpdated)
_adaptation = msgspec.json.Decoder(AdaptationDecided)
_failure = msgspec.json.Decoder(EventFailed)
_kept: msgspec.json.Decoder[EventFailed | FailureSettled] = msgspec.json.Decoder(EventFailed | FailureSettled)
_fleet = msgspec.json.Decoder(FleetTold)


class Unreadable(Struct, frozen=True):
    """What could not be read, and why: a value, not an exception, because refusing is normal work."""

    reason: Reason
    detail: str
    original: bytes
    position: int = 0


def encode(message: Envelope) -> bytes:
    """One message as it travels."""
    return _encode(message)


def encode_all(messages: Sequence[Envelope]) -> bytes:
    """Several messages as one array, as a crowd sends them."""
    return _encode(messages)


def read_events(raw: bytes, now: datetime) -> list[Event | Unreadable]:
    """Every event in one Kafka message: a JSON object, or an array of at most 200.

    `now` bounds the time an event may claim: 7 days back, 5 minutes ahead. One bad event in an array costs only itself.
    """
    if len(raw) > MESSAGE_BYTES:
        return [Unreadable(Reason.TOO_LARGE, f"{len(raw)} bytes; a message has at most {MESSAGE_BYTES}", raw)]
    if not raw.lstrip().startswith(b"["):
        return [read_event(raw, now)]
    try:
        pieces = _pieces.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        return [Unreadable(Reason.NOT_JSON, str(fault), raw)]
    if len(pieces) > MESSAGE_EVENTS:
        return [Unreadable(Reason.TOO_MANY, f"{len(pieces)} events; a message has at most {MESSAGE_EVENTS}", raw)]
    return [read_event(bytes(piece), now, position) for position, piece in enumerate(pieces)]


def pieces(raw: bytes) -> list[bytes]:
    """The bytes of each event in a message that could be read: one, or an array."""
    return [bytes(each) for each in _pieces.decode(raw)] if raw.lstrip().startswith(b"[") else [raw]


def read_event(raw: bytes, now: datetime, position: int = 0) -> Event | Unreadable:
    """One event, or why it is none."""
    if len(raw) > EVENT_BYTES:
        return Unreadable(Reason.TOO_LARGE, f"{len(raw)} bytes; an event has at most {EVENT_BYTES}", raw, position)
    try:
        event = _one.decode(raw)
    except msgspec.ValidationError as fault:
        return Unreadable(Reason.WRONG_SHAPE, str(fault), raw, position)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        return Unreadable(Reason.NOT_JSON, str(fault), raw, position)
    if (_encode(event) != raw or b"\\u0000" in raw) and (spotted := _second_look(raw)) is not None:
        return Unreadable(spotted.reason, spotted.detail, raw, position)
    age = now - event.time
    if age > OLDEST:
        return Unreadable(Reason.TOO_OLD, f"{event.time.isoformat()} is more than 7 days ago", raw, position)
    if -age > NEWEST:
        return Unreadable(Reason.IN_THE_FUTURE, f"{event.time.isoformat()} is more than 5 minutes ahead", raw, position)
    return event


def read_signal(raw: bytes) -> SignalUpdated | Unreadable:
    """One `signal.updated`, or why it is none."""
    return _read(_signal, raw)


def read_adaptation(raw: bytes) -> AdaptationDecided | Unreadable:
    """One `adaptation.decided`, or why it is none."""
    return _read(_adaptation, raw)


def read_failure(raw: bytes) -> EventFailed | Unreadable:
    """One `event.failed`, or why it is none."""
    return _read(_failure, raw)


def read_kept(raw: bytes) -> EventFailed | FailureSettled | Unreadable:
    """Whatever lies on the topic of refused messages: a refusal or the settlement of one."""
    return _read(_kept, raw)


def read_fleet(raw: bytes) -> FleetTold | Unreadable:
    """One `fleet.told`, or why it is none."""
    return _read(_fleet, raw)


def _read(decoder: msgspec.json.Decoder[_M], raw: bytes) -> _M | Unreadable:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as fault:
        return Unreadable(Reason.WRONG_SHAPE, str(fault), raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        return Unreadable(Reason.NOT_JSON, str(fault), raw)


class _SpottedError(Exception):
    """Carries what the second look found out of the JSON parser."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def _second_look(raw: bytes) -> _SpottedError | None:
    try:
        json.loads(raw, object_pairs_hook=_look)
    except _SpottedError as spotted:
        return spotted
    return None


def _look(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _SpottedError(Reason.DUPLICATE_KEY, f"the key {twice!r} stands twice")
    for key, value in pairs:
        if isinstance(value, str) and "\0" in value:
            raise _SpottedError(Reason.WRONG_SHAPE, f"{key!r} holds U+0000, which PostgreSQL cannot keep")
        if key == "time" and not _SPELLED.fullmatch(str(value)):
            raise _SpottedError(Reason.WRONG_SHAPE, f"{value!r} is no time as RFC 3339 spells it")
    return dict(pairs)
