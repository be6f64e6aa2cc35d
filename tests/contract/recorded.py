"""Messages recorded off the wire, one file for every type, and the clock of that day.

A recording is never edited and never deleted: it stands for what lies in somebody's topic. A file named `kind~note` is
a second recording of that kind, here of the shortest form, without any field that may be absent.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from contract import codec
from contract.codec import Unreadable
from contract.envelope import Envelope
from contract.events import FACTS

NOW: Final = datetime(2026, 11, 23, 0, 4, tzinfo=UTC)
"""A minute after the first recorded event."""

WIRE: Final = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "wire").glob("*.json"))}
EVENTS: Final = {name: raw for name, raw in WIRE.items() if name.partition("~")[0] in FACTS}
ROCK: Final = WIRE["rock.hit"]

_READERS: Final = {
    "signal.updated": codec.read_signal,
    "adaptation.decided": codec.read_adaptation,
    "event.failed": codec.read_failure,
    "failure.settled": codec.read_kept,
    "fleet.told": codec.read_fleet,
}


def read(name: str, raw: bytes) -> Envelope | Unreadable:
    """`raw` by the reader of the type that `name` begins with."""
    kind = name.partition("~")[0]
    return codec.read_event(raw, NOW) if kind in FACTS else _READERS[kind](raw)
