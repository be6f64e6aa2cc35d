"""What of a topic a recording keeps: of everybody or of some, and in which order partitions are told.

A message is an event or an array of events, and an array may hold sessions that were not asked for: then the others
are taken out, and the events that stay are still the bytes that were sent.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping

import msgspec
from msgspec import Struct

from recording.format import Message


class Choice(Struct, frozen=True):
    """Whose play; nobody named is everybody."""

    players: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """What was asked for."""
        named = [f"player {player}" for player in sorted(self.players)]
        named += [f"session {session}" for session in sorted(self.sessions)]
        return ", ".join(named) or "everybody"


class _Session(Struct):
    sessionid: str


_one = msgspec.json.Decoder(_Session)
_pieces = msgspec.json.Decoder(list[msgspec.Raw])


def chosen(message: Message, choice: Choice) -> Message | None:
    """The message, or what of it was asked for; None where that is nothing."""
    if choice.players and message.key not in choice.players:
        return None
    if not choice.sessions:
        return message
    if message.value.lstrip()[:1] != b"[":
        return message if _session_of(message.value) in choice.sessions else None
    try:
        pieces = [bytes(piece) for piece in _pieces.decode(message.value)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    kept = [piece for piece in pieces if _session_of(piece) in choice.sessions]
    if kept and len(kept) == len(pieces):
        return message
    joined = b"[" + b",".join(kept) + b"]"
    return Message(message.at, message.partition, message.key, joined) if kept else None


def _session_of(value: bytes) -> str | None:
    try:
        return _one.decode(value).sessionid
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def in_time(waiting: Mapping[int, deque[Message]], expected: Collection[int]) -> Iterator[Message]:
    """Takes from the partitions' queues what may be told: the oldest first, as long as nothing older can come.

    `expected` are the partitions that have more to give at once; while the queue of one of them is empty, nobody knows
    whether its next message is the oldest. Within a partition the order is the topic's, whatever the timestamps say.
    """
    while all(waiting.get(partition) for partition in expected):
        full = [queue for queue in waiting.values() if queue]
        if not full:
            return
        yield min(full, key=lambda queue: queue[0].at).popleft()
