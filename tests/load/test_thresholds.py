"""What has to hold: read, judged, and refused in words."""

import pytest

from bots.report import Latency
from load.thresholds import BadThresholdError, Measured, Threshold, judge, parse


def latency(*milliseconds: float) -> Latency:
    """One that has seen these."""
    seen = Latency()
    for each in milliseconds:
        seen.record(each)
    return seen


RUN = Measured(
    # 1 to 100 ms, so that percentile p is p ms; three digits allow 0.1 % more
    {"adaptation": latency(*range(1, 101)), "signal": latency(10), "accept": latency()},
    {"lost": 0, "doubled": 2, "late_share": 0.004, "events_per_s": 1999.5, "lag:max": 40, "lag:end": None},
)


def test_a_threshold_is_a_metric_a_statistic_a_comparison_and_a_number() -> None:
    """With or without spaces; its own text is kept."""
    assert parse("e2e_ms:p99<250") == Threshold("e2e_ms:p99<250", "e2e_ms", "p99", "<", 250.0)
    assert parse(" lag:max >= 1e3 ") == Threshold("lag:max >= 1e3", "lag", "max", ">=", 1000.0)
    assert parse("lost==0") == Threshold("lost==0", "lost", None, "==", 0.0)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("e2e_ms:p50<50.1", True), ("e2e_ms:p50<49.9", False), ("e2e_ms:p90<=90.1", True), ("e2e_ms:p95>94.9", True),
        ("e2e_ms:p99<98.9", False), ("e2e_ms:p999<=100.1", True), ("e2e_ms:max==100", False),
        ("e2e_ms:avg<50.4", False), ("signal_ms:max<11", True), ("lost==0", True), ("doubled==0", False),
        ("doubled!=0", True), ("late_share<0.01", True), ("events_per_s>=2000", False), ("lag:max<=40", True),
    ],
)  # fmt: skip
def test_a_run_is_held_to_each(text: str, holds: bool) -> None:  # noqa: FBT001 - the answer that is expected
    """The largest of a histogram is the top of its last cell, a hair above 100: `==` is for counts."""
    assert judge(parse(text), RUN).holds is holds


@pytest.mark.parametrize("text", ["accept_ms:p99<1000", "lag:end<5", "failed==0"])
def test_what_nobody_measured_does_not_hold(text: str) -> None:
    """Otherwise a run without answers would be the fastest."""
    judged = judge(parse(text), RUN)
    assert (judged.measured, judged.holds) == (None, False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("e2e:p99<250", "there is no metric 'e2e', only e2e_ms, signal_ms, accept_ms, lag, lost"),
        ("e2e_ms<250", "after e2e_ms comes a colon and one of p50, p90, p95, p99, p999, max, avg, and it is missing"),
        ("e2e_ms:p98<250", "and 'p98' is not one"),
        ("lag:p99<250", "after lag comes a colon and one of max, end, and 'p99' is not one"),
        ("lost:max==0", "lost is one number and has no statistic 'max'"),
        ("lost=0", "'=' is no comparison, only <, <=, >, >=, ==, !="),
        ("lost", "nothing is compared"),
        ("lost==none", "after == comes a number, and 'none' is none"),
        ("lost==nan", "after == comes a number, and 'nan' is none"),
        ("", "there is no metric ''"),
    ],
)
def test_a_bad_one_is_answered_with_what_is_wrong_and_an_example(text: str, why: str) -> None:
    """One sentence: the text, the place, how it is done."""
    with pytest.raises(BadThresholdError) as said:
        parse(text)
    assert str(said.value).startswith(f"{text!r} is no threshold: ")
    assert why in str(said.value)
    assert str(said.value).endswith("; write it like e2e_ms:p99<250 or lost==0.")
