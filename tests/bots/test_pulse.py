"""A crowd's pulse: what adds up, and what is told once."""

import pytest

from bots.orders import encode, read_word
from bots.pulse import Chorus, Pulse, feel, merge, settle
from bots.report import Latency, Tally


def _latency(*milliseconds: float) -> Latency:
    latency = Latency()
    for each in milliseconds:
        latency.record(each)
    return latency


def test_a_histogram_that_was_encoded_is_the_same_when_decoded() -> None:
    """Two of 1 ms and one of 30 ms."""
    latency = _latency(1.0, 1.0, 30.0)
    assert Latency.decode(latency.encode()).spread() == latency.spread()


def test_the_pulses_of_two_processes_are_one_crowd() -> None:
    """Counts add up, the later moment counts, and of four latencies the longest is 40 ms."""
    one = Pulse(at_s=3.0, players=10, offered=100, late=1, accept=_latency(1.0, 2.0).encode())
    other = Pulse(at_s=3.1, players=5, offered=50, ticks=7, accept=_latency(40.0, 3.0).encode())
    both = merge([one, other])
    assert (both.at_s, both.players, both.offered, both.ticks, both.late) == (3.1, 15, 150, 7, 1)
    accept = Latency.decode(both.accept).spread()
    assert (accept.n, accept.max) == (4, pytest.approx(40.0, rel=0.001))
    assert Latency.decode(both.adaptation).spread().n == 0


def test_nobodys_pulse_is_nothing() -> None:
    """Before anybody has told."""
    assert merge([]) == Pulse(at_s=0.0)


def test_a_tally_is_felt_and_another_settled_to_the_same() -> None:
    """What a child counted is what its parent knows: counts as they stand, latencies pulse by pulse."""
    here, there = Tally(), Tally()
    for offered, milliseconds in ((10, 5.0), (25, 7.0)):
        here.offered, here.sent, here.acked = offered, offered, offered - 1
        here.adaptation.record(milliseconds)
        here.lately = _latency(milliseconds)
        settle(there, feel(here, 1.0, 4, dropped=0, accept=_latency(milliseconds)))
    assert (there.offered, there.sent, there.acked) == (25, 25, 24)
    assert there.adaptation.spread() == here.adaptation.spread()
    assert there.accept.spread().n == 2


def test_a_chorus_tells_the_newest_counts_of_each_and_every_latency_once() -> None:
    """The first process told twice, the second once and late; what was told is not told again."""
    chorus = Chorus()
    chorus.hear(0, Pulse(at_s=1.0, offered=10, accept=_latency(1.0).encode()))
    chorus.hear(0, Pulse(at_s=2.0, offered=30, accept=_latency(2.0).encode()))
    chorus.hear(1, Pulse(at_s=1.0, offered=5, accept=_latency(3.0).encode()))
    first, second = chorus.together(), chorus.together()
    assert (first.at_s, first.offered, Latency.decode(first.accept).spread().n) == (2.0, 35, 3)
    assert (second.offered, Latency.decode(second.accept).spread().n) == (35, 0)


def test_of_a_process_that_is_gone_its_counts_stay_and_its_players_do_not() -> None:
    """Four sat there and nine events had happened; one that never told anything is gone without a trace."""
    chorus = Chorus()
    chorus.hear(0, Pulse(at_s=1.0, players=4, offered=9))
    chorus.silence(0)
    chorus.silence(1)
    assert (chorus.together().players, chorus.together().offered) == (0, 9)


def test_a_pulse_travels_as_a_word() -> None:
    """What a child writes is what its parent reads."""
    pulse = Pulse(at_s=1.5, players=3, accept=_latency(2.0).encode())
    assert read_word(encode(pulse)) == pulse
