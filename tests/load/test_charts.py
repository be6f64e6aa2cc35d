"""What the report draws: thinned where a run is long, and never without its worst second."""

from msgspec.structs import replace

from load.charts import drawn
from load.thinned import lowest, mean, stretches, worst
from load.timeline import Fault
from tests.load import invented


def test_up_to_600_seconds_every_second_is_a_point() -> None:
    """And the curve of latencies has a gap where nothing was answered."""
    of = drawn(invented.loaded())
    adaptation = next(chart for chart in of.charts if chart.name == "latency-adaptation")
    p50 = next(curve.values for curve in adaptation.curves if curve.name == "p50")
    assert (of.unit, of.stretch_s, len(of.at)) == ("s", 1, 60)
    assert [place + 1 for place, value in enumerate(p50) if value is None] == [31, 32, 33, 34]


def test_half_an_hour_is_600_points_and_keeps_its_worst_second() -> None:
    """1,800 seconds are 600 stretches of three; the one bad second stands for its stretch, its count is shared out."""
    usual, bad = invented.moment(1, lag=100, acked=120), invented.moment(1, lag=9_000, acked=0)
    moments = tuple(replace(bad if at == 1_000 else usual, at_s=float(at)) for at in range(1, 1_801))
    of = drawn(invented.loaded(moments=moments))
    curves = {curve.name: curve.values for chart in of.charts for curve in chart.curves}
    assert (of.unit, of.stretch_s, len(of.at), of.at[-1]) == ("min", 3, 600, 30.0)
    assert max(value for value in curves["lag"] if value is not None) == 9_000
    assert curves["lag"].index(9_000) == 333  # the stretch of the seconds 1,000 to 1,002
    assert curves["acked"][333] == 80  # twice 120, shared by three
    assert curves["acked, lowest second"][333] == 0


def test_the_last_stretch_may_be_shorter() -> None:
    """Seven seconds in stretches of two; what was not seen stays out of worst, lowest and mean."""
    lags = (1, 5, None, 3, None, None, 8)
    of = stretches([invented.moment(at, lag=lag) for at, lag in enumerate(lags, 1)], most=4)
    assert worst(of, lambda m: m.lag) == (5, 3, None, 8)
    assert lowest(of, lambda m: m.lag) == (1, 3, None, 8)
    assert mean(of, lambda m: m.lag) == (3, 3, None, 8)


def test_a_fault_is_a_band_until_the_part_was_well_again() -> None:
    """One that never was reaches to the end of the run."""
    of = drawn(invented.loaded(faults=(Fault("worker", 30.0, 4.2), Fault("redis", 50.0, None))))
    assert [(each.name, each.begin, each.end) for each in of.faults] == [("worker", 30, 34.2), ("redis", 50, 60)]


def test_cores_are_drawn_against_those_of_the_machine() -> None:
    """A line across the whole run; where the machine is not known, or is another one, there is none."""
    cores = next(chart for chart in drawn(invented.loaded()).charts if chart.name == "cores")
    assert cores.curves[-1].values == (2.0,) * 60
    elsewhere = tuple(invented.moment(second, cores={}, memory_mb={}) for second in (1, 2))
    assert "cores" not in {chart.name for chart in drawn(invented.loaded(moments=elsewhere)).charts}
