"""One partition's players in memory: records in; beliefs to tell, refusals to keep and snapshots to write out.

No Kafka here, and no clock: a record is anything with an offset, a key and a value, and the time is handed in. That is
what lets a test hold it against a single-threaded replay. It is a class and not a function because 60,000 events a
second leave no time to copy a dictionary of players.

What it promises: an event's effect on a player happens once. Events that are delivered again, because a worker died
before it could commit, are recognised by session and sequence; where they are too old for that window, by their
offset, which a recalled player brings along. Everything else that cannot be folded becomes a `Failure` with its reason,
and the events around it are unharmed.

Strange: a belief that the river may answer (a round, a session, a consent, another pace) is told with its chunk, one
for each such event: decisions follow from events, and not from how they were fetched. Four of five events are strokes,
which move nothing but figures that are looked at, and those wait in line (`untold`) until there is room for them
(docs/decisions/what-can-wait.md).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Final, Protocol

from msgspec import Struct

from contract.codec import Unreadable, encode, read_events
from contract.envelope import TYPE_PREFIX
from contract.events import EVENT_OF, Event
from contract.failures import EventFailed, Failure, Reason
from contract.signals import PaceState, SignalUpdated
from contract.topics import PLAYER_EVENTS
from processors.fleet import TURNS, Fleet
from processors.player import Player, advance, signals
from processors.signals import pace
from processors.state import read_kept, write
from processors.window import OutOfWindowError

SOURCE: Final = "/whitewater/processors"
DETAIL: Final = 500
NAME: Final = 64
KIND: Final = {of: str(of.__struct_config__.tag).removeprefix(TYPE_PREFIX) for of in EVENT_OF.values()}


class Record(Protocol):
    """What is needed of a Kafka record."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


class Taken(Struct):
    """What came of one chunk."""

    beliefs: list[tuple[bytes, bytes]]
    """Key and encoded `signal.updated`, one for every event that the river may want to answer, in order per player."""
    refused: list[tuple[bytes | None, bytes]]
    """Key and encoded `event.failed`."""
    folded: int = 0
    repeated: int = 0


class _Chunk(Struct):
    """What is gathered while a chunk is folded."""

    now: datetime
    now_s: float
    taken: Taken
    changed: set[bytes]
    """Every player who did something new."""


class Partition:
    """The players whose events come in partition `number`; `recall` finds what was once written of one."""

    def __init__(self, number: int, recall: Callable[[bytes], bytes | None]) -> None:
        self.number = number
        self.fleet = Fleet(number)
        self._recall = recall
        self._players: dict[bytes, Player] = {}
        self._recalled_at: dict[bytes, int] = {}
        self._changed: set[bytes] = set()
        self._untold: dict[bytes, Event] = {}
        """Players of whom something is believed that was not told, and its cause; who waits longest comes first."""
        self._offset = -1

    def take(self, records: Iterable[Record], now: datetime) -> Taken:
        """Fold `records`, which arrived at `now`."""
        taken = Taken([], [])
        chunk = _Chunk(now, now.timestamp(), taken, set())
        for record in records:
            events = read_events(record.value or b"", now)
            for position, event in enumerate(events):
                refused = event if isinstance(event, Unreadable) else self._fold(chunk, record, event)
                if refused is None:
                    continue
                whole = record.value if len(events) == 1 else None
                taken.refused.append((record.key, encode(self._failure(record, refused, position, whole, now))))
            self._offset = record.offset
        self._changed |= chunk.changed
        return taken

    def untold(self, most: int | None, now: datetime) -> list[tuple[bytes, bytes]]:
        """Key and encoded belief of up to `most` players (None: all) of whom no chunk told, who waits longest first."""
        return [self._told(key, now) for key in [*islice(self._untold, most)]]

    def snapshots(self) -> list[tuple[bytes, bytes]]:
        """Key and bytes of every player that changed since this was last asked."""
        changed, self._changed = self._changed, set()
        return [(key, write(self._players[key], self._offset)) for key in changed]

    def unwritten(self, keys: Iterable[bytes]) -> None:
        """Those snapshots did not get out: they are owed again."""
        self._changed.update(keys)

    def _fold(self, chunk: _Chunk, record: Record, event: Event) -> Unreadable | None:
        key = event.subject.encode()
        if key != record.key:
            return _unreadable(Reason.WRONG_KEY, f"about {event.subject!r}, with the key {record.key!r}", event)
        before = self._players.get(key) or self._recalled(key)
        try:
            after = advance(before, event)
        except OutOfWindowError as fault:
            if record.offset > max(self._recalled_at.get(key, -1), self._offset):
                return _unreadable(Reason.OUT_OF_WINDOW, str(fault), event)
            after = before
        except Exception as fault:  # noqa: BLE001 - one event that breaks the fold must not stop the river
            return _unreadable(Reason.FOLD_FAILED, repr(fault), event)
        if after is before:
            chunk.taken.repeated += 1
            return None
        self._players[key] = after
        chunk.taken.folded += 1
        if key not in chunk.changed or type(event.data) in TURNS:
            self.fleet.note(event, after.belief.life.visits.first_s, chunk.now_s)
        chunk.changed.add(key)
        self._untold[key] = event
        if after.belief.told is not before.belief.told or _pace(after) != _pace(before):
            chunk.taken.beliefs.append(self._told(key, chunk.now))
        return None

    def _recalled(self, key: bytes) -> Player:
        raw = self._recall(key)
        if raw is None:
            player = Player()
        else:
            kept = read_kept(raw)
            player, self._recalled_at[key] = kept.player, kept.offset
        self._players[key] = player
        return player

    def _told(self, key: bytes, now: datetime) -> tuple[bytes, bytes]:
        """Key and encoded belief. Its id is its cause's: told again after a crash, it can be seen to be the same."""
        cause = self._untold.pop(key)
        belief = SignalUpdated(
            id=cause.id,
            source=SOURCE,
            subject=cause.subject,
            time=now,
            playerkind=cause.playerkind,
            sessionid=cause.sessionid,
            sequence=cause.sequence,
            causetime=cause.time,
            because=KIND[type(cause)],
            data=signals(self._players[key]),
        )
        return key, encode(belief)

    def _failure(
        self, record: Record, why: Unreadable, position: int, whole: bytes | None, now: datetime
    ) -> EventFailed:
        """Its id says where it was found, so that the same refusal after a crash is seen to be the same."""
        return EventFailed(
            id=f"{PLAYER_EVENTS.name}-{self.number}-{record.offset}-{position}",
            source=SOURCE,
            subject=(record.key or b"").decode(errors="replace")[:NAME] or "unknown",
            time=now,
            data=Failure(
                reason=why.reason,
                detail=why.detail[:DETAIL],
                original=why.original if whole is None else whole,
                topic=PLAYER_EVENTS.name,
                partition=self.number,
                offset=record.offset,
                position=position,
            ),
        )


def _pace(player: Player) -> PaceState:
    return pace.state(player.belief.pace, player.belief.clock.active_s)[0]


def _unreadable(reason: Reason, detail: str, event: Event) -> Unreadable:
    return Unreadable(reason, detail, encode(event))
