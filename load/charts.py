"""What the report draws, as values: curves over one time axis, and every chart once more as a sentence.

It refuses to know the library that draws them (`page.js` does). Strange: a latency of nothing is drawn as a thousandth
of a millisecond, for a logarithmic axis has no zero.
"""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean
from typing import Final, Literal

from msgspec import Struct

from load.thinned import Line, lowest, mean, stretches, worst
from load.timeline import OTHERS, Loaded, Moment, lag_at_end
from load.words import STAGES, fault_words, length, ms, number, share

LEAST_MS: Final = 0.001
"""What a histogram resolves."""
GREY: Final = 6
"""The colour of what neither the crowd nor the stack used."""
MINUTES_FROM_S: Final = 600
"""A longer run is drawn in minutes."""
Style = Literal["line", "dash", "dot", "area", "limit"]


class Curve(Struct, frozen=True):
    """One line of a chart, a value for every point of the time axis; `colour` is a place on the page's palette."""

    name: str
    values: Line
    colour: int
    style: Style = "line"


class Chart(Struct, frozen=True):
    """One plot, and what it shows in words."""

    name: str
    title: str
    unit: str
    words: str
    curves: tuple[Curve, ...]
    log: bool = False


class Away(Struct, frozen=True):
    """A part that was ended: where its line stands and where its band ends, on the time axis."""

    name: str
    begin: float
    end: float
    words: str


class Drawn(Struct, frozen=True):
    """All that is drawn over time."""

    unit: Literal["s", "min"]
    at: tuple[float, ...]
    stretch_s: int
    """Seconds that one point stands for."""
    faults: tuple[Away, ...]
    charts: tuple[Chart, ...]


def drawn(loaded: Loaded) -> Drawn:
    """The run's charts; one without a single value is left out."""
    of = stretches(loaded.moments)
    end_s = loaded.moments[-1].at_s if loaded.moments else loaded.seconds
    unit_s = 60 if end_s > MINUTES_FROM_S else 1
    at = tuple(round(stretch[-1].at_s / unit_s, 2) for stretch in of)
    charts = (
        _throughput(loaded, of),
        *_latencies(loaded, of),
        _lag(loaded, of),
        *_parts(loaded, of),
        _late(loaded, of),
    )
    faults = tuple(
        Away(
            fault.part,
            round(fault.at_s / unit_s, 3),
            round((end_s if fault.back_s is None else fault.at_s + fault.back_s) / unit_s, 3),
            fault_words(fault),
        )
        for fault in loaded.faults
    )
    size = len(of[0]) if of else 1
    there = tuple(c for c in charts if any(value is not None for curve in c.curves for value in curve.values))
    return Drawn("min" if unit_s > 1 else "s", at, size, faults, there)


def _throughput(loaded: Loaded, of: Sequence[Sequence[Moment]]) -> Chart:
    moments = loaded.moments
    curves = [
        Curve("players wanted", worst(of, lambda m: m.players), 6, "dot"),
        Curve("offered", mean(of, lambda m: m.offered), 0, "dash"),
        Curve("acked", mean(of, lambda m: m.acked), 1),
    ]
    if len(moments) > len(of):
        curves.append(Curve("acked, lowest second", lowest(of, lambda m: m.acked), 1, "dot"))
    behind = max((m.offered - m.acked for m in moments), default=0)
    words = (
        f"Offered: {_top(moments, lambda m: m.offered, ' events a second')}. "
        f"Acked: {_top(moments, lambda m: m.acked, ' events a second')}, "
        f"{f'in one second {behind:,} fewer than offered' if behind > 0 else 'never fewer than offered'}. "
        f"Players wanted: {_top(moments, lambda m: m.players)}."
    )
    return Chart("throughput", "Offered and acked", "events/s, players", words, tuple(curves))


