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

A key without a value says *forget this player*: nothing of them is left here, the next snapshot of them is such a
tombstone too, and the belief that is told has no value either. What comes after it under the same name is somebody
new. The log is then rewritten without them (docs/privacy.md): a record that lies there a second time says where it lay
before, and is passed over by whoever has had that place, be it since `since` or in a state that is recalled.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, Protocol

from msgspec import Struct

from contract.codec import Unreadable, encode, pieces, read_events
from contract.envelope import TYPE_PREFIX
from contract.events import EVENT_OF, Event
from contract.failures import Reason
from contract.signals import PaceState, SignalUpdated
from contract.topics import MARK, REWRITTEN
from processors.fleet import TURNS, Fleet
from processors.player import Player, advance, signals
from processors.refusal import SOURCE, Place, is_a_name, refusal
from processors.signals import pace
from processors.state import read_kept, write
from processors.window import OutOfWindowError

DIGITS: Final = 19
"""No offset has more, and Python reads no number of thousands."""
KIND: Final = {of: str(of.__struct_config__.tag).removeprefix(TYPE_PREFIX) for of in EVENT_OF.values()}


class Record(Protocol):
    """What is needed of a Kafka record."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


class Taken(Struct):
    """What came of one chunk."""

    beliefs: list[tuple[bytes, bytes | None]]
    """Key and encoded `signal.updated`, one for every event that the river may want to answer, in order per player;
    None where the player is to be forgotten."""
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
    """The players whose events come in partition `number`; `recall` finds what was once written of one.

    `drop` makes it find nothing any more. Everything before the offset `since` is in what can be recalled.
    """

    def __init__(
        self,
        number: int,
        recall: Callable[[bytes], bytes | None],
        drop: Callable[[bytes], None] = lambda _: None,
        since: int = 0,
    ) -> None:
        self.number = number
        self._drop = drop
        self._since = since
        self._first: int | None = None
        """The first offset that was taken here."""
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
            if self._first is None:
                self._first = record.offset
            if record.headers and self._had(record):
                self._offset = record.offset
                continue
            if record.value is None and record.key and is_a_name(record.key):
                self._forget(chunk, record.key)
                self._offset = record.offset
                continue
            events = read_events(record.value or b"", now)
            for position, event in enumerate(events):
                refused = event if isinstance(event, Unreadable) else self._fold(chunk, record, event)
                if refused is None:
                    continue
                raw, place = record.value or b"", Place(self.number, record.offset, position)
                original = raw if len(events) == 1 else refused.original or pieces(raw)[position]
                taken.refused.append(refusal(place, record.key, refused, original, now))
            self._offset = record.offset
        self._changed |= chunk.changed
        return taken

    def untold(self, most: int | None, now: datetime) -> list[tuple[bytes, bytes]]:
        """Key and encoded belief of up to `most` players (None: all) of whom no chunk told, who waits longest first."""
        return [self._told(key, now) for key in [*islice(self._untold, most)]]

    def snapshots(self) -> list[tuple[bytes, bytes | None]]:
        """Key and bytes of every player that changed since this was last asked; None for one that was forgotten."""
        changed, self._changed = self._changed, set()
        players = self._players
        return [(key, write(players[key], self._offset) if key in players else None) for key in changed]

    def unwritten(self, keys: Iterable[bytes]) -> None:
        """Those snapshots did not get out: they are owed again."""
        self._changed.update(keys)

    def _had(self, record: Record) -> bool:
        """Whether this lay in the log before, where it was folded; the mark between old and new is nobody's event.

        Whoever may write to the log may write headers, so what says nothing that a rewriting says is read as new.
        """
        if record.key == MARK and record.value is None:
            return True
        before = next((value for name, value in record.headers if name == REWRITTEN), None)
        if before is None or not before.isdigit():
            return False
        return int(before[:DIGITS]) < self._since or (self._first or 0) <= int(before[:DIGITS]) <= self._offset

    def _forget(self, chunk: _Chunk, key: bytes) -> None:
        """As if there had never been such a player."""
        for known in (self._players, self._recalled_at, self._untold):
            known.pop(key, None)
        self._drop(key)
        chunk.changed.discard(key)
        self._changed.add(key)
        chunk.taken.beliefs[:] = [told for told in chunk.taken.beliefs if told[0] != key]
        chunk.taken.beliefs.append((key, None))

    def _fold(self, chunk: _Chunk, record: Record, event: Event) -> Unreadable | None:
        key = event.subject.encode()
        if key != record.key:
            return Unreadable(Reason.WRONG_KEY, f"about {event.subject!r}, with the key {record.key!r}", b"")
        before = self._players.get(key) or self._recalled(key)
        try:
            after = advance(before, event)
        except OutOfWindowError as fault:
            if record.offset > max(self._recalled_at.get(key, -1), self._offset):
                return Unreadable(Reason.OUT_OF_WINDOW, str(fault), b"")
            after = before
        except Exception as fault:  # noqa: BLE001 - one event that breaks the fold must not stop the river
            return Unreadable(Reason.FOLD_FAILED, repr(fault), b"")
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


def _pace(player: Player) -> PaceState:
    return pace.state(player.belief.pace, player.belief.clock.active_s)[0]
