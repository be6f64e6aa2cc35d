"""A crowd in one loop: on an absolute schedule, counted honestly, and silent about what its bots are like inside."""

import asyncio
import itertools
from collections import defaultdict
from datetime import timedelta

import msgspec
import pytest

from bots.fleet import SLOT_S, SLOTS
from bots.mind import PERSONAS
from bots.schedule import Point
from bots.seats import Seat
from bots.sitting import get_up
from contract.codec import EVENT_BYTES, encode, read_event
from contract.events import Event, SessionEnded, SessionStarted
from tests.bots.shore import NOON, crowd, goal, played


def test_every_event_of_a_crowd_can_be_read_and_every_session_counts_without_gaps() -> None:
    """Ten bots, ten seconds: sequences 1, 2, 3, ... per session, ids never twice, all labelled as bots."""
    _, bank, tally = played(10, 10.0)
    sequences = defaultdict[str, list[int]](list)
    for event in bank.events:
        assert isinstance(read_event(encode(event), event.time), Event)
        assert len(encode(event)) < EVENT_BYTES
        sequences[event.sessionid].append(event.sequence)
    assert len(sequences) == 10
    assert all(counted == list(range(1, len(counted) + 1)) for counted in sequences.values())
    assert len({event.id for event in bank.events}) == len(bank.events) == tally.offered
    assert {event.playerkind for event in bank.events} == {"bot"}


def test_everybody_who_sat_down_gets_up() -> None:
    """When the time is over every session that was started is ended, once, as its last event."""
    _, bank, _ = played(12, 6.0)
    last = {event.sessionid: event for event in bank.events}
    started = {event.sessionid for event in bank.events if isinstance(event.data, SessionStarted)}
    assert len(started) == 12
    assert all(isinstance(last[session].data, SessionEnded) for session in started)
    assert sum(isinstance(event.data, SessionEnded) for event in bank.events) == 12


def test_a_seat_starts_once_a_tick_and_an_empty_one_does_not() -> None:
    """One second of 30 ticks: a bot sits down in the first and moves in 29; before it came, its seat counts nothing."""
    assert played(1, 1.0)[2].ticks == 30
    fleet, _, tally = crowd(1, 60.0, schedule=(Point(0.0, 0), Point(0.5, 0), Point(0.5, 1), Point(60.0, 1)))
    for slot in range(SLOTS * 15):
        fleet.play_slot(slot, late=False)
    assert tally.ticks == 0
    fleet.play_slot(SLOTS * 15, late=True)
    assert (tally.ticks, tally.late, fleet.sitting) == (1, 1, 1)


def test_arrivals_are_spread() -> None:
    """Of thirty-two bots the first sits down at once, the last when 31/32 of 0.25 s are over."""
    _, bank, _ = played(32, 1.0)
    arrived = [event.time for event in bank.events if isinstance(event.data, SessionStarted)]
    assert arrived[0] == NOON
    assert timedelta(seconds=0.24) < max(arrived) - NOON <= timedelta(seconds=0.25 + 1 / 30)


def test_events_carry_the_time_their_step_was_due() -> None:
    """A generator that runs late makes latencies worse, it does not hide them."""
    fleet, bank, _ = crowd(1, 60.0, clock=lambda: 1000.0)
    fleet.play_slot(0, late=True)
    fleet.everybody_up(SLOT_S)
    assert {event.time for event in bank.events} == {NOON, NOON + timedelta(seconds=SLOT_S)}


async def test_steps_that_begin_more_than_ten_milliseconds_late_are_counted_and_none_is_skipped() -> None:
    """The clock says 170.1 ms all along: starts due at 0, 33, 67, 100 and 133 ms are late, that at 167 ms is not."""
    fleet, _, tally = crowd(1, 0.17, clock=itertools.repeat(0.1701).__next__)
    await fleet.play(asyncio.Event())
    assert (tally.ticks, tally.late) == (6, 5)


async def test_a_crowd_that_is_stopped_early_gets_up_properly() -> None:
    """Ctrl-C is a stop like the end of the time."""
    fleet, bank, _ = crowd(4, 3600.0, clock=itertools.count(0.0, SLOT_S).__next__)
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, stop.set)
    await fleet.play(stop)
    started = sum(isinstance(event.data, SessionStarted) for event in bank.events)
    assert started == sum(isinstance(event.data, SessionEnded) for event in bank.events)


async def test_a_crowd_that_is_cancelled_gets_up_properly_too() -> None:
    """Nobody is left sitting, however the run ends."""
    fleet, bank, _ = crowd(4, 3600.0, clock=itertools.count(0.0, SLOT_S).__next__)
    playing = asyncio.create_task(fleet.play(asyncio.Event()))
    asyncio.get_running_loop().call_later(0.05, playing.cancel)
    with pytest.raises(asyncio.CancelledError):
        await playing
    started = sum(isinstance(event.data, SessionStarted) for event in bank.events)
    assert started == sum(isinstance(event.data, SessionEnded) for event in bank.events) > 0


