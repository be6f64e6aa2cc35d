"""What a load run was, second by second: the values that the screen, the report and the thresholds share.

It refuses to know who measured them. Strange: `lag` counts what is not yet *committed*, and a worker commits once a
second, so a healthy lag is about one second of events and never zero.
"""

from collections.abc import Sequence
from typing import Final, Literal, get_args

from msgspec import Struct

from bots.report import Spread, Summary
from bots.schedule import Schedule

Part = Literal["worker", "api", "broker", "redis"]
"""What can be ended in a run."""
PARTS: tuple[Part, ...] = get_args(Part)
OTHERS: Final = "others"
"""Whoever else uses this machine: no part of the run, and often the reason for its figures."""
GENERATOR: Final = "the generator"
"""How a reason begins that says nothing of the stack: the crowd itself came too late."""
ProfileName = Literal["constant", "ramp", "step", "spike", "soak", "find-max"]


class Moment(Struct, frozen=True, kw_only=True):
    """One second of a run. Counts are of this second."""

    at_s: float
    """Its end, in seconds since the run began."""
    players: int
    """How many the schedule wants."""
    offered: int
    acked: int
    decided: int
    applied: int
    failed: int
    """Refused, and kept on failed-events; of anybody's events."""
    dropped: int
    """Given up by the producer."""
    ticks: int
    late: int
    """Of the ticks, those that began more than 10 ms after their time."""
    lag: int | None
    """Events on the topic that no worker has committed; None when the broker did not say."""
    accept: Spread
    signal: Spread
    adaptation: Spread
    cores: dict[str, float]
    """Cores in use, by part: bots, and where the stack is on this machine kafka, redis, worker, api, and `others`."""
    memory_mb: dict[str, float]


class Fault(Struct, frozen=True):
    """A part that was ended on purpose."""

    part: Part
    at_s: float
    back_s: float | None
    """How many seconds later it was well again; None: not while the run lasted."""


class Judged(Struct, frozen=True):
    """One threshold and what came of it."""

    text: str
    """As it was written: `e2e_ms:p99<250`."""
    measured: float | None
    """None: nothing of the kind was measured, which fails."""
    holds: bool


class Try(Struct, frozen=True):
    """One step of a search for the highest load."""

    players: int
    events_per_s: float
    holds: bool
    why: str
    """What gave first, or that everything held."""


def lag_at_end(moments: Sequence[Moment]) -> int | None:
    """What was owed in the last second somebody played; afterwards only the backlog is drained."""
    return next((m.lag for m in reversed(moments) if m.ticks and m.lag is not None), None)


class Loaded(Summary, frozen=True, kw_only=True):
    """`summary.json` of a load run: a run's summary, and what only a load test asks."""

    profile: ProfileName
    schedule: Schedule
    thresholds: tuple[Judged, ...] = ()
    faults: tuple[Fault, ...] = ()
    moments: tuple[Moment, ...] = ()
    tries: tuple[Try, ...] = ()
    """Of a search; empty otherwise."""
    highest: Try | None = None
    """The highest load whose thresholds all held."""
    gave_first: str | None = None
    """Which stage broke a threshold first, in a few words; None where none was broken."""
    processes: int = 1
    seed: int = 1
    target: str = ""
