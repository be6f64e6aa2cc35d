"""Whose record is this? By its key, and by looking inside: what somebody sent under a wrong key is theirs all the same.

A message of several events may be about several players: then it is the pieces that belong to somebody, and the rest of
the message is what stays. An event that was refused belongs to whoever its original is about. What nobody can read
belongs to the player whose name stands in it as JSON writes a text: rather a stranger's nonsense is erased too than a
player's name stays.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

import msgspec

_pieces = msgspec.json.Decoder(list[msgspec.Raw])
_object = msgspec.json.Decoder(dict[str, Any])
WHOLE: Final = None
"""Nothing of the record stays."""


def rest(player: str, key: bytes | None, value: bytes | None) -> bytes | None:
    """The value without `player`: the very same object when nothing in it is theirs, None when all of it is.

    A record without a value is asked about its key alone (`owns`).
    """
    if value is None or key == player.encode():
        return WHOLE
    if value.lstrip()[:1] != b"[":
        return WHOLE if _is_about(player, value) else value
    try:
        pieces = [bytes(piece) for piece in _pieces.decode(value)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return WHOLE if _names(player, value) else value
    others = [piece for piece in pieces if not _is_about(player, piece)]
    if len(others) == len(pieces):
        return value
    return b"[" + b",".join(others) + b"]" if others else WHOLE


def owns(player: str, key: bytes | None, value: bytes | None) -> bool:
    """Whether anything of a record is this player's."""
    return key == player.encode() or (value is not None and rest(player, key, value) is not value)


def _is_about(player: str, raw: bytes) -> bool:
    try:
        read = _object.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _names(player, raw)
    if read.get("subject") == player:
        return True
    original = _original(read)
    return original is not None and owns(player, None, original)


def _original(read: Mapping[str, Any]) -> bytes | None:
    """The bytes inside a refusal."""
    data = read.get("data")
    written = data.get("original") if isinstance(data, dict) else None
    if not isinstance(written, str):
        return None
    try:
        return b64decode(written, validate=True)
    except ValueError:
        return None


def _names(player: str, raw: bytes) -> bool:
    spellings = {json.dumps(player).encode(), json.dumps(player, ensure_ascii=False).encode()}
    return any(spelling in raw for spelling in spellings)