def test_a_goal_reaches_its_own_river_alone_and_the_answer_is_counted() -> None:
    """One bot's river takes it, tells so, and the latency is what its own clock says: 2 s after the cause."""
    fleet, bank, tally = crowd(3, 6.0, clock=lambda: 2.0)
    for slot in range(SLOTS * 60):
        fleet.play_slot(slot, late=False)
    told = len(bank.events)
    seat = fleet.seats[1]
    fleet.heard(goal(seat.player, seat.journal.session))
    assert [(event.subject, event.__struct_config__.tag) for event in bank.events[told:]] == [
        (seat.player, "whitewater.adaptation.applied")
    ]
    assert [other.sitting.world.goal is not None for other in fleet.seats if other.sitting] == [False, True, False]
    assert (tally.decided, tally.applied, tally.rejected) == (1, 1, 0)
    assert tally.adaptation.spread().max == pytest.approx(2000, rel=0.001)


def test_a_goal_for_a_stranger_or_for_a_bot_that_has_left_is_no_trouble() -> None:
    """Late goals come; nobody is there to take them, and a stranger's is not counted."""
    fleet, bank, tally = played(2, 2.0)
    told = len(bank.events)
    fleet.heard(goal("stranger", "s"))
    fleet.heard(goal(fleet.seats[0].player, "s"))
    assert (len(bank.events), tally.decided, tally.applied) == (told, 1, 0)


def test_a_goal_that_comes_again_after_a_reconnection_is_counted_once() -> None:
    """The present goal is sent anew on every connection; it is still one goal, taken once."""
    fleet, _, tally = crowd(1, 60.0, clock=lambda: 2.0)
    fleet.play_slot(0, late=False)
    seat = fleet.seats[0]
    for _ in range(3):
        fleet.heard(goal(seat.player, seat.journal.session))
    assert (tally.decided, tally.applied, tally.rejected) == (1, 1, 0)


def test_a_crowd_of_one_persona_is_that_and_a_mixed_one_has_all() -> None:
    """Who is who is known to the fleet alone."""
    assert set(crowd(10, 1.0)[0].players.values()) == set(PERSONAS)
    assert set(crowd(10, 1.0, persona="hasty")[0].players.values()) == {"hasty"}


def test_the_same_seed_sends_out_the_same_crowd() -> None:
    """Names and ids are new each time; what the bots do is not."""

    def deeds() -> list[bytes]:
        return [msgspec.json.encode(event.data) for event in played(6, 8.0)[1].events]

    assert deeds() == deeds()
    assert isinstance(crowd(1, 1.0)[0].seats[0], Seat)


def test_whoever_is_wanted_no_longer_gets_up_properly_the_last_first() -> None:
    """Two play, one of them until the second second: its session ends then, the other's with the run."""
    fleet, bank, tally = crowd(9, 9.0, schedule=(Point(0.0, 2), Point(2.0, 2), Point(2.0, 1), Point(3.0, 1)))
    first, last = (seat.player for seat in fleet.seats)
    for slot in range(3 * SLOTS * 30):
        fleet.play_slot(slot, late=False)
    fleet.everybody_up(3.0)
    ended = [(event.subject, event.time) for event in bank.events if isinstance(event.data, SessionEnded)]
    assert [player for player, _ in ended] == [last, first]
    assert timedelta(0) <= ended[0][1] - NOON - timedelta(seconds=2.0) <= timedelta(seconds=0.001 + SLOT_S)
    assert (tally.sittings, tally.left, fleet.sitting) == (2, 0, 0)


def test_a_step_of_many_is_sat_down_one_by_one() -> None:
    """Two hundred at 0.1 s: at a thousand a second two or three fall into each 2.1 ms slot, and all sit by 0.3 s."""
    fleet, _, _ = crowd(1, 1.0, schedule=(Point(0.0, 0), Point(0.1, 0), Point(0.1, 200), Point(1.0, 200)))
    sat = [fleet._come_and_go(slot * SLOT_S) for slot in range(3 * SLOTS, 9 * SLOTS + 1)]
    assert max(sat) == 3
    assert sum(sat) == fleet.sitting == 200


def test_a_break_that_outlasts_its_shift_ends_with_the_next() -> None:
    """Away from 0.5 s until 2 s; but the seat is not wanted between 1 s and 4 s, so the player comes back at 4 s."""
    wanted = (Point(0.0, 0), Point(0.1, 1), Point(1.0, 1), Point(1.0, 0), Point(4.0, 0), Point(4.0, 1), Point(9.0, 1))
    fleet, bank, tally = crowd(1, 9.0, schedule=wanted)
    seat = fleet.seats[0]
    for slot in range(SLOTS * 30 * 5):
        if slot == SLOTS * 15:
            assert seat.sitting is not None
            seat.sitting, _ = get_up(seat.sitting, "quit")
            fleet._rise(0, 0.5)
            seat.due_s = 2.0
            fleet._agenda.append((2.0, 0, False))
        fleet.play_slot(slot, late=False)
    started = [event.time - NOON for event in bank.events if isinstance(event.data, SessionStarted)]
    assert started == [timedelta(0), timedelta(seconds=4.0)]
    assert (tally.sittings, fleet.sitting) == (2, 1)


def test_two_processes_play_what_one_would_and_have_no_player_in_common() -> None:
    """Seven players of one seed: four here and three there are like the seven, and all have names of their own."""
    whole = crowd(7, 1.0)[0]
    parts = [crowd(7, 1.0, share=(place, 2))[0] for place in range(2)]
    assert [len(part.seats) for part in parts] == [4, 3]
    lives = [str(seat.life) for part in parts for seat in part.seats]
    assert sorted(lives) == sorted(str(seat.life) for seat in whole.seats)
    assert len({seat.player for part in parts for seat in part.seats}) == 7
