"""A second opinion on what a message is: the published JSON Schemas, judged by somebody else's validator.

It shares nothing with contract.codec but the documents in docs/schemas. JSON is parsed by Python's own parser, made
strict: a key that stands twice, NaN, half a surrogate pair and bytes that are no UTF-8 are refused, as a careful
reader (RFC 8259 with I-JSON, RFC 7493) refuses them. The schemas are judged by jsonschema-rs, with formats.

What it does not know, on purpose: sizes, the key a message came with, how old an event may be, and what of the rest
the codec refuses beyond the schemas. So the codec may refuse more than the oracle, and never less: see `BEYOND`.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import jsonschema_rs

from contract.envelope import TYPE_PREFIX
from contract.events import FACTS
from contract.failures import Reason

SCHEMAS: Final = Path(__file__).resolve().parents[1] / "docs" / "schemas"
TWICE: Final = "a key stands twice"
DIGITS: Final = 400
BEYOND: Final[Mapping[Reason, str]] = {
    Reason.TOO_LARGE: "8 KiB an event and 256 KiB a message: JSON Schema does not count bytes",
    Reason.TOO_MANY: "200 events a message: the schemas are of one event",
    Reason.TOO_OLD: "seven days: JSON Schema has no clock",
    Reason.IN_THE_FUTURE: "five minutes: JSON Schema has no clock",
    Reason.WRONG_KEY: "the key is no part of the message",
    Reason.OUT_OF_WINDOW: "a number too far behind the newest of its session: JSON Schema has no memory",
    Reason.WRONG_SHAPE: "1.0 is a whole number to JSON Schema, U+0000 is text, and there are leap seconds and a year 0",
}
"""Why the codec refuses what the schemas allow, by its reason; a reason that is not here would be a fault."""


class Told(NamedTuple):
    """One event of a message, as far as it is one."""

    raw: bytes
    fits: bool
    """Whether it fits the published schema of the type it says it has."""
    subject: str
    """Whom it is about; empty when it does not say."""


def read(raw: bytes) -> list[Told]:
    """The events in one message; what is no JSON is one thing that does not fit.

    Bytes that are no UTF-8 become half surrogates, which only the event around them is refused for.
    """
    text = raw.decode("utf-8", "surrogateescape")
    try:
        whole = _json.decode(text)
    except (ValueError, RecursionError):
        return [Told(raw, fits=False, subject="")]
    if not isinstance(whole, list):
        return [_told(raw, whole)]
    at, found = text.index("[") + 1, list[Told]()
    for _ in whole:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        piece, end = _json.raw_decode(text, at)
        found.append(_told(text[at:end].encode("utf-8", "surrogateescape"), piece))
        at = end
    return found


def _told(raw: bytes, piece: object) -> Told:
    subject = piece.get("subject") if isinstance(piece, dict) else None
    return Told(raw, fits=_fits(piece), subject=subject if isinstance(subject, str) else "")


def _fits(piece: object) -> bool:
    if not isinstance(piece, dict) or not isinstance(kind := piece.get("type"), str) or kind not in _JUDGES:
        return False
    try:
        return _JUDGES[kind].is_valid(piece) and not _half_a_letter(piece)
    except ValueError:  # nested deeper than the validator follows, or half a letter where it looks at letters
        return False


def _half_a_letter(piece: object) -> bool:
    """Whether half a surrogate pair, which UTF-8 does not have, is in any text of what fits otherwise."""
    try:
        json.dumps(piece, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else {TWICE: True}


def _no_number(word: str) -> object:
    sentence = f"{word} is no number of JSON"
    raise ValueError(sentence)


def _whole(digits: str) -> int | float:
    """Python's int reads no thousands of digits; as a float they are out of every range as well."""
    return int(digits) if len(digits) < DIGITS else float(digits)


def _judge(kind: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((SCHEMAS / kind / "1.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


_json: Final = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_number, parse_int=_whole)
_JUDGES: Final = {TYPE_PREFIX + kind: _judge(kind) for kind in FACTS}
"""By type, of the topic of players alone."""
