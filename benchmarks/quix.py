"""A named peer of benchmarks/consume.py: the same work in Quix Streams, in three ways that all survive a crash.

Quix takes one event at a time. Its state is a transaction in memory, in front of RocksDB; at a checkpoint, here each
second as ours, what changed goes to the changelog topic, once a key, the offsets are committed and RocksDB is written.

- `state`, by the book: state is read and written with every event, as our bytes, which are cheaper than its JSON.
- `kept`: players stay alive in memory and are put into the transaction when a checkpoint asks its sinks to flush, so
  that each is encoded once a second. It lacks what a rebalance would ask for.
- `late`: as `kept`, and beliefs leave at the checkpoint too, the newest of each player, even where the river should
  answer. It saves much, for it tells fewer than ours does, and a belief is up to a second old when it leaves: no river
  can follow that. Quix telling by our rule would lie between this and `kept`. It is here so that nobody need wonder.

Set up for speed as far as its options go: bytes in and out, no reports about the broker, acks and order as ours
(acks=all, idempotent), exactly-once off.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from quixstreams import Application, State
from quixstreams.sinks.base import BaseSink

from benchmarks.answer import Figures, Spent
from benchmarks.idiomatic_faust import told
from contract.codec import encode, read_event
from contract.events import Event
from contract.signals import Signals
from contract.topics import ENGAGEMENT_SIGNALS, PLAYER_EVENTS
from processors.player import Player, advance, signals, step
from processors.state import read, write

CHECKPOINT_S: Final = 1.0
PLAYER: Final = "player"
Kept: TypeAlias = State[str, Any]
"""What Quix keeps under one message key."""
Way = Literal["state", "kept", "late"]


class Quix:
    """The app, in one of the three ways."""

    def __init__(self, kafka: str, name: str, directory: Path, way: Way) -> None:
        self._wanted = self._done = self._told = 0
        self.app = Application(
            broker_address=kafka,
            consumer_group=name,
            auto_offset_reset="earliest",
            commit_interval=CHECKPOINT_S,
            state_dir=directory,
            loglevel="ERROR",
            broker_availability_timeout=0.0,
            producer_extra_config={"statistics.interval.ms": 0},
            consumer_extra_config={"statistics.interval.ms": 0},
            on_message_processed=self._count,
        )
        events = self.app.topic(PLAYER_EVENTS.name, value_deserializer="bytes")
        beliefs = self.app.topic(ENGAGEMENT_SIGNALS.name, value_serializer="bytes")
        players = Players(self._tell if way == "late" else None)
        if way != "state":
            # Its public way into `sdf.sink` would hand over every event, at a price: this one only asks to be flushed.
            self.app._sink_manager.register(players)  # noqa: SLF001 - see above
        fold = {"state": by_the_book, "kept": players.fold, "late": players.fold_quietly}[way]
        told = self.app.dataframe(events).apply(fold, stateful=True)
        if way != "late":
            told.filter(lambda belief: belief is not None).to_topic(beliefs)

    def run(self, wanted: int) -> Figures:
        """What an event costs, from the first one done until `wanted` more are, and their checkpoint."""
        self._wanted = wanted
        self.app.run()
        return self._figures

    def _tell(self, key: str, value: bytes) -> None:
        self._told += 1
        self.app._producer.produce(ENGAGEMENT_SIGNALS.name, value, key)  # noqa: SLF001 - so that the checkpoint waits

    def _count(self, *_: object) -> None:
        self._done += 1
        if self._done == 1:
            self._spent = Spent()
        elif self._done == self._wanted:
            self.app._processing_context.commit_checkpoint(force=True)  # noqa: SLF001 - what `stop` would do, and more
            self._figures = self._spent.over(self._done - 1) | {
                "beliefs_per_event": (self._told or self._done) / self._done
            }
            self.app.stop()


def by_the_book(value: bytes, state: Kept) -> bytes | None:
    """One event: state in, state out, and what is believed."""
    raw, event = state.get_bytes(PLAYER), decoded(value)
    player, believed = step(read(raw) if raw else Player(), event)
    if believed is None:
        return None
    state.set_bytes(PLAYER, write(player, 0))
    return belief(event, believed)


class Players(BaseSink):
    """Players in memory; by whom and with which event those changed that are owed since the last checkpoint."""

    def __init__(self, tell: Callable[[str, bytes], None] | None) -> None:
        super().__init__()
        self._tell = tell
        self._alive: dict[str, Player] = {}
        self._owed: dict[str, tuple[Kept, Event]] = {}

    def fold(self, value: bytes, state: Kept) -> bytes | None:
        """One event, and what is believed."""
        event = decoded(value)
        player, believed = step(self._known(event.subject, state), event)
        if believed is None:
            return None
        self._alive[event.subject], self._owed[event.subject] = player, (state, event)
        return belief(event, believed)

    def fold_quietly(self, value: bytes, state: Kept) -> None:
        """One event."""
        event = decoded(value)
        self._alive[event.subject] = advance(self._known(event.subject, state), event)
        self._owed[event.subject] = (state, event)

    def _known(self, subject: str, state: Kept) -> Player:
        if (known := self._alive.get(subject)) is not None:
            return known
        return read(raw) if (raw := state.get_bytes(PLAYER)) else Player()

    def flush(self) -> None:
        """What a checkpoint asks before it writes the changelog."""
        for subject, (state, event) in self._owed.items():
            player = self._alive[subject]
            state.set_bytes(PLAYER, write(player, 0))
            if self._tell:
                self._tell(subject, belief(event, signals(player)))
        self._owed.clear()

    def add(self, *_: object, **__: object) -> None:
        """Nothing comes this way."""


def decoded(value: bytes) -> Event:
    """The event of one message, read as ours is."""
    event = read_event(value, datetime.now(UTC))
    assert isinstance(event, Event)  # noqa: S101 - a benchmark writes its own events
    return event


def belief(event: Event, believed: Signals) -> bytes:
    """What is sent of it."""
    return encode(told(event, believed))
