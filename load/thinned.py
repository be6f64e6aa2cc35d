"""A run of any length, thinned for drawing: at most 600 points a line, and no worst second is lost.

Equal stretches of seconds become one point each. Of latencies, lag, memory, players and late steps the worst second of
a stretch stands for it; a stretch in which nothing was measured stays a gap. Counts and cores are the mean, for a total
should stay a total, and parts that peak in turns should not become a tower; so the lowest acked and the highest cores
are lines of their own. It refuses to know what is drawn. Strange: up to 600 seconds nothing is thinned, and then mean,
worst and lowest are the second itself.
"""

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from statistics import fmean
from typing import Final

from load.timeline import Moment

MOST: Final = 600
"""Points that a line of 1,400 pixels can show without two of them on one pixel, and half of what it would cost."""

Value = float | None
Line = tuple[Value, ...]


def stretches(moments: Sequence[Moment], most: int = MOST) -> list[Sequence[Moment]]:
    """The moments in order, in stretches of equal length (the last may be shorter), at most `most` of them."""
    size = max(ceil(len(moments) / most), 1)
    return [moments[first : first + size] for first in range(0, len(moments), size)]


def worst(of: Sequence[Sequence[Moment]], value: Callable[[Moment], Value]) -> Line:
    """The largest value of each stretch; None where there is none at all."""
    return tuple(_rounded(max(_there(stretch, value), default=None)) for stretch in of)


def lowest(of: Sequence[Sequence[Moment]], value: Callable[[Moment], Value]) -> Line:
    """The smallest value of each stretch; None where there is none at all."""
    return tuple(_rounded(min(_there(stretch, value), default=None)) for stretch in of)


def mean(of: Sequence[Sequence[Moment]], value: Callable[[Moment], Value]) -> Line:
    """The mean of each stretch; None where there is nothing."""
    return tuple(_rounded(fmean(there) if (there := list(_there(stretch, value))) else None) for stretch in of)


def _there(stretch: Sequence[Moment], value: Callable[[Moment], Value]) -> Iterable[float]:
    return (found for each in stretch if (found := value(each)) is not None)


def _rounded(value: Value) -> Value:
    """Four digits are more than a screen can show, and half the bytes."""
    return None if value is None else float(f"{value:.4g}") if abs(value) < 1000 else round(value)
