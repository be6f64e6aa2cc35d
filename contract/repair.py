"""The fixed repairs of refused messages: what can be mended without asking a person, each a pure function.

    as-it-is       nothing: what refused it has been mended since (fold_failed, out_of_window, a newer contract)
    rekey          the key becomes the player whom the event is about (wrong_key)
    retime         a time outside the limits becomes the time of arrival (too_old, in_the_future)
    known-fields   fields that this contract does not know are dropped (wrong_shape, of a newer client)
    last-of-twice  of a key that stands twice the last one counts, as it does to most parsers (duplicate_key)
    split          an array of too many becomes several that are not (too_many, too_large)

A repair changes only what it is named after, and keeps id, session and sequence: so an event that is sent twice is
folded once. It does not say that the result is fit: whoever sends it reads it by `codec` first. It refuses to know why
a message was refused, so repairs can follow one another.

Strange: each of them can tell a lie that only a person can see (docs/decisions/repairs.md). That is why none is tried
by itself.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec import inspect as mi

from contract.codec import MESSAGE_BYTES, MESSAGE_EVENTS, NEWEST, OLDEST
from contract.envelope import TYPE_PREFIX
from contract.events import EVENT_OF, FACTS

MARGIN: Final = timedelta(hours=1)
"""How far inside the limit a time is put when even its arrival is too long ago: the worker reads it a little later."""
_pieces: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


class Message(Struct, frozen=True):
    """A Kafka message that may be sent in the place of a refused one."""

    key: bytes | None
    value: bytes


class Draft(Struct, frozen=True):
    """What is to be sent instead, so far, and when the refused message arrived."""

    messages: tuple[Message, ...]
    arrived: datetime


class CannotMendError(ValueError):
    """This repair cannot help this message; the text says why."""


Policy = Callable[[Draft, datetime], Draft]
"""A repair; the second argument is the time now. Raises `CannotMendError`."""


def as_it_is(draft: Draft, _now: datetime) -> Draft:
    """The same bytes with the same key."""
    return draft


def rekey(draft: Draft, _now: datetime) -> Draft:
    """Each event goes under the name of the player whom it is about; an array about several becomes several."""
    messages: list[Message] = []
    for message in draft.messages:
        whose: dict[str, list[bytes]] = {}
        for piece in _events(message.value):
            subject = _object(piece).get("subject")
            if not isinstance(subject, str):
                text = "it says of no player that it is about them"
                raise CannotMendError(text)
            whose.setdefault(subject, []).append(piece)
        if len(whose) == 1:
            messages.append(Message(next(iter(whose)).encode(), message.value))
        else:
            messages += [Message(player.encode(), _array(pieces)) for player, pieces in whose.items()]
    return Draft(tuple(messages), draft.arrived)


def retime(draft: Draft, now: datetime) -> Draft:
    """A time that is refused now becomes the time of arrival or, where that is too old as well, nearly the oldest."""

    def changed(event: dict[str, Any]) -> dict[str, Any]:
        try:
            said = datetime.fromisoformat(str(event.get("time")))
            fits = -OLDEST <= said - now <= NEWEST
        except (ValueError, TypeError) as fault:
            text = f"its time {str(event.get('time'))[:40]!r} is none"
            raise CannotMendError(text) from fault
        arrival = max(draft.arrived, now - OLDEST + MARGIN)
        return event if fits else {**event, "time": arrival.isoformat().replace("+00:00", "Z")}

    return _each(draft, changed)


def known_fields(draft: Draft, _now: datetime) -> Draft:
    """Only the fields that the event's type has here, at every depth; an event of an unknown type cannot be mended."""

    def changed(event: dict[str, Any]) -> dict[str, Any]:
        kind = str(event.get("type")).removeprefix(TYPE_PREFIX)
        if kind not in FACTS:
            text = f"there is no type {str(event.get('type'))[:60]!r}"
            raise CannotMendError(text)
        kept: dict[str, Any] = _pruned(event, _shape(kind))
        return kept

    return _each(draft, changed)


def last_of_twice(draft: Draft, _now: datetime) -> Draft:
    """Of two equal keys the last one."""
    return _each(draft, lambda event: event, strict=False)


