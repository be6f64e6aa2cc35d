"""Malformed messages of every kind, from a seed: the same seed and moment give the same messages.

Three steps. Hypothesis makes whole events from the types and breaks each in one place that the published JSON Schema
knows of: another type, another range, another spelling, a field missing, doubled or unknown, numbers and texts that
JSON or UTF-8 do not have. Around those go the accidents of a whole message: arrays, keys, sizes, nothing at all. Then
bytes are flipped, lost, put in, doubled and spliced, which turns some thousand messages into as many as are wanted.

Some of what comes out is harmless: a flipped digit is still a digit. Which it is nobody here decides (oracle.py does).
Strange: a broken place is written as *text*, not as a value, because much of what is wrong with JSON has no value.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from contract.codec import encode
from contract.describe import schema_of
from contract.events import EVENT_OF, FACTS, Event
from tests.contract.invented import messages
from tests.contract.recorded import WIRE

PLAYERS: Final = 40
"""Names that the malformed are sent under, so that the worker's memory of players is not what is measured."""
HERE: Final = "@@here@@"
Path = tuple[str, ...]


class Malformed(Struct, frozen=True):
    """A message as it is sent; no key and no value are possible too."""

    key: bytes | None
    value: bytes | None


TIMES: Final = (
    "2026-11-23", "2026-11-23T00:03:10", "2026-11-23 00:03:10Z", "2026-11-23T00:03:10+0000", "2026-11-23T24:00:00Z",
    "2026-11-23T23:59:60Z", "2026-06-30T23:59:60Z", "2026-02-30T00:00:00Z", "2026-11-23T00:03:10,5Z", "yesterday", "",
    "2026-11-23T00:03:10.Z", "2026-11-23T00:03Z", "2026-11-23T00:03:10+24:00", "0000-01-01T00:00:00Z", "1763856190",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.9999999-23:59", "\uff12026-11-23T00:03:10Z", "2026-W48-1",
    "2026-11-23T00:03:10Z\n", " 2026-11-23T00:03:10Z", "-2026-11-23T00:03:10Z", "20261123T000310Z", "2026-327",
)  # fmt: skip
"""Moments that are none, or are spelled as RFC 3339 does not, or lie where calendars end."""
NO_JSON: Final = (
    b"NaN", b"Infinity", b"-Infinity", b"+1", b"01", b".5", b"1.", b"0x1", b"1_0", b"1e", b"--1", b"'a'", b"True",
    b"None", b"undefined", b"", b"\x00", b'"\x00"', b'"\n"', b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\x41"', b'"\\u00g0"', b"/* */ 1", b"[1,]", b"{,}",
    b'{"a" 1}', b"[" * 3_000, b'{"a":' * 1_500, b"\xef\xbb\xbf1",
)  # fmt: skip
"""What stands where a value should, and is none in JSON or no text in UTF-8."""
NO_VALUE_HERE: Final = (
    b"null", b"true", b"false", b"0", b"-0", b"-1", b"1.0", b"1e0", b"1e999", b"-1e999", b"1e-999", b"9" * 400,
    b"9007199254740993", b"18446744073709551616", b"-9223372036854775809", b'""', b'"0"', b'"1"', b'"0.5"', b'"true"',
    b"[]", b"{}", b"[0]", b'{"a":1}', b'"\\u0000"', b"[" * 500 + b"]" * 500, b'{"a":' * 200 + b"1" + b"}" * 200,
    b'"' + b"a" * 65 + b'"', b'"' + b"a" * 501 + b'"', b'"' + "\u00e9".encode() * 33 + b'"', b'"' + b"a" * 9_000 + b'"',
    b'"\\ud83d\\udef6"', b'"\xf0\x9f\x9b\xb6"', b'"<script>"', b"\"'; DROP TABLE decisions; --\"", b'"\\u202e"',
)  # fmt: skip
"""JSON of another type, range or length than nearly every field has."""
AROUND: Final = (
    (b"", b""), (b"\xef\xbb\xbf", b""), (b"", b"\x00"), (b"\x00", b""), (b" \n\t\r", b"  "), (b"", b","), (b"", b"x"),
    (b"\xff\xfe", b""), (b"(", b")"), (b"\x1f\x8b", b""), (b"[[", b"]]"), (b"[", b",]"), (b"[", b""), (b"", b"]"),
    (b"\x0b", b""), (b"", b"//"), (b'{"events":[', b"]}"), (b"\n", b"\n{}"), (b"data: ", b"\n\n"),
)  # fmt: skip
"""What stands around a message that would else be one."""
WHOLE: Final = (
    b"", b" ", b"null", b"true", b"7", b'"rock"', b"{}", b"[]", b"[[]]", b"[null]", b"{", b"[", b"}", b"\x00" * 64,
    b"hello", b"NaN", b"[" * 200_000, b'{"a":' * 40_000, b'"' + b"a" * 9_000 + b'"', b"\xff" * 300, b"9" * 8_000,
    b'{"type":"whitewater.whale.seen"}', b'{"type":7}', b'{"type":null}', b'{"type":"whitewater.rock.hit"}',
    b"[" + b" " * 262_144, b"a" * 300_000, b"[" + b"7," * 199 + b"7]", b"[" + b"{}," * 200 + b"{}]",
)  # fmt: skip
"""Whole messages that never were an event; the longest is more than a message may have."""


