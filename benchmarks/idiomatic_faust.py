"""The named peer of benchmarks/consume.py: the same work as a Faust app is written by the book.

A `faust.Record` per event, a table write per event, one signal sent per event that changed something; the same `step`,
and even our state's bytes in the table, which cost less than a Record would. Stock transport, stock settings but for
the web server and the directory, which it does not need.
"""

from pathlib import Path
from typing import Any

import faust
import msgspec

from contract.codec import encode
from contract.events import AnyEvent, Event
from contract.signals import Signals, SignalUpdated
from contract.topics import ENGAGEMENT_SIGNALS, PLAYER_EVENTS
from processors.partition import KIND
from processors.player import Player, step
from processors.refusal import SOURCE
from processors.state import read, write


class PlayerEvent(faust.Record, serializer="json"):
    """An event as Faust reads it."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    sessionid: str
    sequence: int
    playerkind: str
    dataschema: str
    data: dict[str, Any]


class Idiomatic:
    """The app, and how many events it has folded."""

    def __init__(self, kafka: str, name: str, directory: Path) -> None:
        self.folded = 0
        self.app = faust.App(
            name, broker=f"kafka://{kafka}", store="memory://", topic_partitions=8, web_enabled=False, datadir=directory
        )
        self.events = self.app.topic(PLAYER_EVENTS.name, key_type=str, value_type=PlayerEvent)
        self.signals = self.app.topic(ENGAGEMENT_SIGNALS.name, key_type=str, value_type=bytes)
        self.players = self.app.Table("players", key_type=str, value_type=bytes, partitions=PLAYER_EVENTS.partitions)
        self.app.agent(self.events)(self.fold)

    async def fold(self, stream: Any) -> None:  # noqa: ANN401 - Faust's own signature
        """One event at a time."""
        async for record in stream:
            event = msgspec.convert(record.asdict(), AnyEvent)
            raw = self.players.get(event.subject)
            player, believed = step(read(raw) if raw else Player(), event)
            self.folded += 1
            if believed is None:
                continue
            self.players[event.subject] = write(player, 0)
            await self.signals.send(key=event.subject, value=encode(told(event, believed)))


def told(event: Event, believed: Signals) -> SignalUpdated:
    """What a peer that takes one event at a time says after each."""
    return SignalUpdated(
        id=event.id,
        source=SOURCE,
        subject=event.subject,
        time=event.time,
        playerkind=event.playerkind,
        sessionid=event.sessionid,
        sequence=event.sequence,
        causetime=event.time,
        because=KIND[type(event)],
        data=believed,
    )