def _latencies(loaded: Loaded, of: Sequence[Sequence[Moment]]) -> Iterator[Chart]:
    styles: tuple[tuple[str, int, Style], ...] = (("max", 3, "dot"), ("p99", 2, "dash"), ("p50", 0, "line"))
    for stage, meaning in STAGES.items():
        curves = tuple(
            Curve(name, worst(of, _percentile(stage, name)), colour, style) for name, colour, style in styles
        )
        whole = getattr(loaded.latency_ms, stage)
        words = (
            f"From when {meaning}. Altogether: p50 {ms(whole.p50)}, p99 {ms(whole.p99)}, largest "
            f"{ms(whole.max)}, {whole.n:,} measured. P99 of a second: "
            f"{_top(loaded.moments, _percentile(stage, 'p99'), ' ms')}."
        )
        yield Chart(f"latency-{stage}", f"Latency: {stage}", "ms, logarithmic", words, curves, log=True)


def _percentile(stage: str, name: str) -> Callable[[Moment], float | None]:
    def value(moment: Moment) -> float | None:
        found: float | None = getattr(getattr(moment, stage), name)
        return None if found is None else max(found, LEAST_MS)

    return value


def _use(name: str, part: str) -> Callable[[Moment], float | None]:
    def value(moment: Moment) -> float | None:
        used: dict[str, float] = getattr(moment, name)
        return used.get(part)

    return value


def _lag(loaded: Loaded, of: Sequence[Sequence[Moment]]) -> Chart:
    most = _top(loaded.moments, lambda m: m.lag, " events")
    words = f"{most[:1].upper()}{most[1:]}; {number(lag_at_end(loaded.moments))} when the last player went home."
    curve = Curve("lag", worst(of, lambda m: m.lag), 4)
    return Chart("lag", "Lag: events that no worker has committed", "events", words, (curve,))


def _parts(loaded: Loaded, of: Sequence[Sequence[Moment]]) -> Iterator[Chart]:
    """Cores against those there are, and memory; a part keeps its colour in both."""
    kinds = (("cores", "Cores in use", "cores", mean), ("memory_mb", "Memory", "MB", worst))
    for name, title, unit, thin in kinds:
        parts = dict.fromkeys(part for moment in loaded.moments for part in getattr(moment, name))
        curves, words = [], []
        for colour, part in enumerate(parts):
            curves.append(Curve(part, thin(of, _use(name, part)), GREY if part == OTHERS else colour, "area"))
            seen = [getattr(m, name)[part] for m in loaded.moments if part in getattr(m, name)]
            words.append(f"{part} {number(fmean(seen))} on average and at most {number(max(seen))}")
        here = loaded.machine.cores
        if name == "cores" and len(loaded.moments) > len(of):
            curves.append(Curve("all, highest second", worst(of, lambda m: sum(m.cores.values())), 6, "dot"))
        if name == "cores" and here and parts:
            curves.append(Curve("this machine has", (float(here),) * len(of), 7, "limit"))
            words.append(f"the machine has {here}")
        yield Chart(name, title, f"{unit}, stacked", f"In {unit}: {'; '.join(words) or 'nothing'}.", tuple(curves))


def _late(loaded: Loaded, of: Sequence[Sequence[Moment]]) -> Chart:
    words = (
        f"{loaded.late_starts:,} of {loaded.ticks:,} steps began more than 10 ms late "
        f"({share(loaded.late_starts / max(loaded.ticks, 1))}); in one second "
        f"{_top(loaded.moments, lambda m: m.late)}."
    )
    curves = (Curve("late steps", worst(of, lambda m: m.late), 5),)
    return Chart("late", "Late steps of the generator itself", "steps in the worst second", words, curves)


def _top(moments: Sequence[Moment], value: Callable[[Moment], float | None], unit: str = "") -> str:
    """The largest value and when it first was."""
    found = [(seen, -moment.at_s) for moment in moments if (seen := value(moment)) is not None]
    if not found:
        return "nothing was measured"
    top, at = max(found)
    return f"at most {number(top)}{unit} (at {length(-at)})"
