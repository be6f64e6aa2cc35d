"""What could not be taken, kept with its reason (topic `failed-events`).

Nothing refused is thrown away: the original bytes travel here untouched, so that they can be listed, repaired and
replayed, and so that in = accepted + failed can be checked.
"""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from contract.envelope import TYPE_PREFIX, Envelope, Name
from contract.events import Text


class Reason(StrEnum):
    """Why a message was refused. The words are part of the contract: counts and tests go by them."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    DUPLICATE_KEY = "duplicate_key"
    TOO_OLD = "too_old"
    IN_THE_FUTURE = "in_the_future"
    WRONG_KEY = "wrong_key"
    OUT_OF_WINDOW = "out_of_window"
    FOLD_FAILED = "fold_failed"


class Failure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One refused message: what it was, where it was, why not."""

    reason: Reason
    detail: Text
    original: bytes
    """The bytes as they came (base64 in JSON)."""
    topic: Name
    partition: int
    offset: int
    position: int = 0
    """Its place in an array of events, from 0."""


class EventFailed(Envelope, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=TYPE_PREFIX + "event.failed"):
    """A refused message in its envelope; `subject` is the key it came with, or `unknown`."""

    dataschema: Literal["/schemas/event.failed/1.json"] = "/schemas/event.failed/1.json"
    data: Failure
