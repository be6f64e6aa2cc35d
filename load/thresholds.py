"""What has to hold for a run to count as well: `e2e_ms:p99<250`, `lost==0`, in k6's manner.

    metric[:statistic] op number          op is one of  <  <=  >  >=  ==  !=

It refuses to know how anything is measured. Strange: what nobody measured does not hold. A run without a single answer
would otherwise be the one with the best latency.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from msgspec import Struct

from bots.report import Latency
from load.timeline import Judged

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
STATISTICS: Final[Mapping[str, float]] = {"p50": 50.0, "p90": 90.0, "p95": 95.0, "p99": 99.0, "p999": 99.9}
OF_LATENCIES: Final = (*STATISTICS, "max", "avg")
LATENCIES: Final[Mapping[str, str]] = {"e2e_ms": "adaptation", "signal_ms": "signal", "accept_ms": "accept"}
"""The metric, and the stage it ends with: a changed river, a belief, an acknowledgement."""
OF_LAG: Final = ("max", "end")
COUNTS: Final = (
    "lost", "doubled", "failed", "dropped", "late_share", "events_per_s", "offered", "acked", "decided", "applied",
)  # fmt: skip
AUDITED: Final = frozenset({"lost", "doubled", "failed"})
"""What nobody can say before everybody is home."""
DEFAULT: Final = ("lost==0", "doubled==0")
EXAMPLE: Final = "write it like e2e_ms:p99<250 or lost==0"
_FORM: Final = re.compile(r"\s*([^\s:<>=!]*)\s*(?::\s*([^\s<>=!]*))?\s*([<>=!]*)\s*(.*?)\s*")


class BadThresholdError(ValueError):
    """No threshold; the text says where it is wrong and shows one that is right."""


class Threshold(Struct, frozen=True):
    """One of them, understood."""

    text: str
    metric: str
    statistic: str | None
    op: Operator
    value: float


class Measured(Struct, frozen=True):
    """What a run gave: latencies by stage, everything else by name; None where nobody measured it."""

    latencies: Mapping[str, Latency]
    numbers: Mapping[str, float | None]
    """The counts, `lag:max` and `lag:end`."""


def parse(text: str) -> Threshold:
    """Reads one threshold. Raises `BadThresholdError`."""
    found = _FORM.fullmatch(text)
    metric, statistic, op, number = found.groups() if found else ("", None, "", text)
    if metric not in LATENCIES and metric not in COUNTS and metric != "lag":
        _refuse(text, f"there is no metric {metric!r}, only {', '.join((*LATENCIES, 'lag', *COUNTS))}")
    allowed = OF_LATENCIES if metric in LATENCIES else OF_LAG if metric == "lag" else ()
    if allowed and statistic not in allowed:
        what = f"{statistic!r} is not one" if statistic else "it is missing"
        _refuse(text, f"after {metric} comes a colon and one of {', '.join(allowed)}, and {what}")
    if not allowed and statistic is not None:
        _refuse(text, f"{metric} is one number and has no statistic {statistic!r}")
    if op not in OPERATORS:
        _refuse(text, f"{op!r} is no comparison, only {', '.join(OPERATORS)}" if op else "nothing is compared")
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if value != value or value in (float("inf"), -float("inf")):  # noqa: PLR0124 - the one thing unlike itself
        _refuse(text, f"after {op} comes a number, and {number!r} is none")
    return Threshold(text.strip(), metric, statistic, op, value)  # type: ignore[arg-type]  # one of OPERATORS


def _refuse(text: str, why: str) -> None:
    sentence = f"{text!r} is no threshold: {why}; {EXAMPLE}."
    raise BadThresholdError(sentence)


def judge(threshold: Threshold, measured: Measured) -> Judged:
    """What came of it."""
    value = value_of(threshold, measured)
    holds = value is not None and OPERATORS[threshold.op](value, threshold.value)
    return Judged(threshold.text, value, holds)


def value_of(threshold: Threshold, measured: Measured) -> float | None:
    """What was measured of what the threshold is about; None where nothing was."""
    stage = LATENCIES.get(threshold.metric)
    if stage is not None:
        return statistic_of(measured.latencies[stage], threshold.statistic or "max")
    name = threshold.metric if threshold.statistic is None else f"{threshold.metric}:{threshold.statistic}"
    return measured.numbers.get(name)


def statistic_of(latency: Latency, statistic: str) -> float | None:
    """One figure of a latency in milliseconds, none of them above the largest value seen; None of an empty one."""
    histogram = latency.histogram
    if not histogram.get_total_count():
        return None
    longest = float(histogram.get_max_value())
    if statistic == "max":
        return longest / 1000
    if statistic == "avg":
        return float(histogram.get_mean_value()) / 1000
    return min(float(histogram.get_value_at_percentile(STATISTICS[statistic])), longest) / 1000
