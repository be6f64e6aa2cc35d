"""What a run measured, added up by hand."""

import msgspec

from bots.reckoning import Verdict
from bots.report import Latency, Machine, Summary, Tally, summarise

MACHINE = Machine(cores=2, memory_gb=8.0, python="3.11.9", system="river")


def _tally(milliseconds: list[float]) -> Tally:
    tally = Tally()
    for each in milliseconds:
        tally.adaptation.record(each)
    return tally


def test_a_hundred_known_latencies_have_the_percentiles_that_counting_gives() -> None:
    """Of 1, 2, ... 100 ms the 50th is 50, the 90th 90, the 99th 99, to three digits."""
    spread = _tally([float(each) for each in range(1, 101)]).adaptation.spread()
    assert spread.n == 100
    assert [round(share or 0) for share in (spread.p50, spread.p90, spread.p99, spread.max)] == [50, 90, 99, 100]


def test_nothing_measured_is_none_and_not_zero() -> None:
    """A latency nobody measured must not look like a fast one."""
    assert Latency().spread().p99 is None


def test_a_clock_that_stepped_back_counts_as_zero_and_a_day_as_an_hour() -> None:
    """No measurement is dropped because it is absurd."""
    spread = _tally([-5.0, 86_400_000.0]).adaptation.spread()
    assert spread.n == 2
    assert round((spread.max or 0) / 3_600_000, 2) == 1.0


def test_a_run_that_nobody_audited_does_not_claim_that_nothing_was_lost() -> None:
    """`lost` and `doubled` are unknown until counted."""
    summary = summarise(Tally(), 3, 2.0, versions={}, machine=MACHINE)
    assert (summary.lost, summary.doubled, summary.failed) == (None, None, None)
    audited = summarise(Tally(), 3, 2.0, versions={}, machine=MACHINE, audited=Verdict(0, 0, 7, 0, 57, 50))
    assert (audited.lost, audited.doubled, audited.failed) == (0, 0, 7)
    assert (summary.unaccounted, audited.unaccounted) == (None, 0)


def test_the_summary_is_the_promised_json() -> None:
    """summary.json has every field of the command's design, whatever else it has."""
    tally = _tally([4.0])
    tally.acked = 50
    written = msgspec.json.decode(msgspec.json.encode(summarise(tally, 3, 2.0, versions={"x": "1"}, machine=MACHINE)))
    promised = (
        "offered sent acked lost doubled in accepted failed events_per_s latency_ms late_starts adaptations players"
        " seconds versions machine"
    )
    assert set(promised.split()) <= set(written)
    assert set(written["latency_ms"]) == {"accept", "signal", "adaptation"}
    assert set(written["latency_ms"]["adaptation"]) == {"p50", "p90", "p99", "p999", "max", "n"}
    assert written["events_per_s"] == 25.0


def test_one_late_tick_in_a_hundred_is_allowed_and_two_void_the_figures() -> None:
    """The generator notices when it was itself the bottleneck."""

    def with_late(late: int) -> Summary:
        tally = Tally()
        tally.ticks, tally.late = 100, late
        return summarise(tally, 1, 1.0, versions={}, machine=MACHINE)

    assert not with_late(1).saturated
    assert with_late(2).saturated


def test_players_in_all_are_told_apart_from_those_who_left() -> None:
    """Twelve came to ten seats in fifteen sittings, because two left for good by F2."""
    tally = Tally()
    tally.left, tally.sittings = 2, 15
    summary = summarise(tally, 12, 1.0, versions={}, machine=MACHINE, family="LastThree")
    assert (summary.players, summary.sittings, summary.left, summary.family) == (12, 15, 2, "LastThree")
