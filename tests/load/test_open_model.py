"""The open model is honest: a river, a broker or a generator that stalls makes latency longer and never fewer.

Latencies count from when an event was *due*. A closed model, which waits for an answer before it asks again, would make
one slow measurement of a stall of seconds (Tene's coordinated omission); here everything due meanwhile has waited too.
"""

from datetime import timedelta

from bots.fleet import SLOT_S, SLOTS
from load.thresholds import Measured, judge, parse
from tests.bots.shore import NOON, crowd, goal

STALL_S = 5.0


class Clock:
    """Seconds since noon, as a test sets them."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_river_that_stalls_makes_the_answer_as_late_as_it_is_and_the_crowd_plays_on() -> None:
    """Ten players for five seconds; the goals their first events asked for come after a stall of five seconds."""
    clock = Clock()
    fleet, bank, tally = crowd(10, 60.0, clock)
    for slot in range(round(20.0 / SLOT_S)):  # 15 s until everybody sits, and 5 s of play
        fleet.play_slot(slot, late=False)
    before = tally.offered
    for slot in range(round(20.0 / SLOT_S), round((20.0 + STALL_S) / SLOT_S)):
        fleet.play_slot(slot, late=False)
    assert tally.offered > before  # nobody waited for the river
    clock.now_s = STALL_S
    for player in {event.subject: event for event in bank.events}.values():
        fleet.heard(goal(player.subject, player.sessionid))  # caused by an event of noon
    assert tally.applied == tally.adaptation.spread().n == 10
    judged = judge(parse("e2e_ms:p50>4999"), Measured({"adaptation": tally.adaptation}, {}))
    assert judged.holds  # every one of them waited five seconds; none counts from when the river was free again


def test_a_generator_that_stalls_stamps_its_events_with_when_they_were_due() -> None:
    """It stands still for five seconds, then catches up: the steps are late, and their events five seconds old."""
    clock = Clock()
    fleet, bank, tally = crowd(4, 8.0, clock)
    due = 2 * SLOTS * 30
    for slot in range(due):
        fleet.play_slot(slot, late=False)
    told = len(bank.events)
    clock.now_s = due * SLOT_S + STALL_S
    late_s = STALL_S
    for slot in range(due, due + SLOTS * 30):
        fleet.play_slot(slot, late=True)
    fresh = bank.events[told:]
    assert fresh
    now = NOON + timedelta(seconds=clock.now_s)
    youngest = min(now - event.time for event in fresh)
    assert youngest >= timedelta(seconds=late_s - SLOTS * 30 * SLOT_S)
    assert tally.late > 0.1 * tally.ticks
    assert not judge(parse("late_share<0.01"), Measured({}, {"late_share": tally.late / tally.ticks})).holds
