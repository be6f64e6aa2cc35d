"""What is done to the system in a run, and when: drawn from a seed, so that a run can be had again.

A plan says nothing about how it is done. Its time is the run's: the crowd plays from 0 to `seconds`, the steps come in
between, and at the end everything is mended before anybody counts. The same name and seed give the same plan, and the
same crowd to live through it; what is not repeatable is what the machine makes of it.
"""

from typing import Literal

from msgspec import Struct

Act = Literal[
    "kill",  # kill -9; the supervisor starts it again
    "lose",  # kill -9, and nobody starts it again
    "bring back",  # start what was lost
    "stop",  # ask it to leave; the supervisor starts it again
    "freeze",
    "thaw",
    "reset",  # the link's connections are reset, and new ones too
    "silence",  # nothing arrives on the link, and nobody is told
    "slow",  # the link is late by `value` seconds and carries 1 MB/s
    "mend",  # the link is as it should be
    "fill",  # the part can write no file any further
    "make room",
]
Link = Literal["game", "worker", "worker-2", "api", "redis", "river", "database"]
Database = Literal["sqlite", "postgresql"]


class Step(Struct, frozen=True):
    """One thing that is done at one moment."""

    at_s: float
    act: Act
    on: str
    """A part of the stack, or a link."""
    value: float = 0.0

    @property
    def words(self) -> str:
        """What the history calls it."""
        return f"{self.act} {self.on}"


class Mangling(Struct, frozen=True):
    """What is done to the crowd's own messages before they leave."""

    copies: int = 1
    """Every message is sent 1 to so many times ..."""
    shuffled_in: int = 1
    """... in disorder within so many."""
    poison: float = 0.0
    """So many malformed ones for each good one."""
    skew_s: float = 0.0
    """The clocks of a third of the players are wrong by so much, of another third by as much the other way."""
    set_back_s: float = 0.0
    """In the middle of the run the clocks of every other player are set back by so much."""


class Plan(Struct, frozen=True, kw_only=True):
    """A run before it happens."""

    fault: str
    seed: int
    steps: tuple[Step, ...] = ()
    seconds: float = 4.0
    players: int = 24
    pace: float = 10.0
    """Seconds of play in a second."""
    workers: int = 1
    mangling: Mangling = Mangling()
    sleepers: int = 0
    """WebSockets that follow everybody, ask again and again, and never read."""
    spooled: bool = False
    """What cannot leave waits on disk, as a game's does; without, in memory alone."""
    bulk: int = 0
    """Until so many events wait to leave, others tell more of them, all at once, shortly before the end."""
    game: bool = False
    """A real game of 60 frames a second plays along, in a process of its own."""
    database: Database = "sqlite"