def corpus(run: str, of_seed: int, count: int, now: datetime) -> list[Malformed]:
    """So many messages made by Hypothesis, each broken in one place, told by players whose names begin with `run`."""
    found: list[Malformed] = []

    @seed(of_seed)
    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(broken(run, now))
    def gather(each: Malformed) -> None:
        found.append(each)

    gather()
    return found


@st.composite
def broken(draw: st.DrawFn, run: str, now: datetime) -> Malformed:
    """One event, its message broken in one place: in a field, around it, or under which key it is sent."""
    kind = draw(st.sampled_from([*FACTS]))
    event: Event = draw(messages(EVENT_OF[FACTS[kind]]))
    event = replace(
        event, subject=f"{run}-{draw(st.integers(0, PLAYERS - 1))}", time=now - timedelta(seconds=draw(st.just(9)))
    )
    key, raw = event.subject.encode(), encode(event)
    match draw(st.sampled_from(["field"] * 6 + ["sound"] * 3 + ["around", "array", "key", "whole", "other"])):
        case "field":
            return Malformed(key, draw(_in_a_field(kind, json.loads(raw), now)))
        case "sound":
            return Malformed(key, raw)
        case "around":
            before, after = draw(st.sampled_from(AROUND))
            return Malformed(key, before + raw + after)
        case "array":
            return Malformed(key, draw(_array(raw)))
        case "key":
            airy = raw.replace(b',"', b' , "')
            told = draw(st.sampled_from([raw, airy, b"[ " + airy + b" , " + raw + b" ]", None]))
            return Malformed(draw(_keys(key) | st.just(key)), told)
        case "whole":
            return Malformed(key, draw(st.sampled_from(WHOLE) | st.binary(max_size=300)))
    return Malformed(key, draw(st.sampled_from([*WIRE.values()])))


@st.composite
def _in_a_field(draw: st.DrawFn, kind: str, event: dict[str, Any], now: datetime) -> bytes:
    """The event with something else in one of the places that its schema knows."""
    path = draw(st.sampled_from([*_rules(kind)]))
    own = _at(event, path)
    written = json.dumps(own).encode()
    match draw(st.sampled_from(["value", "value", "value", "edge", "missing", "doubled", "unknown", "tag", "time"])):
        case "missing":
            return _with(event, path, None)
        case "doubled":
            first = draw(st.sampled_from([written, b"null", b"[]"]))
            return _with(event, path, first + b"," + json.dumps(path[-1]).encode() + b":" + written)
        case "unknown":
            name = draw(st.sampled_from(["", "depth", "__proto__", path[-1].upper(), "data", "\u0442ype"]) | st.text())
            return _with(event, path, written + b"," + json.dumps(name).encode() + b":1")
        case "tag":
            other = draw(st.sampled_from([*FACTS, "signal.updated", "whale.seen", "rock.hit ", "ROCK.HIT", ""]))
            tag = f"/schemas/{other}/1.json" if path[-1] == "dataschema" else f"whitewater.{other}"
            place = ("dataschema",) if path[-1] == "dataschema" else ("type",)
            return _with(event, place, json.dumps(tag).encode())
        case "time":
            odd = now + draw(st.sampled_from([-7, 7, 400]) | st.integers(-8, 1)) * timedelta(days=1)
            return _with(event, ("time",), json.dumps(draw(st.sampled_from([*TIMES, odd.isoformat()]))).encode())
        case "edge":
            return _with(event, path, draw(st.sampled_from(_edges(_rules(kind)[path])) | st.just(written)))
    return _with(
        event,
        path,
        draw(st.sampled_from([*NO_JSON, *NO_VALUE_HERE]) | _ANY.map(json.dumps).map(str.encode)),
    )


