"""What a load run is asked, of whom, and what it leaves: the values between the command and the run.

It refuses to know how a run is made. Strange: a target's state and group are named by whoever hands it in, for this
room knows nobody who judges players.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from bots.__main__ import Reader
from bots.churn import Family
from bots.report import Latency
from bots.schedule import Schedule
from load.kill import Kill, Stack
from load.search import Bounds
from load.thresholds import Threshold
from load.timeline import Fault, Judged, Loaded, Moment, ProfileName

News = Moment | Fault | str | tuple[Judged, ...]
"""A second that is over, a part that ended or is back, a sentence, the thresholds so far (but those of the audit)."""
Watch = Callable[[News], None]


class Target(Struct, frozen=True, kw_only=True):
    """Whose stack it is."""

    server: str
    """The API's address, and what the report calls all of it."""
    kafka: str
    river: str | None
    reader: Reader
    """Where and how the workers' state is counted."""
    group: str
    """The consumer group of the workers: what it has not committed is the lag."""
    stack: Stack | None = None
    """This machine's own, where it is the target: its processes can be weighed and ended."""


class Plan(Struct, frozen=True, kw_only=True):
    """What is asked of a target."""

    profile: ProfileName
    schedule: Schedule
    """Of a search: of its first try."""
    thresholds: tuple[Threshold, ...]
    kills: tuple[Kill, ...] = ()
    bounds: Bounds | None = None
    """Of a search."""
    processes: int = 1
    seed: int = 1
    persona: str | None = None
    family: type[Family] | None = None
    target: Target


class Ran(Struct, frozen=True):
    """A run that is over."""

    loaded: Loaded
    latencies: Mapping[str, Sequence[tuple[float, Latency]]]
    """By stage: the end of every second and its histogram."""
    drained: bool = True
    """Whether everything that the crowd left was folded before anybody stopped waiting."""
    broken: tuple[str, ...] = ()
    """A sentence for each process of the crowd that did not come home: then nothing was counted."""
    away: str = ""
    """A sentence where Kafka went away before everything was counted."""

    @property
    def counted(self) -> bool:
        """Whether it is known what became of every event."""
        return not (self.broken or self.away)
