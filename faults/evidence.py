"""What was found when a run was over: every topic, and what the API answers about every player.

It is handed to the checker as values; `gather` is the door that fetched them. Only what concerns the run's own players
and its own stretch of the log is here.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from contract.adaptations import AdaptationDecided
from contract.failures import EventFailed
from contract.signals import SignalUpdated


class Record(Struct, frozen=True, gc=False):
    """A Kafka record, as far as anybody here looks."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    at_s: float
    """The record's own timestamp, seconds since 1970."""
    headers: tuple[tuple[str, bytes], ...] = ()


class Process(Struct, frozen=True):
    """What a part of the stack used at the most."""

    memory_mb: float
    before_mb: float = 0.0
    """What it used when the run began."""


class Sitting(Struct, frozen=True):
    """What a real game that played along said of itself when it ended."""

    player: str
    frames: int
    frame_p99_ms: float
    telling_p99_ms: float
    dropped: int


class Evidence(Struct, frozen=True, kw_only=True):
    """Everything that was found."""

    log: Sequence[Record]
    """player-events from the run's beginning, in order per partition."""
    state: Mapping[str, bytes]
    """The newest value of the workers' changelog for each player of the run."""
    failed: Sequence[EventFailed]
    beliefs: Sequence[tuple[Record, SignalUpdated]]
    goals: Sequence[tuple[Record, AdaptationDecided]]
    """The topic adaptations."""
    history: Mapping[str, Sequence[AdaptationDecided]]
    """What SQL holds of each player (by the API), newest first."""
    live: Mapping[str, AdaptationDecided | None]
    """The present goal of each player (Redis, by the API)."""
    players: frozenset[str]
    parts: Mapping[str, Process] = {}
    longest_emit_s: float = 0.0
    dropped: int = 0
    """Strokes that the outbox gave up, to keep room for outcomes."""
    lost: int = 0
    """Other events that it gave up or could not keep."""
    held_share: float = 0.0
    """How full it was at the most, of what it may hold."""
    disk_mb: float = 0.0
    """What the site's home grew by."""
    spool_left: int = 0
    """Bytes of events that still wait on disk."""
    unsettled: str = ""
    """What had not come to its end in time, in words; empty when everything had."""
    sitting: Sitting | None = None
    """Of the real game, where one played and ended in order."""
    cut: int = 0
    """Sleepers that the server was done with."""
    recovered_s: float | None = None
    """The longest recovery, where one could be measured."""