@st.composite
def _array(draw: st.DrawFn, raw: bytes) -> bytes:
    """The event among others, too many, too few, or one level too deep."""
    bad = draw(st.sampled_from([b"7", b"{}", b"null", b"[]", b'{"a":1,"a":1}', b"\xff", b"01", raw[:-1], raw[1:]]))
    some = draw(
        st.sampled_from(
            [[], [raw], [raw, b" " + bad, raw + b"\n"], [bad] * 3, [b"[" + raw + b"]"], [raw] * 201, [raw] * 9]
        )
    )
    return b"[" + b",".join(some) + b"]"


def _keys(key: bytes) -> st.SearchStrategy[bytes | None]:
    return st.sampled_from([None, b"", b"\xff\xfe", b"\x00", key + b"!", key.upper(), b"k" * 2_000, b" " + key])


_ANY: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@cache
def _rules(kind: str) -> dict[Path, dict[str, Any]]:
    """Every place in an event of this kind, and what its published schema says of it."""
    schema = schema_of(kind)
    found: dict[Path, dict[str, Any]] = {(name,): rules for name, rules in schema["properties"].items()}
    data = schema["$defs"][found["data",]["$ref"].rpartition("/")[2]]
    return found | {("data", name): rules for name, rules in data["properties"].items()}


def _edges(rules: dict[str, Any]) -> list[bytes]:
    """One step beyond each limit that a schema sets, and each limit itself."""
    found: list[object] = [*rules.get("enum", ()), *(str(each).upper() for each in rules.get("enum", ()))]
    for name, step in (("minimum", -1), ("maximum", 1)):
        if name in rules:
            found += [rules[name], rules[name] + step, rules[name] + step * 1e-9, str(rules[name])]
    for name, step in (("minLength", -1), ("maxLength", 1)):
        if name in rules:
            found += ["\u00e9" * rules[name], "a" * (rules[name] + step), "\U0001f6f6" * rules[name]]
    return [json.dumps(each).encode() for each in found or [None]]


def _at(event: dict[str, Any], path: Path) -> object:
    found: Any = event
    for name in path:
        found = found.get(name)
    return found


def _with(event: dict[str, Any], path: Path, text: bytes | None) -> bytes:
    """The event's bytes with this text in this place; without the place when there is no text."""
    inner = event if len(path) == 1 else event[path[0]]
    changed = {name: each for name, each in inner.items() if text is not None or name != path[-1]}
    if text is not None:
        changed[path[-1]] = HERE
    whole = changed if len(path) == 1 else {**event, path[0]: changed}
    return json.dumps(whole, separators=(",", ":")).encode().replace(f'"{HERE}"'.encode(), text or b"")


def endless(found: Sequence[Malformed], of_seed: int, every: int = 1) -> Iterator[Malformed]:
    """Each of the corpus as it is, `every` so many, and else for ever one of them damaged."""
    dice, whole = random.Random(of_seed), iter(found)
    sound = [each for each in found if each.value and len(each.value) < 5_000]
    for number in range(10**12):
        by, other = dice.choice(sound), dice.choice(sound).value or b""
        each = next(whole, None) if number % every == 0 else None
        yield each or replace(by, value=damaged(by.value or b"", other, dice))


def damaged(raw: bytes, other: bytes, dice: random.Random) -> bytes:
    """`raw` after one to three accidents: bits flipped, bytes put in, lost or repeated, its end another's."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        at = dice.randrange(len(raw) + 1)
        end = at + dice.choice((1, 1, 2, 5, 30))
        match dice.randrange(8):
            case 0 if at < len(raw):
                raw = raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]
            case 1:
                raw = raw[:at] + dice.randbytes(end - at) + raw[at:]
            case 2:
                raw = raw[:at] + raw[end:]
            case 3:
                raw = raw[:end] + raw[at:end] * dice.randrange(1, 4) + raw[end:]
            case 4:
                raw = raw[:at] + other[dice.randrange(len(other) + 1) :]
            case 5:
                raw = raw[:at]
            case 6:
                raw = raw[:at] + dice.choice(NO_VALUE_HERE[:40]) + raw[end:]
            case _:
                raw = raw[:at] + bytes([dice.choice(b'0123456789-+.eE"{}[]:,\\ntu')]) + raw[at + 1 :]
    return raw
