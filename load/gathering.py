"""A run's seconds put together as they come: pulses of the crowd and looks at the stack become moments and figures.

It refuses to ask anybody: what was heard and seen is handed in. Strange: a second's histogram is kept as the text it
came as. Unpacked, each has room for an hour in microseconds (180 kB), and a soak of an hour has ten thousand of them.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, overload

import msgspec
from msgspec import Struct

from bots.pulse import Pulse
from bots.report import Latencies, Latency
from load.timeline import Moment, lag_at_end

STAGES: Final = ("accept", "signal", "adaptation")
COUNTS: Final = ("offered", "acked", "decided", "applied", "dropped", "ticks", "late")
"""What a pulse counts since the run began, and a moment for its second alone."""


class Seen(Struct, frozen=True):
    """One look at the stack; failures, beliefs and cores are since the look before."""

    lag: int | None
    """Not committed yet; None where nobody answered."""
    failed: int
    signal: Latency
    cores: dict[str, float]
    memory_mb: dict[str, float]


class Seconds(Sequence[tuple[float, Latency]]):
    """The latencies of one stage: the end of each second, and its histogram, unpacked when it is asked for."""

    def __init__(self) -> None:
        self._packed: list[tuple[float, str]] = []

    def add(self, at_s: float, packed: str) -> None:
        """Appends a second."""
        self._packed.append((at_s, packed))

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, place: int) -> tuple[float, Latency]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[float, Latency]]: ...
    def __getitem__(self, place: int | slice) -> tuple[float, Latency] | list[tuple[float, Latency]]:
        if isinstance(place, slice):
            return [_unpacked(one) for one in self._packed[place]]
        return _unpacked(self._packed[place])

    def __iter__(self) -> Iterator[tuple[float, Latency]]:
        return map(_unpacked, self._packed)


class Gathering:
    """One run so far."""

    def __init__(self, counts_from_s: float) -> None:
        self.moments: list[Moment] = []
        self.seconds: dict[str, Seconds] = {stage: Seconds() for stage in STAGES}
        self._counts_from_s = counts_from_s
        self._whole = {stage: Latency() for stage in STAGES}
        self._counted = {stage: Latency() for stage in STAGES}
        self._before = Pulse(at_s=0.0)
        self.home_at_s: float | None = None
        """When the crowd had gone home; lag after that is a backlog being drained."""

    def take(self, pulse: Pulse, seen: Seen, wanted: int) -> Moment:
        """One more second: what the crowd counted until now, what was seen, and how many were to play."""
        packed = {"accept": pulse.accept, "signal": seen.signal.encode(), "adaptation": pulse.adaptation}
        latencies = {stage: Latency.decode(text) for stage, text in packed.items()}
        for stage, latency in latencies.items():
            self.seconds[stage].add(pulse.at_s, packed[stage])
            self._whole[stage].merge(latency)
            if pulse.at_s > self._counts_from_s:
                self._counted[stage].merge(latency)
        counts = {name: max(getattr(pulse, name) - getattr(self._before, name), 0) for name in COUNTS}
        moment = Moment(
            at_s=round(pulse.at_s, 3),
            players=wanted,
            failed=seen.failed,
            lag=seen.lag,
            cores=seen.cores,
            memory_mb=seen.memory_mb,
            accept=latencies["accept"].spread(),
            signal=latencies["signal"].spread(),
            adaptation=latencies["adaptation"].spread(),
            **counts,
        )
        self._before = pulse
        self.moments.append(moment)
        return moment

    def go_home(self, given_up: int) -> None:
        """Nobody plays any more, and so many events were given up: they count with the time they had waited.

        The newest ones, for events leave in order. Each stage gets its share: not every event changes a river.
        """
        home_at_s = self.home_at_s = self.moments[-1].at_s if self.moments else 0.0
        accepted = max(_count(self._whole["accept"]), 1)
        shares = {stage: _count(self._whole[stage]) / accepted for stage in STAGES} | {"accept": 1.0}
        for moment in reversed(self.moments):
            times = min(moment.offered, given_up)
            given_up -= times
            for stage, share in shares.items():
                self._wait(stage, moment, home_at_s, math.ceil(times * share))

    def _wait(self, stage: str, moment: Moment, until_s: float, times: int) -> None:
        if times:
            self._whole[stage].record((until_s - moment.at_s) * 1000, times)
        if times and moment.at_s > self._counts_from_s:
            self._counted[stage].record((until_s - moment.at_s) * 1000, times)

    def quiet(self, at_s: float, seen: Seen) -> Moment:
        """A second after the crowd went home: the counts stand still."""
        return self.take(msgspec.structs.replace(self._before, at_s=at_s, **_EMPTY), seen, 0)

    @property
    def latencies(self) -> Mapping[str, Latency]:
        """By stage, of the seconds that count; of all of them when the run ended before any did."""
        return self._counted if _count(self._counted["accept"]) else self._whole

    @property
    def spreads(self) -> Latencies:
        """The same in figures."""
        found = self.latencies
        return Latencies(found["accept"].spread(), found["signal"].spread(), found["adaptation"].spread())

    @property
    def counted(self) -> Sequence[Moment]:
        """The seconds whose latencies those are."""
        from_s = self._counts_from_s if self.latencies is self._counted else 0.0
        return [m for m in self.moments if m.at_s > from_s]

    @property
    def events_per_s(self) -> float:
        """Acknowledged a second, while somebody played and the seconds counted."""
        counted = [m for m in self.counted if self.home_at_s is None or m.at_s <= self.home_at_s]
        if not counted:
            return 0.0
        before_s = max((m.at_s for m in self.moments if m.at_s < counted[0].at_s), default=0.0)
        passed_s = counted[-1].at_s - before_s
        return round(sum(m.acked for m in counted) / passed_s, 1) if passed_s > 0 else 0.0

    @property
    def numbers(self) -> Mapping[str, float | None]:
        """What else a threshold may ask for, so far; what became of every event is counted when everybody is home."""
        now = self._before
        return {
            "lag:max": max((m.lag for m in self.moments if m.lag is not None), default=None),
            "lag:end": lag_at_end(self.moments),
            "events_per_s": self.events_per_s,
            "dropped": now.dropped,
            "late_share": now.late / max(now.ticks, 1),
            "offered": now.offered,
            "acked": now.acked,
            "decided": now.decided,
            "applied": now.applied,
        }


_EMPTY: Final = {"players": 0, "accept": Latency().encode(), "adaptation": Latency().encode()}


def _count(latency: Latency) -> int:
    return int(latency.histogram.get_total_count())


def _unpacked(second: tuple[float, str]) -> tuple[float, Latency]:
    return second[0], Latency.decode(second[1])
