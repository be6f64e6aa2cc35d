"""Recordings for the tests, made without a file."""

from datetime import UTC, datetime

from recording.format import Header, Message, write, write_end, write_header

HEADER = Header(
    made=datetime(2026, 11, 23, 12, tzinfo=UTC), what="everybody", source="here", topic="player-events", partitions=8
)


def message(at: int = 0, key: str = "heron", value: bytes = b"{}", partition: int = 3) -> Message:
    """A message; only what a test is about needs saying."""
    return Message(at, partition, key, value)


def recorded(*messages: Message) -> bytes:
    """A whole recording, as a plain file holds it."""
    return write_header(HEADER) + b"".join(map(write, messages)) + write_end(len(messages))
