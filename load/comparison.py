"""Two runs held against each other, row by row: what is better, what is worse, and what one run each cannot tell apart.

It refuses to say that a difference is real: there is one run of each, so a verdict is a hint, and the comparison says
so itself. What the two did not have in common (machine, versions, plan) is named, for then the difference may be its.

The bands are constants of our own (docs/decisions/a-report-that-opens-anywhere.md): middles and means within 10 %
and tails within 25 % are the same, and so are latencies up to a millisecond and lags up to a second of events apart.
A largest value is one measurement: it is shown and never judged.
"""

import re
from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Final, Literal

from msgspec import Struct, to_builtins

from bots.report import Spread
from load.timeline import OTHERS, Loaded, lag_at_end
from load.words import STAGES

Verdict = Literal["better", "worse", "same", "not judged"]
MIDDLE: Final = 0.10
TAIL: Final = 0.25
LEAST_MS: Final = 1.0
HERE: Final = re.compile(r"//(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
"""This machine, on whatever port a stack found free."""
HINT: Final = "One run each: a difference is a hint and no proof; repeat both, in turns, before believing it."


class Row(Struct, frozen=True):
    """One measure of both runs."""

    name: str
    unit: str
    a: float | None
    b: float | None
    ratio: float | None
    """b over a; None where one of them is missing or a is zero."""
    band: float | None
    """So much of `a` apart is still the same; None where the row is not judged."""
    verdict: Verdict
    """Of b, seen from a."""


class Comparison(Struct, frozen=True):
    """What two runs have to say about each other."""

    rows: tuple[Row, ...]
    differences: tuple[str, ...]
    """What they did not have in common, or why one of them says nothing."""
    void: bool
    """Whether the generator was saturated in one of them."""
    hint: str = HINT

    @property
    def worse(self) -> tuple[Row, ...]:
        """The rows in which b is worse."""
        return tuple(row for row in self.rows if row.verdict == "worse")


def compare(a: Loaded, b: Loaded, band: float | None = None) -> Comparison:
    """How `b` did beside `a`; a `band` replaces both of ours (0.1: worse is what is worse by more than 10 %)."""
    rows = (*_throughput(a, b, band), *_stages(a, b, band), *_harm(a, b), *_lag(a, b, band), *_cost(a, b, band))
    return Comparison(rows, tuple(_differences(a, b)), a.saturated or b.saturated)


def _row(
    name: str,
    unit: str,
    pair: tuple[float | None, float | None],
    band: float | None,
    *,
    more: bool = False,
    least: float = 0.0,
) -> Row:
    """A judged row; `more` is better where it says so, and `least` apart is the same whatever the ratio."""
    a, b = pair
    ratio = b / a if a and b is not None else None
    verdict: Verdict = "not judged"
    if a is not None and b is not None and band is not None:
        apart = b - a if not more else a - b
        same = abs(apart) <= max(band * abs(a), least)
        verdict = "same" if same else "worse" if apart > 0 else "better"
    return Row(name, unit, a, b, ratio, band, verdict)


def _throughput(a: Loaded, b: Loaded, band: float | None) -> Iterator[Row]:
    yield _row("players", "", (a.players, b.players), None)
    yield _row("offered", "events/s", (_per_s(a, a.offered), _per_s(b, b.offered)), None)
    yield _row("acked", "events/s", (a.events_per_s, b.events_per_s), band or MIDDLE, more=True)
    if a.highest and b.highest:
        pair = (a.highest.events_per_s, b.highest.events_per_s)
        yield _row("highest that held", "events/s", pair, band or MIDDLE, more=True)


def _per_s(of: Loaded, count: int) -> float | None:
    return count / of.seconds if of.seconds else None


def _stages(a: Loaded, b: Loaded, band: float | None) -> Iterator[Row]:
    for stage in STAGES:
        one: Spread = getattr(a.latency_ms, stage)
        other: Spread = getattr(b.latency_ms, stage)
        for name, ours in (("p50", MIDDLE), ("p90", MIDDLE), ("p99", TAIL), ("p999", TAIL), ("max", None)):
            pair = (getattr(one, name), getattr(other, name))
            yield _row(f"{stage} {name}", "ms", pair, ours and (band or ours), least=LEAST_MS)


def _harm(a: Loaded, b: Loaded) -> Iterator[Row]:
    """What should be zero: one more is worse."""
    for name in ("lost", "doubled", "failed"):
        yield _row(name, "events", (getattr(a, name), getattr(b, name)), 0.0)
    yield _row("dropped", "events", (a.offered - a.acked, b.offered - b.acked), 0.0)
    yield _row("late starts", "%", (_late(a), _late(b)), None)


def _late(of: Loaded) -> float | None:
    return 100 * of.late_starts / of.ticks if of.ticks else None


def _lag(a: Loaded, b: Loaded, band: float | None) -> Iterator[Row]:
    lags = [[m.lag for m in of.moments if m.lag is not None] for of in (a, b)]
    second = max(a.events_per_s, b.events_per_s)
    tops = (max(lags[0], default=None), max(lags[1], default=None))
    yield _row("lag, most", "events", tops, band or TAIL, least=second)
    yield _row("lag, at the end", "events", (lag_at_end(a.moments), lag_at_end(b.moments)), band or TAIL, least=second)


def _cost(a: Loaded, b: Loaded, band: float | None) -> Iterator[Row]:
    """Cores per thousand acked events a second: what a machine has to be bought for."""
    parts = dict.fromkeys(part for of in (a, b) for moment in of.moments for part in moment.cores if part != OTHERS)
    for part in parts:
        yield _row(f"cores, {part}", "per 1,000 events/s", (_cores(a, part), _cores(b, part)), band or MIDDLE)


def _cores(of: Loaded, part: str) -> float | None:
    used = [moment.cores[part] for moment in of.moments if part in moment.cores]
    acked = sum(moment.acked for moment in of.moments if part in moment.cores)
    return 1000 * fmean(used) * len(used) / acked if used and acked else None


def _differences(a: Loaded, b: Loaded) -> Iterator[str]:
    for name, of in (("A", a), ("B", b)):
        if of.saturated:
            yield f"the generator was saturated in {name}: its figures are void"
    yield from _others("machine", to_builtins(a.machine), to_builtins(b.machine))
    yield from _others("version", a.versions, b.versions)
    yield from _others("plan", _plan(a), _plan(b))
    if a.schedule != b.schedule:
        yield "other plan: their schedules send other crowds at other times"


def _others(kind: str, a: Mapping[str, object], b: Mapping[str, object]) -> Iterator[str]:
    for what in sorted(a.keys() | b.keys()):
        one, other = a.get(what, "none"), b.get(what, "none")
        if one != other:
            yield f"other {kind}: {what} {one} and {other}"


def _plan(of: Loaded) -> dict[str, object]:
    """What was asked for, but for the schedule, which is too long to be said."""
    return {
        "profile": of.profile,
        "processes": of.processes,
        "family": of.family,
        "seed": of.seed,
        "target": HERE.sub("//this machine", of.target),
        "thresholds": ", ".join(each.text for each in of.thresholds) or "none",
        "ended": ", ".join(f"{fault.part} at {fault.at_s:.0f} s" for fault in of.faults) or "nothing",
    }
