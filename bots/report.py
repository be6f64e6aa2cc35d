"""What a run measured: counts, and latencies as HDR histograms that can be added up.

It refuses to know where the figures come from. Strange: `lost` and `doubled` are None until somebody has counted them
(`ledger`); a run that nobody audited must not look like a run without losses.
"""

from typing import Final

import msgspec
from hdrh.histogram import HdrHistogram
from msgspec import Struct

from bots.reckoning import Verdict
from contract.events import AdaptationApplied, AdaptationExpired, AdaptationRejected, AnyFact

LONGEST_US: Final = 3_600_000_000
"""An hour; anything longer is recorded as an hour."""
DIGITS: Final = 3
LATE_SHARE: Final = 0.01
"""More late ticks than this share and the generator itself was saturated: its figures are void."""


class Spread(Struct, frozen=True):
    """A latency's distribution in milliseconds, and how many were measured; None where nothing was."""

    p50: float | None
    p90: float | None
    p99: float | None
    p999: float | None
    max: float | None
    n: int


class Latency:
    """One kind of latency: microseconds to an hour, three digits."""

    def __init__(self) -> None:
        self.histogram = HdrHistogram(1, LONGEST_US, DIGITS)

    def record(self, milliseconds: float, times: int = 1) -> None:
        """Counts a measurement; a negative one (a clock that stepped back) counts as zero."""
        self.histogram.record_value(min(max(round(milliseconds * 1000), 0), LONGEST_US), times)

    def merge(self, other: "Latency") -> None:
        """Adds every measurement of `other` to this one."""
        self.histogram.add(other.histogram)

    def encode(self) -> str:
        """The whole histogram as HdrHistogram's own text, which other tools read too."""
        return str(self.histogram.encode(), "ascii")

    @classmethod
    def decode(cls, text: str) -> "Latency":
        """The latency that was encoded."""
        latency = cls()
        latency.histogram = HdrHistogram.decode(text)
        return latency

    def spread(self) -> Spread:
        """The percentiles, none of them above the largest value seen."""
        n = int(self.histogram.get_total_count())
        if not n:
            return Spread(None, None, None, None, None, 0)
        largest = self.histogram.get_max_value()
        at = self.histogram.get_percentile_to_value_dict([50, 90, 99, 99.9])
        p50, p90, p99, p999 = (min(at[share], largest) / 1000 for share in (50, 90, 99, 99.9))
        return Spread(p50, p90, p99, p999, largest / 1000, n)


class Latencies(Struct, frozen=True):
    """The three that matter: event to acknowledgement, event to belief, event to a changed river."""

    accept: Spread
    signal: Spread
    adaptation: Spread


class Answers(Struct, frozen=True):
    """What became of the goals for the river."""

    decided: int = 0
    applied: int = 0
    rejected: int = 0
    expired: int = 0


class Machine(Struct, frozen=True):
    """Where it was measured."""

    cores: int | None
    memory_gb: float
    python: str
    system: str


class Summary(Struct, frozen=True, kw_only=True):
    """`summary.json`: what a run did and how fast it was answered."""

    offered: int
    """Events that happened in the games."""
    sent: int
    """Events handed to the broker's client."""
    acked: int
    """Events the broker acknowledged as durable."""
    lost: int | None
    """Acknowledged but missing from the topic, or never folded into what is believed."""
    doubled: int | None
    """Folded more often than once."""
    failed: int | None
    """Refused and kept on failed-events."""
    came: int | None = msgspec.field(default=None, name="in")
    """Different events that were acknowledged, or lie on the topic."""
    accepted: int | None = None
    """Different events that were folded into what is believed."""
    events_per_s: float
    latency_ms: Latencies
    ticks: int
    late_starts: int
    """Ticks that began more than 10 ms after their time."""
    adaptations: Answers
    players: int
    """In all: those who came after somebody left are others."""
    sittings: int
    left: int
    """Players who left for good while the run went on."""
    family: str
    """The churn family that said so; "persona" where everybody went by the patience of their kind."""
    seconds: float
    versions: dict[str, str]
    machine: Machine

    @property
    def unaccounted(self) -> int | None:
        """Of what came in, how many were neither accepted nor refused; below 0 for too many; None: nobody counted."""
        if self.came is None or self.accepted is None or self.failed is None:
            return None
        return self.came - self.accepted - self.failed

    @property
    def saturated(self) -> bool:
        """Whether the generator itself could not keep its time."""
        return self.late_starts > LATE_SHARE * max(self.ticks, 1)


class Tally:
    """Counts and latencies of one run as it goes; those of several processes are added up as pulses (`pulse`)."""

    def __init__(self) -> None:
        self.accept = Latency()
        self.signal = Latency()
        self.adaptation = Latency()
        self.lately = Latency()
        """The same, since the last pulse: whoever takes a pulse begins it anew."""
        self.offered = 0
        self.sent = 0
        self.acked = 0
        self.ticks = 0
        self.late = 0
        self.decided = 0
        self.applied = 0
        self.rejected = 0
        self.expired = 0
        self.sittings = 0
        self.left = 0

    def answered(self, fact: AnyFact) -> None:
        """Counts what a game made of a goal; any other fact says nothing of that."""
        match fact:
            case AdaptationApplied():
                self.applied += 1
                self.adaptation.record(fact.latency_ms)
                self.lately.record(fact.latency_ms)
            case AdaptationRejected():
                self.rejected += 1
            case AdaptationExpired():
                self.expired += 1
            case _:
                pass


def summarise(
    tally: Tally,
    players: int,
    seconds: float,
    *,
    versions: dict[str, str],
    machine: Machine,
    audited: Verdict | None = None,
    family: str = "persona",
) -> Summary:
    """The summary of a run; `audited` is there when somebody counted."""
    counted = {name: getattr(audited, name, None) for name in ("lost", "doubled", "failed", "came", "accepted")}
    return Summary(
        offered=tally.offered,
        sent=tally.sent,
        acked=tally.acked,
        **counted,
        events_per_s=round(tally.acked / seconds, 1) if seconds else 0.0,
        latency_ms=Latencies(tally.accept.spread(), tally.signal.spread(), tally.adaptation.spread()),
        ticks=tally.ticks,
        late_starts=tally.late,
        adaptations=Answers(tally.decided, tally.applied, tally.rejected, tally.expired),
        players=players,
        sittings=tally.sittings,
        left=tally.left,
        family=family,
        seconds=round(seconds, 3),
        versions=versions,
        machine=machine,
    )
