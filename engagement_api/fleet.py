"""Everybody together, out of what each partition has counted: a pure function from sketches to figures.

HyperLogLog sketches of all partitions, and of all days that are asked for, are united and then asked once how many
different things were put in. So nobody who was seen on two days, or by two workers, is counted twice, and the answer
is an estimate: `error` says how good. A few hundred are told exactly.

- *Now* is the present minute and the five before it; a day is a day in UTC; DAU is today so far, WAU and MAU are the 7
  and the 30 newest days, today included.
- Retention is classic D1 and D7: the players who began on one of 28 days and were seen exactly one, exactly seven days
  later. Today is over for nobody, so the newest day that counts is the one whose first (seventh) day after is past. A
  day on which nobody was seen to begin is left out, for whoever began before there were figures came from nowhere.
- The funnel is over all lives: how many ever started and ever cleared each rapid.
- Latency is from an event until a worker took it up, over the minutes of *now*; on two machines it includes the
  difference of their clocks.

What is strange: the clock is handed in, because yesterday's sketches give other figures today.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from datasketches import hll_sketch, hll_union
from hdrh.histogram import HdrHistogram
from msgspec import Struct

from contract.codec import Unreadable, read_fleet
from contract.fleet import DIGITS, LG_K, LONGEST_US, MINUTES_A_DAY, Counted

NOW_MINUTES: Final = 5
COHORTS: Final = 28
COUNT_ERROR: Final = round(-hll_sketch.get_rel_err(True, True, LG_K, 1), 4)  # noqa: FBT003 - upper bound, of a union
"""The standard error of a count, relative: 95 % of all counts lie within twice that."""
LATENCY_ERROR: Final = 10.0**-DIGITS
"""Of a latency, relative, at most."""


class WrongSketchError(ValueError):
    """Bytes that are no figures; the text says why."""


class Retention(Struct, frozen=True):
    """Of `n` players who began, how many were `back`; `share` is none while nobody can have been."""

    n: int
    back: int
    share: float | None


class Rung(Struct, frozen=True):
    """How many players ever started, and ever cleared, one rapid."""

    rapid: int
    started: int
    cleared: int


class Latency(Struct, frozen=True):
    """From an event until it was folded; milliseconds, over `n` events."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    n: int


class Bounds(Struct, frozen=True):
    """How far a figure may be off, relative: the standard error of counts, the most that a latency is off."""

    counts: float = COUNT_ERROR
    latency: float = LATENCY_ERROR


class Figures(Struct, frozen=True):
    """Everybody together, at one instant."""

    players_now: int
    sessions_now: int
    dau: int
    wau: int
    mau: int
    sessions_today: int
    began_today: int
    d1: Retention
    d7: Retention
    funnel: tuple[Rung, ...]
    latency: Latency
    error: Bounds
    partitions: int
    """How many have told anything yet."""


class Opened(Struct, frozen=True):
    """What one partition told, its sketches ready to be united."""

    tallies: dict[tuple[Counted, int], hll_sketch]
    lags: dict[int, HdrHistogram]


def opened(raw: bytes) -> Opened:
    """The sketches in a message. Raises `WrongSketchError`."""
    told = read_fleet(raw)
    if isinstance(told, Unreadable):
        raise WrongSketchError(told.detail)
    try:
        return Opened(
            {(each.counted, each.of): hll_sketch.deserialize(each.sketch) for each in told.data.tallies},
            {lag.minute: HdrHistogram.decode(lag.sketch, b64_wrap=False) for lag in told.data.lags},
        )
    except Exception as fault:  # the libraries raise what C++, zlib and ctypes raise
        text = f"the figures of partition {told.data.partition} hold bytes that are no sketch: {fault}"
        raise WrongSketchError(text) from fault


def figures(partitions: Sequence[Opened], now: datetime) -> Figures:
    """The newest of every partition, put together as they stand at `now`."""
    minute = int(now.timestamp() // 60)
    today = minute // MINUTES_A_DAY
    lately = range(minute - NOW_MINUTES, minute + NOW_MINUTES + 1)  # a player's clock may be as far ahead
    return Figures(
        players_now=_count(partitions, "seen_in_minute", lately),
        sessions_now=_count(partitions, "sessions_in_minute", lately),
        dau=_count(partitions, "seen_on_day", [today]),
        wau=_count(partitions, "seen_on_day", range(today - 6, today + 1)),
        mau=_count(partitions, "seen_on_day", range(today - 29, today + 1)),
        sessions_today=_count(partitions, "sessions_on_day", [today]),
        began_today=_count(partitions, "began_on_day", [today]),
        d1=_retention(partitions, "back_after_1_day", 1, today),
        d7=_retention(partitions, "back_after_7_days", 7, today),
        funnel=_funnel(partitions),
        latency=_latency(partitions, lately),
        error=Bounds(),
        partitions=len(partitions),
    )


def _count(partitions: Iterable[Opened], counted: Counted, ofs: Iterable[int]) -> int:
    union, names = hll_union(LG_K), [(counted, of) for of in ofs]
    for partition in partitions:
        for name in names:
            if (sketch := partition.tallies.get(name)) is not None:
                union.update(sketch)
    estimate: float = union.get_estimate()
    return round(estimate)


def _retention(partitions: Sequence[Opened], counted: Counted, after: int, today: int) -> Retention:
    days = range(today - after - COHORTS, today - after)
    known = [day for day in days if any(("began_on_day", day) in each.tallies for each in partitions)]
    n = _count(partitions, "began_on_day", known)
    back = min(_count(partitions, counted, known), n)
    return Retention(n, back, back / n if n else None)


def _funnel(partitions: Sequence[Opened]) -> tuple[Rung, ...]:
    rapids = sorted({of for each in partitions for counted, of in each.tallies if counted == "started_rapid"})
    return tuple(
        Rung(rapid, _count(partitions, "started_rapid", [rapid]), _count(partitions, "cleared_rapid", [rapid]))
        for rapid in rapids
    )


def _latency(partitions: Iterable[Opened], minutes: range) -> Latency:
    together = HdrHistogram(1, LONGEST_US, DIGITS)
    for partition in partitions:
        for minute, times in partition.lags.items():
            if minute in minutes:
                together.add(times)
    p50, p95, p99 = (together.get_value_at_percentile(percent) / 1_000 for percent in (50, 95, 99))
    return Latency(p50, p95, p99, together.total_count)
