"""What a recording holds, line by line: a header, the messages as they stood on the wire, and an end that counts them.

    {"recording":1,"made":"2026-11-23T17:00:00Z","what":"everybody","source":"127.0.0.1:9092","topic":"player-events",...}
    {"at":1795453200123,"partition":3,"key":"heron-1","event":{"type":"whitewater.rock.hit",...}}
    ...
    {"end":2188}

The value of `event` is the message byte for byte. A message that is no JSON object or array of one line cannot stand
in a line of JSON, so it is kept as base64 in `bytes` instead: what was refused once is to be refused again. A file
without its `end` was broken off, and what came whole until then still counts.

It refuses to know what an event means, and how the lines are compressed.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

FORMAT: Final = 1
"""Rises when a reader of this version would misread what is written; a new field with a default does not raise it."""


class Header(Struct, frozen=True, kw_only=True):
    """Where a recording came from. `recording` is the number of the format, and tells the file from any other."""

    recording: int = FORMAT
    made: datetime
    what: str
    """What was asked for, in words."""
    source: str
    """The Kafka that was heard."""
    topic: str
    partitions: int
    since: datetime | None = None
    """Nothing older was looked at; None: as far back as the topic went, or only what came from then on."""
    versions: dict[str, str] = {}


class Message(Struct, frozen=True, gc=False):
    """One message of the topic."""

    at: int
    """The record's timestamp: milliseconds since 1970."""
    partition: int
    key: str
    """The player. Messages of one key stand in the order in which they were sent."""
    value: bytes


class NotARecordingError(ValueError):
    """The file is none of ours, or of a version we cannot read; the text says which and what to do."""


class BrokenOffError(ValueError):
    """The recording has no end; the text says how much of it is whole."""


NO_EVENT: Final = msgspec.Raw(b"")


class _First(Struct):
    """Of a header only the number: one of a later format may say anything else."""

    recording: int


class _Line(Struct):
    """A line of a message, or the end."""

    at: int = 0
    partition: int = 0
    key: str = ""
    event: msgspec.Raw = NO_EVENT
    bytes: str | None = None
    end: int | None = None


_first = msgspec.json.Decoder(_First)
_header = msgspec.json.Decoder(Header)
_line = msgspec.json.Decoder(_Line)
_encode = msgspec.json.Encoder().encode
_well_formed = msgspec.json.Decoder(msgspec.Raw)


def is_header(line: bytes) -> bool:
    """Whether a file that begins with `line` is a recording, of whichever version."""
    try:
        _first.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def read_header(line: bytes) -> Header:
    """The header. Raises `NotARecordingError`."""
    try:
        number = _first.decode(line).recording
        if number <= FORMAT:
            return _header.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        sentence = "it does not begin as a recording does: make one with `whitewater record FILE`"
        raise NotARecordingError(sentence) from fault
    sentence = f"it is of format {number}, and this version reads up to {FORMAT}: bring Whitewater up to date"
    raise NotARecordingError(sentence)


def write_header(header: Header) -> bytes:
    """The first line."""
    return _encode(header) + b"\n"


def write(message: Message) -> bytes:
    """One message as a line; its value stays as it is, to the byte."""
    front = b'{"at":%d,"partition":%d,"key":%b,' % (message.at, message.partition, _encode(message.key))
    if fits_a_line(message.value):
        return b'%b"event":%b}\n' % (front, message.value)
    return b'%b"bytes":"%b"}\n' % (front, b64encode(message.value))


def write_end(messages: int) -> bytes:
    """The last line: so many messages came before it."""
    return b'{"end":%d}\n' % messages


def fits_a_line(value: bytes) -> bool:
    """Whether `value` is a JSON object or array that can stand in a line of JSON and come out of it unchanged."""
    if value[:1] not in b"{[" or value[-1:] not in b"}]" or b"\n" in value or b"\r" in value:
        return False
    try:
        _well_formed.decode(value)
        value.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def read(lines: Iterable[bytes]) -> Iterator[Message]:
    """The messages that follow a header, up to the end.

    Raises `BrokenOffError` where there is none, or where a line is damaged, once everything before it was given out.
    """
    count = 0
    for line in lines:
        try:
            found = _line.decode(line)
            if found.end is not None:
                break
            value = bytes(found.event) or b64decode(found.bytes or "", validate=True)
        except (ValueError, RecursionError) as fault:
            sentence = f"it breaks off after {count} whole messages (the next line cannot be read)"
            raise BrokenOffError(sentence) from fault
        count += 1
        yield Message(found.at, found.partition, found.key, value)
    else:
        sentence = f"it breaks off after {count} whole messages (it has no end)"
        raise BrokenOffError(sentence)
    if found.end != count:
        sentence = f"it says that it holds {found.end} messages, and {count} are there"
        raise BrokenOffError(sentence)
