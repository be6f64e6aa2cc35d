"""Pulses and looks become seconds and figures: small numbers, added up by hand."""

import msgspec
import pytest

from bots.pulse import Pulse
from bots.report import Latency
from load.gathering import Gathering, Seen
from load.thresholds import AUDITED, COUNTS


def latency(*milliseconds: float) -> Latency:
    """One that has seen these."""
    seen = Latency()
    for each in milliseconds:
        seen.record(each)
    return seen


def seen(lag: int | None = 0, *signal_ms: float) -> Seen:
    """A look at the stack."""
    return Seen(lag, 0, latency(*signal_ms), {}, {})


def pulse(at_s: float, offered: int, acked: int, *accept_ms: float) -> Pulse:
    """A crowd's, so far: a step for every event."""
    return Pulse(at_s=at_s, offered=offered, acked=acked, ticks=offered, accept=latency(*accept_ms).encode())


def test_a_moment_counts_its_own_second() -> None:
    """A pulse counts since the beginning: 10, then 25, are 10 and 15."""
    gathering = Gathering(0.0)
    first = gathering.take(pulse(1.0, 10, 8, 5.0), seen(3, 20.0), 4)
    second = gathering.take(pulse(2.0, 25, 25, 7.0, 9.0), seen(1), 5)
    assert (first.offered, first.acked, first.players, first.lag, first.signal.n) == (10, 8, 4, 3, 1)
    assert (second.offered, second.acked, second.accept.n, second.signal.n) == (15, 17, 2, 0)
    assert [at_s for at_s, _ in gathering.seconds["accept"]] == [1.0, 2.0]
    assert gathering.seconds["accept"][1][1].spread().n == 2


def test_seconds_before_the_level_are_left_out_of_latencies_and_of_the_rate() -> None:
    """The third second alone counts: one acknowledgement of 4 ms, 30 events a second."""
    gathering = Gathering(2.0)
    for at_s, acked, accept_ms in ((1.0, 10, 900.0), (2.0, 20, 800.0), (3.0, 50, 4.0)):
        gathering.take(pulse(at_s, acked, acked, accept_ms), seen(), 5)
    assert [moment.at_s for moment in gathering.counted] == [3.0]
    assert gathering.spreads.accept.n == 1
    assert gathering.spreads.accept.max == pytest.approx(4.0, rel=0.001)
    assert gathering.events_per_s == 30.0


def test_a_run_that_ended_before_its_level_is_judged_by_what_there_is() -> None:
    """Ten events in one second."""
    gathering = Gathering(24.0)
    gathering.take(pulse(1.0, 10, 10, 6.0), seen(), 1)
    gathering.go_home(0)
    assert gathering.spreads.accept.n == 1
    assert gathering.events_per_s == 10.0


def test_events_that_were_given_up_count_with_the_time_they_had_waited() -> None:
    """10 a second for 4 s, the broker takes the first 10 and then none: 30 wait, 10 of them 2 s, 1 s and no time.

    Of 10 acknowledged events 5 had a belief: so half of those given up count as waiting for one.
    """
    gathering = Gathering(0.0)
    gathering.take(pulse(1.0, 10, 10, *[5.0] * 10), seen(0, *[8.0] * 5), 1)
    for at_s in (2.0, 3.0, 4.0):
        gathering.take(pulse(at_s, round(at_s * 10), 10), seen(None), 1)
    gathering.go_home(30)
    spreads = gathering.spreads
    assert (spreads.accept.n, spreads.signal.n, spreads.adaptation.n) == (40, 20, 0)
    assert spreads.accept.max == spreads.signal.max == pytest.approx(2000.0, rel=0.001)
    assert spreads.accept.p90 == pytest.approx(2000.0, rel=0.001)  # 36 of 40: the last ten are 2 s
    assert spreads.accept.p50 == pytest.approx(5.0, rel=0.001)  # 20 of 40: ten waited no time, ten 5 ms


def test_lag_at_the_end_is_what_is_owed_when_the_last_player_gets_up() -> None:
    """40 then, 7 while it drains; a second in which nobody said is no lag of zero."""
    gathering = Gathering(0.0)
    gathering.take(pulse(1.0, 10, 10), seen(90), 1)
    gathering.take(pulse(2.0, 20, 20), seen(40), 1)
    gathering.take(pulse(3.0, 30, 30), seen(None), 1)
    gathering.go_home(0)
    quiet = gathering.quiet(4.0, seen(7))
    assert (quiet.offered, quiet.acked, quiet.players, quiet.lag) == (0, 0, 0, 7)
    assert (gathering.numbers["lag:max"], gathering.numbers["lag:end"]) == (90, 40)
    assert gathering.events_per_s == 10.0  # of the three seconds in which somebody played


def test_counts_can_be_judged_before_the_end() -> None:
    """So far, and of the whole run: 25 happened, 20 are acknowledged, 2 given up, 5 of 25 steps late."""
    gathering = Gathering(24.0)
    gathering.take(msgspec.structs.replace(pulse(1.0, 25, 20), dropped=2, late=5), seen(9), 1)
    numbers = gathering.numbers
    assert (numbers["offered"], numbers["acked"], numbers["dropped"], numbers["late_share"]) == (25, 20, 2, 0.2)
    assert (numbers["events_per_s"], numbers["lag:max"]) == (20.0, 9)
    assert set(numbers) == {*COUNTS, "lag:max", "lag:end"} - AUDITED
