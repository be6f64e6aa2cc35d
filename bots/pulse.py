"""How a crowd is doing, second by second: counts since the run began, and the latencies of the last second alone.

Counts only ever rise, so a pulse that is lost costs a picture and no event. Latencies are histograms, because
percentiles cannot be added up and histograms can: those of several processes in one second, or of one process over
many. It refuses to know how a pulse travels.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bots.report import Latency, Tally

COUNTS: Final = (
    "players", "offered", "sent", "acked", "decided", "applied", "rejected", "expired", "dropped", "ticks", "late",
    "sittings", "left",
)  # fmt: skip
NOTHING: Final = Latency().encode()


class Pulse(Struct, frozen=True, kw_only=True, tag=True):
    """A crowd at one moment. All but `players` and the histograms is counted from the beginning of the run."""

    at_s: float
    """Seconds since the run began."""
    players: int = 0
    """Who sit at their game at this moment; not whoever takes a break."""
    offered: int = 0
    sent: int = 0
    acked: int = 0
    decided: int = 0
    applied: int = 0
    rejected: int = 0
    expired: int = 0
    dropped: int = 0
    """Given up by the producer."""
    ticks: int = 0
    late: int = 0
    """Of the ticks, those that began more than 10 ms after their time."""
    sittings: int = 0
    left: int = 0
    accept: str = NOTHING
    """From event to acknowledgement, what was measured since the pulse before: `Latency.decode` reads it."""
    adaptation: str = NOTHING
    """From event to changed river, likewise."""


def merge(pulses: Iterable[Pulse]) -> Pulse:
    """Several processes as one crowd, at the latest of their moments."""
    many = tuple(pulses)
    return Pulse(
        at_s=max((pulse.at_s for pulse in many), default=0.0),
        accept=_added(pulse.accept for pulse in many),
        adaptation=_added(pulse.adaptation for pulse in many),
        **{name: sum(getattr(pulse, name) for pulse in many) for name in COUNTS},
    )


def feel(tally: Tally, at_s: float, players: int, dropped: int, accept: Latency) -> Pulse:
    """The pulse of a crowd whose tally stands like this; `accept` is of the time since the pulse before."""
    counts = {name: getattr(tally, name) for name in COUNTS if name not in {"players", "dropped"}}
    return Pulse(
        at_s=at_s,
        players=players,
        dropped=dropped,
        accept=accept.encode(),
        adaptation=tally.lately.encode(),
        **counts,
    )


def settle(tally: Tally, pulse: Pulse) -> None:
    """Sets a tally to what the newest pulse of a run says; it has to be told every one of them."""
    for name in COUNTS:
        if name in vars(tally):
            setattr(tally, name, getattr(pulse, name))
    tally.accept.merge(Latency.decode(pulse.accept))
    tally.adaptation.merge(Latency.decode(pulse.adaptation))


class Chorus:
    """Several processes heard as one crowd: the newest counts of each, and every latency once."""

    def __init__(self) -> None:
        self._newest: dict[int, Pulse] = {}
        self._untold: list[Pulse] = []

    def hear(self, place: int, pulse: Pulse) -> None:
        """The process at this place told its pulse."""
        self._newest[place] = replace(pulse, accept=NOTHING, adaptation=NOTHING)
        self._untold.append(pulse)

    def silence(self, place: int) -> None:
        """It will tell no more: what it counted stays, but nobody sits there now."""
        if place in self._newest:
            self._newest[place] = replace(self._newest[place], players=0)

    def together(self) -> Pulse:
        """All of them, with the latencies that came since this was last asked."""
        latencies, self._untold = merge(self._untold), []
        return replace(merge(self._newest.values()), accept=latencies.accept, adaptation=latencies.adaptation)


def _added(histograms: Iterable[str]) -> str:
    """One histogram of several; a lone one is passed on as it is."""
    some = [text for text in histograms if text != NOTHING]
    return reduce(_plus, some) if some else NOTHING


def _plus(one: str, other: str) -> str:
    both = Latency.decode(one)
    both.merge(Latency.decode(other))
    return both.encode()
