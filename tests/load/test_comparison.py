"""Two runs side by side: what is better, what is worse, and what one run each cannot tell apart."""

from bots.report import Latencies, Machine
from load.comparison import Comparison, compare
from tests.load import invented

A = invented.loaded()


def verdicts(found: Comparison, *names: str) -> list[str]:
    """The verdicts of the rows called so."""
    rows = {row.name: row for row in found.rows}
    return [rows[name].verdict for name in names]


def test_a_run_beside_itself_is_the_same() -> None:
    """Every judged row is the same, nothing differs, and it is still called a hint."""
    found = compare(A, A)
    assert {row.verdict for row in found.rows} == {"same", "not judged"}
    assert not found.differences
    assert "a hint and no proof" in found.hint


def test_middles_have_a_narrow_band_and_tails_a_wide_one() -> None:
    """From 26 to 30 ms is 15 % more: worse at p50 and p90, the same at p99; the largest is not judged."""
    b = invented.loaded(latency_ms=Latencies(*(invented.spread(middle) for middle in (2.5, 12, 30))))
    found = compare(A, b)
    assert verdicts(found, "adaptation p50", "adaptation p90", "adaptation p99") == ["worse", "worse", "same"]
    assert verdicts(found, "adaptation max", "signal p50") == ["not judged", "same"]
    assert verdicts(compare(b, A), "adaptation p50", "adaptation p99") == ["better", "same"]


def test_a_millisecond_is_nothing() -> None:
    """From 2.5 to 3.4 ms is a third more and 0.9 ms; its p90 goes from 5 to 6.8 ms."""
    b = invented.loaded(latency_ms=Latencies(*(invented.spread(middle) for middle in (3.4, 12, 26))))
    assert verdicts(compare(A, b), "accept p50", "accept p90") == ["same", "worse"]


def test_more_events_are_better_and_one_lost_is_worse() -> None:
    """20 % more acked; and whatever the band, no run may lose an event more."""
    b = invented.loaded(events_per_s=1_620.0, lost=1)
    assert verdicts(compare(A, b), "acked", "lost", "doubled") == ["better", "worse", "same"]
    assert [row.name for row in compare(A, b, band=0.5).worse] == ["lost"]
    given_up = invented.loaded(acked=80_990)  # of 81,000, whatever a second said of it
    assert [(row.name, row.b) for row in compare(A, given_up).worse] == [("dropped", 10)]
    assert verdicts(compare(b, A), "acked", "lost") == ["worse", "better"]


def test_lag_is_judged_by_seconds_of_events() -> None:
    """1,350 events come in a second: 1,300 more are the same, 8,500 more at the peak are not."""
    slow = tuple(invented.moment(second, lag=3_300 if second == 60 else 17_000) for second in (59, 60))
    assert verdicts(compare(A, invented.loaded(moments=slow)), "lag, most", "lag, at the end") == ["worse", "same"]


def test_cores_are_per_thousand_events() -> None:
    """Half a core while 2,000 events were acked is a quarter of one per thousand a second; a whole core is a half."""
    half = invented.loaded(moments=(invented.moment(60, cores={"worker": 0.5}),))
    whole = invented.loaded(
        moments=(invented.moment(60, cores={"worker": 1.0}), invented.moment(60, cores={"worker": 1.0}))
    )
    [row] = [row for row in compare(half, whole).rows if row.name == "cores, worker"]
    assert (row.a, row.b, row.ratio, row.verdict) == (0.25, 0.5, 2.0, "worse")


def test_what_others_used_is_no_cost_of_ours() -> None:
    """Nor is the port that this machine's stack found free another target."""
    a, b = (
        invented.loaded(target=f"http://127.0.0.1:{port}", moments=(invented.moment(60, cores={"others": used}),))
        for port, used in ((8080, 0.1), (31847, 1.5))
    )
    found = compare(a, b)
    assert not [row for row in found.rows if row.name.startswith("cores")]
    assert not found.differences


def test_what_they_had_not_in_common_is_named() -> None:
    """Another machine, another version, another plan; and a saturated generator says nothing."""
    b = invented.loaded(
        machine=Machine(4, 8.0, "3.11.9", "Linux"),
        versions={"whitewater": "0.2.0"},
        seed=2,
        faults=(),
        late_starts=99_999,
    )
    found = compare(A, b)
    assert found.void
    assert found.differences == (
        "the generator was saturated in B: its figures are void",
        "other machine: cores 2 and 4",
        "other version: faust 0.15.3 and none",
        "other version: whitewater 0.1.0 and 0.2.0",
        "other plan: ended worker at 30 s and nothing",
        "other plan: seed 1 and 2",
    )