def split(draft: Draft, _now: datetime) -> Draft:
    """Arrays within the limits, in the order of the one that was not."""
    messages: list[Message] = []
    for message in draft.messages:
        pieces = _events(message.value)
        if len(message.value) <= MESSAGE_BYTES and len(pieces) <= MESSAGE_EVENTS:
            messages.append(message)
        else:
            messages += [Message(message.key, _array(together)) for together in _within(pieces)]
    return Draft(tuple(messages), draft.arrived)


POLICIES: Final[Mapping[str, Policy]] = {
    "as-it-is": as_it_is,
    "rekey": rekey,
    "retime": retime,
    "known-fields": known_fields,
    "last-of-twice": last_of_twice,
    "split": split,
}
"""By name."""


def _events(value: bytes) -> list[bytes]:
    """The bytes of each event in a message, untouched."""
    if not value.lstrip().startswith(b"["):
        return [value]
    try:
        return [bytes(piece) for piece in _pieces.decode(value)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise _no_json(fault) from fault


def _array(pieces: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(pieces) + b"]"


def _within(pieces: Iterable[bytes]) -> list[list[bytes]]:
    """Neighbours put together for as long as count and bytes allow."""
    together: list[list[bytes]] = [[]]
    size = 2
    for piece in pieces:
        size += len(piece) + 1
        if together[-1] and (len(together[-1]) == MESSAGE_EVENTS or size > MESSAGE_BYTES):
            together.append([])
            size = len(piece) + 3
        together[-1].append(piece)
    return together


def _each(draft: Draft, change: Callable[[dict[str, Any]], dict[str, Any]], *, strict: bool = True) -> Draft:
    """The draft with every event changed; a message whose events stay as they were keeps its very bytes."""
    messages = []
    for message in draft.messages:
        pieces = _events(message.value)
        changed = [_changed(piece, change, strict=strict) for piece in pieces]
        value = message.value
        if changed != pieces:
            value = _array(changed) if value.lstrip().startswith(b"[") else changed[0]
        messages.append(Message(message.key, value))
    return Draft(tuple(messages), draft.arrived)


def _changed(piece: bytes, change: Callable[[dict[str, Any]], dict[str, Any]], *, strict: bool) -> bytes:
    event = _object(piece) if strict else _object(piece, dict)
    after = change(event)
    if after == event and (strict or not _says_twice(piece)):
        return piece
    try:
        return json.dumps(after, ensure_ascii=False, separators=(",", ":")).encode()
    except (UnicodeEncodeError, RecursionError) as fault:
        raise _no_json(fault) from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    event = dict(pairs)
    if len(event) < len(pairs):
        text = "a key stands twice in it; try last-of-twice first"
        raise CannotMendError(text)
    return event


def _object(piece: bytes, pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]] = _once) -> dict[str, Any]:
    try:
        event = json.loads(piece, object_pairs_hook=pairs)
    except CannotMendError:
        raise
    except (ValueError, RecursionError) as fault:
        raise _no_json(fault) from fault
    if not isinstance(event, dict):
        text = "it is no JSON object"
        raise CannotMendError(text)
    return event


def _says_twice(piece: bytes) -> bool:
    try:
        _object(piece)
    except CannotMendError:
        return True
    return False


def _no_json(fault: Exception) -> CannotMendError:
    return CannotMendError(f"it is no JSON ({type(fault).__name__}); mend it in an editor or by a map")


@cache
def _shape(kind: str) -> mi.Type:
    return mi.type_info(EVENT_OF[FACTS[kind]])


def _pruned(value: Any, shape: mi.Type) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """`value` without what `shape` does not know; what does not fit the shape at all stays, to be refused."""
    match shape:
        case mi.StructType() if isinstance(value, dict):
            known = {field.encode_name: field.type for field in shape.fields}
            tag = {shape.tag_field: mi.AnyType()} if shape.tag_field else {}
            known = {**tag, **known}
            return {name: _pruned(inner, known[name]) for name, inner in value.items() if name in known}
        case mi.VarTupleType() | mi.ListType() if isinstance(value, list):
            return [_pruned(inner, shape.item_type) for inner in value]
        case mi.UnionType() if isinstance(value, dict):
            structs = [member for member in shape.types if isinstance(member, mi.StructType)]
            return _pruned(value, structs[0]) if len(structs) == 1 else value
        case _:
            return value
