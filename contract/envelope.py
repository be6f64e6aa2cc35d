"""What every message on every topic has around it: a CloudEvents 1.0 event in JSON structured mode.

The types are the format: what these structs accept is what the stream accepts. Attribute names are lower case letters
and digits because the CloudEvents specification allows nothing else. Field order here is the order on the wire.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

SPEC_VERSION: Final = "1.0"
TYPE_PREFIX: Final = "whitewater."

Name = Annotated[str, Meta(min_length=1, max_length=64)]
"""A pseudonym, an id, a label: 1 to 64 characters. Never shown or stored as anything but text."""

Time = Annotated[datetime, Meta(tz=True)]
"""An instant with its offset from UTC."""

PlayerKind = Literal["human", "bot", "replay"]
"""Who held the paddle. Said at the source, never guessed later."""


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """The CloudEvents attributes, in the order they travel. Subclasses add `dataschema` and `data`."""

    specversion: Literal["1.0"] = SPEC_VERSION
    id: Name
    """UUIDv7, made once at the source; retries keep it."""
    source: Name
    subject: Name
    """The player's pseudonym; also the Kafka key."""
    time: Time
    """When it happened."""
    datacontenttype: Literal["application/json"] = "application/json"


class Cause(Struct, frozen=True, forbid_unknown_fields=True):
    """The event that led to a message, so that one clock (the player's) can measure the loop."""

    session: Name
    sequence: Annotated[int, Meta(ge=1)]
    time: Time
