"""What gave first when a threshold broke: a few words, and the figures they rest on.

Latencies are nested, so what lies between two of them belongs to somebody. Each begins when its event was due, accept
when it was handed to the producer: later by as much as the generator is late.

    late steps             the generator: nothing else can be said then
    accept                 the producer and the broker
    signal - accept        the worker, and the lag before it
    adaptation - signal    the API, and the way back to the game

It looks at the first seconds in which a latency was beyond its threshold, not at the whole run: what breaks first slows
everything after it. Where no second shows it and events were given up, those made the latency. Who uses the cores says
whether a part was slow or had no machine left. It refuses to know how any of it was measured. Strange: differences of
percentiles are no percentile of differences. They are right where one stage dominates, which is when somebody asks; the
signal's is of a sample.
"""

from collections.abc import Sequence
from typing import Final

from bots.report import LATE_SHARE, Spread
from load.thresholds import LATENCIES, OPERATORS, Threshold
from load.timeline import GENERATOR, OTHERS, Judged, Moment
from load.words import number

WINDOW: Final = 5
"""Seconds that are looked at together: one alone may be anybody's garbage collection. Ours."""
FULL: Final = 0.9
"""Of a core, or of all of them: more is not to be had beside everything else that runs. Ours."""
STRANGE: Final = 0.1
"""Of all cores, used by whoever has no part in the run: from here on it is worth a word. Ours."""
STAGES: Final = ("the broker", "the worker", "the API")
"""Who stands between due and accepted, accepted and believed, believed and answered."""
WAYS: Final = ("to be acknowledged", "from acknowledged to believed", "from believed to a changed river")
PART_OF: Final = {"the broker": "kafka", "the worker": "worker", "the API": "api"}
UNKNOWN: Final = "nobody can say: too little was measured"


def blame(
    broken: Sequence[tuple[Threshold, Judged]], moments: Sequence[Moment], cores: int | None, late_share: float
) -> str | None:
    """Who gave first, as `the worker (...)`; None where nothing is broken."""
    if late_share > LATE_SHARE:
        return f"{GENERATOR} ({late_share:.1%} of its steps were late{_machine(moments, cores)})"
    if not broken:
        return None
    slow = [(threshold, judged) for threshold, judged in broken if threshold.metric in LATENCIES]
    threshold, judged = (slow or broken)[0]
    if judged.measured is None:
        return f"nobody ({threshold.metric}: nothing was measured, the run was too short or nobody was answered)"
    if slow:
        seconds = _first_seconds(threshold, moments)
        given_up = sum(moment.offered - moment.acked for moment in moments)
        return _given_up(given_up) if given_up > 0 and not seconds else _slowest(seconds or moments, cores)
    measured = number(judged.measured)
    match threshold.metric:
        case "lag":
            return f"the worker ({measured} events behind{_machine(moments, cores)})"
        case "dropped":
            return _given_up(judged.measured)
        case "failed":
            return f"the contract ({measured} events were refused)"
        case name:
            return f"{name} ({measured}, where {threshold.text} was asked{_machine(moments, cores)})"


def _given_up(events: float) -> str:
    return f"the broker ({number(events)} events were given up before it took them)"


def _first_seconds(threshold: Threshold, moments: Sequence[Moment]) -> Sequence[Moment]:
    """The window that begins when the threshold first broke; none where no single second shows it."""
    stage = LATENCIES[threshold.metric]
    for place, moment in enumerate(moments):
        spread: Spread = getattr(moment, stage)
        value = spread.p50 if threshold.statistic in {"p50", "avg"} else spread.p99
        if value is not None and not OPERATORS[threshold.op](value, threshold.value):
            return moments[place : place + WINDOW]
    return ()


def _slowest(moments: Sequence[Moment], cores: int | None) -> str:
    accept, signal, adaptation = (
        _middle([getattr(moment, stage).p99 for moment in moments]) for stage in ("accept", "signal", "adaptation")
    )
    reached = [(0.0 if at is None else at) for at in (accept, signal, adaptation)]
    if not any(reached):
        return UNKNOWN
    if adaptation is None and signal is None and accept is not None:
        return f"the worker (nothing was believed within these seconds{_machine(moments, cores)})"
    # Where a stage was not measured, its time is left with the one behind it.
    shares = [reached[0], max(reached[1] - reached[0], 0.0) if signal else 0.0, 0.0]
    if adaptation:
        shares[2] = max(adaptation - max(reached[0], reached[1]), 0.0)
    most = shares.index(max(shares))
    whole = max(reached)
    at_s = moments[0].at_s
    return (
        f"{STAGES[most]} ({shares[most]:.0f} of {whole:.0f} ms at p99 went by {WAYS[most]}, "
        f"from second {at_s:.0f}{_own(STAGES[most], moments)}{_machine(moments, cores)})"
    )


def _own(stage: str, moments: Sequence[Moment]) -> str:
    """How much of a core the part itself used, where that was seen."""
    part = PART_OF[stage]
    used = _mean([moment.cores[part] for moment in moments if part in moment.cores])
    if used is None:
        return ""
    full = ", all one process can use" if part != "kafka" and used > FULL else ""
    return f"; {part} used {used:.2f} of a core{full}"


def _machine(moments: Sequence[Moment], cores: int | None) -> str:
    """How full the machine was, where that was seen."""
    used = _mean([sum(moment.cores.values()) for moment in moments if moment.cores])
    if used is None or not cores:
        return ""
    full = ", the machine was full" if used > FULL * cores else ""
    others = _mean([moment.cores.get(OTHERS, 0.0) for moment in moments if moment.cores]) or 0.0
    strange = f", {others:.1f} of them by others" if others > STRANGE * cores else ""
    return f"; {used:.1f} of {cores} cores in use{strange}{full}"


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _middle(values: Sequence[float | None]) -> float | None:
    """The median of what was measured."""
    found = sorted(value for value in values if value is not None)
    return found[len(found) // 2] if found else None
