"""What a crowd's processes say to each other over their pipes: a JSON object a line.

To a child: its orders, then, when everybody is ready, when the run begins; after that nothing, and the end of the pipe
means: come home. From a child: that it is ready, its pulse every second, and what it brings home; or that its way of
leaving cannot be used, which is somebody else's mistake and has a sentence.

It refuses to know who plays. Strange: a family is a class, and a class does not travel; its name does, and the child
loads it again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from bots.pulse import Pulse
from bots.schedule import Schedule
from producers.account import Runs


class Orders(Struct, frozen=True, kw_only=True):
    """The crowd to send out, all processes together, and which share of it is meant."""

    players: int
    seconds: float
    schedule: Schedule
    share: tuple[int, int]
    persona: str | None
    family: str | None
    """Its name, as `load_family` reads it."""
    seed: int
    kafka: str
    river: str | None


class Begin(Struct, frozen=True):
    """When the run begins, by the clock that all processes of a machine share, and by the wall's."""

    at_s: float
    wall: datetime


class Ready(Struct, frozen=True, tag=True):
    """The child has its orders and could begin."""


class Refused(Struct, frozen=True, tag=True):
    """The child's churn family cannot be used; why."""

    sentence: str


class Home(Struct, frozen=True, tag=True):
    """The child's crowd is home, and every event delivered that could be."""

    players: Mapping[str, str]
    """Every player and its persona."""
    seconds: float
    acknowledged: Mapping[str, Runs]
    """Per session, runs of the sequences that the broker acknowledged: never every number of millions."""


Word = Ready | Refused | Pulse | Home
"""All that a child says."""

encode: Final = msgspec.json.Encoder().encode
read_orders: Final = msgspec.json.Decoder(Orders).decode
read_begin: Final = msgspec.json.Decoder(Begin).decode
read_word: Final = msgspec.json.Decoder(Word).decode
