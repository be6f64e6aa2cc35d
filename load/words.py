"""What came of a run, in words and rounded figures: one way of saying it for screen, page, JUnit and comparison.

It refuses to know where the words go, so nothing here is escaped. Strange: a run can be *void*. When the generator
itself was late too often, nobody knows what the stack would have done, and neither "held" nor "failed" may be said.
"""

from typing import Final, Literal

from bots.report import LATE_SHARE
from load.timeline import GENERATOR, Fault, Loaded

Outcome = Literal["held", "failed", "void"]
STAGES: Final[dict[str, str]] = {
    "accept": "the event was handed to the producer, until the broker had acknowledged it",
    "signal": "the event was due, until what is believed of the player was told",
    "adaptation": "the event was due, until the river changed because of it (end to end)",
}
"""The three latencies: from when, until when."""
NOTHING: Final = "-"
"""Where nothing was measured."""


def outcome(loaded: Loaded) -> Outcome:
    """Void wins over failed, and failed over held; a search has failed when nothing held.

    Where in = accepted + failed does not hold, a run has failed, whatever its generator did: counts are never void.
    """
    if loaded.unaccounted:
        return "failed"
    if loaded.saturated:
        return "void"
    found = loaded.profile != "find-max" or loaded.highest is not None
    return "held" if found and all(each.holds for each in loaded.thresholds) else "failed"


def headline(loaded: Loaded) -> str:
    """The verdict in one sentence."""
    broken = sum(not each.holds for each in loaded.thresholds)
    who = (loaded.gave_first or "").partition(" (")[0]
    first = f"; {who} gave first" if who.startswith("the ") else ""  # anything else is nobody
    match outcome(loaded):
        case "void":
            late = share(loaded.late_starts / max(loaded.ticks, 1))
            return f"Void: the generator itself was saturated, {late} of its steps began late ({share(LATE_SHARE)} may)"
        case "failed" if loaded.unaccounted:
            return f"Failed: in = accepted + failed is off by {loaded.unaccounted:,} of {loaded.came or 0:,} events"
        case "failed" if loaded.profile == "find-max":
            return f"Failed: no load was found that holds{first}"
        case "failed":
            return f"Failed: {broken} of {len(loaded.thresholds)} thresholds did not hold{first}"
        case "held" if loaded.highest:
            top = loaded.highest
            more = ", so the stack may hold more" if who == GENERATOR else ""
            return f"Held up to {number(top.events_per_s)} events/s with {top.players:,} players{first}{more}"
        case "held" if not loaded.thresholds:
            return "Held: nothing was asked of it, there are no thresholds"
        case "held":
            return f"Held: all {len(loaded.thresholds)} thresholds"


def fault_words(fault: Fault, away: str = "not well again") -> str:
    """`worker ended at 30 s, well again after 4.2 s`; `away` where it is not."""
    back = away if fault.back_s is None else f"well again after {fault.back_s:.1f} s"
    return f"{fault.part} ended at {length(fault.at_s)}, {back}"


def number(value: float | None) -> str:
    """Three digits or more, thousands apart; a dash where there is none."""
    if value is None:
        return NOTHING
    size = abs(value)
    if size >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.1 else f"{value:.2g}"


def ms(value: float | None) -> str:
    """A latency with its unit, in seconds from ten of them on."""
    if value is None:
        return NOTHING
    return f"{value / 1000:,.1f} s" if value >= 10_000 else f"{number(value)} ms"


def share(value: float) -> str:
    """A share as percent: `1 %`, `0.05 %`."""
    return f"{number(100 * value)} %"


def length(seconds: float) -> str:
    """`90 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest_s = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest_s, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
