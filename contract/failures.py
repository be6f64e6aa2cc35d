"""What could not be taken, kept with its reason (topic `failed-events`).

Nothing refused is thrown away: the original bytes travel here untouched, so that they can be listed, repaired and
replayed, and so that in = accepted + failed can be checked. Somebody who has dealt with an entry says so on the same
topic, so *open* is what failed and was not settled. The repairs that need no person are in contract/repair.py.
"""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from contract.envelope import TYPE_PREFIX, Envelope, Name
from contract.events import Count, Text


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


class Settlement(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A refused message that nobody needs to look at any more: it was repaired and sent again, or dropped."""

    failure: Name
    """The id of the `event.failed` that this settles."""
    reason: Reason
    """Why that was refused; told again, so that open ones can be counted by reason without remembering every id."""
    how: Literal["replayed", "dropped"]
    by: Name
    """The repair: a policy of contract/repair.py, `map`, `editor`, several of them joined by +, or `nobody`."""
    events: Count = 0
    """How many events were sent in its place."""


class FailureSettled(
    Envelope, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=TYPE_PREFIX + "failure.settled"
):
    """A settlement in its envelope; `subject` is its failure's, and so is `id`: settled twice is seen to be once."""

    dataschema: Literal["/schemas/failure.settled/1.json"] = "/schemas/failure.settled/1.json"
    data: Settlement
