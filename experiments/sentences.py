"""One estimate in one sentence; which of four sentences it is, the verdict says, and the numbers fill it.

It refuses to know which outcome would have been welcome, and to write a digit that the interval leaves no meaning to.
"""

from collections.abc import Iterable
from typing import Final

from experiments.results import FEWEST, Estimate

BAND: Final = (0.003, 0.09)
"""From the least to the most lift that published trials of adaptive difficulty report."""
SURE: Final = 0.05
"""Above this p after Holm, harm is still told, as what may have been."""


def listed(words: Iterable[str]) -> str:
    """Words in a row: `F1, F2 and F7`."""
    *first, last = list(words) or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last


def counted(number: int, what: str) -> str:
    """How many there are of what: `1 seed`, `1,200 pairs`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def points(share: float, digits: int = 1, *, signed: bool = False) -> str:
    """A share in hundredths: 0.0416 is `4.2`."""
    return f"{round(100.0 * share, digits) + 0.0:{'+' if signed else ''}.{digits}f}"  # + 0.0: there is no minus zero


def percent(share: float, digits: int = 1, *, signed: bool = False) -> str:
    """A share as a percentage: 0.0416 is `4.2 %`."""
    return f"{points(share, digits, signed=signed)} %"


def digits_of(estimate: Estimate) -> int:
    """As many digits as the interval leaves meaning to."""
    return 1 if estimate.high - estimate.low >= 0.002 else 2


def more(lift: float, digits: int) -> str:
    """A lift as people say it: `4.2 % more`, `0.3 % fewer`."""
    return f"{percent(abs(lift), digits)} {'fewer' if lift < 0.0 else 'more'}"


def span(low: float, high: float, digits: int) -> str:
    """From one lift to another: `3.9 to 4.6 % more`, `1.9 to 2.2 % fewer`, `0.3 % fewer to 0.7 % more`."""
    if (low < 0.0) != (high < 0.0):
        return f"{more(low, digits)} to {more(high, digits)}"
    near, far = sorted((low, high), key=abs)
    return f"{100.0 * abs(near):.{digits}f} to {more(far, digits)}"


def chance(p: float) -> str:
    """A p as papers write it."""
    return "p < .001" if p < 0.001 else f"p = {p:.3f}".replace("0.", ".", 1)


def sentence(family: str, policy: str, estimate: Estimate, who: str = "its players") -> str:
    """What may be said of one estimate, and how sure it is; `who` played."""
    band, sure = _beside_the_band(estimate), _sure(estimate)
    played = f"{who} played {_rounds(estimate)} the control"
    match estimate.verdict:
        case "nothing":
            return f"{policy} changed nothing with {family}: each of {estimate.players:,} pairs did the very same."
        case "harmful":
            harmed = "HARMED" if estimate.p_adjusted < SURE else "MAY HAVE HARMED"
            return f"{policy} {harmed} with {family}: {played} ({sure})."
        case "better":
            return f"{policy} beat the control with {family}: {played} ({sure}). {band}"
        case "not shown":
            return f"{policy} was not shown to differ with {family}: {played}, {_why_not(estimate)} ({sure})."


def _rounds(estimate: Estimate) -> str:
    digits = digits_of(estimate)
    if not round(100.0 * estimate.lift, digits):
        return "as many rounds as under"
    return f"{more(estimate.lift, digits)} rounds than under"


def _sure(estimate: Estimate) -> str:
    digits = digits_of(estimate)
    interval, seeds = span(estimate.low, estimate.high, digits), len(estimate.by_seed)
    between = f", {span(min(estimate.by_seed), max(estimate.by_seed), digits)}" if seeds > 1 else " only"
    p, pairs = chance(estimate.p_adjusted), counted(estimate.players, "pair")
    return f"95 % interval {interval}; {p} after Holm; {counted(seeds, 'seed')}{between}; {pairs}"


def _why_not(estimate: Estimate) -> str:
    if estimate.players < FEWEST:
        return "but so few pairs cannot tell"
    if estimate.low > 0.0:
        return "which is not enough among as many questions and between these seeds"
    return "which chance alone may do"


def _beside_the_band(estimate: Estimate) -> str:
    low, high = (percent(end, 1) for end in BAND)
    band = f"the {low} to {high} that published trials report"
    if estimate.lift > BAND[1]:
        return f"That is above {band}, which says more about these bots than about the policy."
    return f"That is {'below' if estimate.lift < BAND[0] else 'within'} {band}."
