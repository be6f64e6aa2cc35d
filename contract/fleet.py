"""What is known of everybody together, partition by partition (topic `fleet-figures`).

Each message is all that its partition has counted, so the newest one is enough, and the messages of all partitions put
together are the figures of the whole river. Nothing here names a player: a count travels as a *sketch*, a few hundred
bytes that can be united with another without counting anybody twice, and that answer only *how many, about*. What the
bytes mean is said by the libraries that write them: `datasketches` (HyperLogLog) and `hdrh` (HdrHistogram V2).

Strange: `subject`, and the Kafka key, are the number of the partition instead of a player.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from contract.envelope import TYPE_PREFIX, Envelope
from contract.events import Count

Counted = Literal[
    "seen_on_day",
    "sessions_on_day",
    "began_on_day",
    "back_after_1_day",
    "back_after_7_days",
    "seen_in_minute",
    "sessions_in_minute",
    "started_rapid",
    "cleared_rapid",
]
"""What is counted, once each: players, but for two of sessions. Who is *back* is counted under the day they began."""
LG_K: Final = 12
"""HyperLogLog with 2^12 registers: the standard error of a union is 1.04 / sqrt(4096) = 1.6 %."""
LONGEST_US: Final = 3_600_000_000
"""Whatever took longer than an hour counts as an hour."""
DIGITS: Final = 2
"""Significant ones: a latency is told within 1 %."""
MINUTES_A_DAY: Final = 1_440


class Tally(Struct, frozen=True, forbid_unknown_fields=True):
    """How many different ones, of one kind, at one time or on one rapid."""

    counted: Counted
    of: Count
    """The day or the minute, counted from 1970 in UTC, or the number of the rapid."""
    sketch: bytes
    """HyperLogLog, as `datasketches` writes it (base64 in JSON)."""


class Lag(Struct, frozen=True, forbid_unknown_fields=True):
    """How long events took, from when they happened until they were folded, in one minute of folding."""

    minute: Count
    """From 1970 in UTC, by the worker's clock."""
    sketch: bytes
    """HdrHistogram V2, compressed, in microseconds (base64 in JSON)."""


class Sketches(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that one partition has counted and not yet forgotten."""

    partition: Annotated[int, Meta(ge=0, le=1_000_000)]
    tallies: tuple[Tally, ...] = ()
    lags: tuple[Lag, ...] = ()


class FleetTold(Envelope, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=TYPE_PREFIX + "fleet.told"):
    """The figures of one partition in their envelope; `subject` is its number."""

    dataschema: Literal["/schemas/fleet.told/1.json"] = "/schemas/fleet.told/1.json"
    data: Sketches
