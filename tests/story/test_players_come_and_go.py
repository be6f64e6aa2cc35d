"""Bots that take breaks and leave by a churn family, and what the workers believe of them from their events alone."""

from collections import defaultdict

from msgspec.structs import replace

from bots.churn import LastThree
from bots.fleet import SLOT_S
from contract.codec import encode, read_event
from contract.events import Event, RapidFinished, SessionStarted
from contract.signals import Signals
from processors.player import Player, step
from tests.bots.shore import crowd

SECONDS = 330.0


def lived() -> list[Event]:
    """Some minutes of four players who sit for two rounds at a time, as their events lie on the topic."""
    fleet, bank, _ = crowd(4, SECONDS, family=LastThree)
    for seat in fleet.seats:
        seat.life = replace(seat.life, sitting_rounds=2.0)
    for slot in range(round(SECONDS / SLOT_S)):
        fleet.play_slot(slot, late=False)
    fleet.everybody_up(SECONDS)
    read = [read_event(encode(event), event.time) for event in bank.events]
    assert all(isinstance(event, Event) for event in read)
    return [event for event in read if isinstance(event, Event)]


def test_who_comes_back_after_a_break_is_believed_to_have_been_away() -> None:
    """Sessions and rounds are counted as they were, an absence has a length, and rounds of a sitting begin anew."""
    events = lived()
    players = defaultdict[str, Player](Player)
    believed: dict[str, Signals] = {}
    for event in events:
        players[event.subject], told = step(players[event.subject], event)
        believed[event.subject] = told or believed[event.subject]
        if isinstance(event.data, SessionStarted):
            assert believed[event.subject].session_rounds == 0
    for name, signals in believed.items():
        own = [event.data for event in events if event.subject == name]
        assert signals.sessions == sum(isinstance(fact, SessionStarted) for fact in own)
        assert signals.rounds == sum(isinstance(fact, RapidFinished) for fact in own)
        assert (signals.absence_ratio > 0.0) is (signals.sessions > 1)
    assert max(signals.sessions for signals in believed.values()) >= 3
    assert any(signals.quit_after_loss for signals in believed.values())
