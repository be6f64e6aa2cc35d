"""Who sits in the fleet's seats: players who come, take breaks and go, and keep what they are like to themselves."""

import asyncio
import itertools
import random
import statistics
from collections import defaultdict

import msgspec
import pytest

from bots.churn import BadFamilyError, Persistence, Round
from bots.fleet import SLOT_S, SLOTS
from bots.mind import PERSONAS
from bots.seats import Seat, absence_s, vacancy_s
from contract.codec import encode
from contract.events import (
    Event,
    HintFollowed,
    RapidFinished,
    RewardClaimed,
    RewardGranted,
    SessionEnded,
    SessionStarted,
)
from tests.bots.shore import crowd, goal, played


class Fickle:
    """A family whose players leave for good after the second round."""

    def __init__(self, dice: random.Random, /) -> None:
        """All alike."""

    def leaves(self, played: Round, /) -> float:
        """Certainly, after two."""
        return float(played.number >= 2)


def test_what_a_bot_is_like_inside_is_in_none_of_its_events() -> None:
    """Dozens of rounds: no event names a persona, a family or a latent, and no number in it is one.

    Looked for is all that a player ever was like: drawn, learned, in form from round to round, patience and boredom.
    """
    fleet, bank, _ = crowd(12, 100.0, clock=lambda: 20.0, family=Persistence)
    latents = defaultdict[str, set[float]](set)
    for slot in range(round(100.0 / SLOT_S)):
        fleet.play_slot(slot, late=False)
        if slot % (30 * SLOTS) == 0:  # every second: a form lasts longer
            for seat in fleet.seats:
                latents[seat.player] |= set(latent(seat))
        if slot == 600 * SLOTS:
            for seat in fleet.seats:
                fleet.heard(goal(seat.player, seat.journal.session, hint="brake_early"))
    words = {*PERSONAS, "persist", "boredom", "skill", "latent", "persona", "patience", "family", "blur", "lapse"}
    rounds = 0
    for event in bank.events:
        text = encode(event).decode()
        assert not [word for word in words if word in text]
        assert not latents[event.subject] & set(numbers(msgspec.to_builtins(event)))
        rounds += isinstance(event.data, RapidFinished)
    assert rounds > 24
    assert all(len(known) > 10 for known in latents.values())


def latent(seat: Seat) -> list[float]:
    """Every number that a player is like inside at the moment; a round number could be in an event by chance."""
    life, family = seat.life, seat.family
    known = [life.latents, *([seat.sitting.life.latents, seat.sitting.paddler.form] if seat.sitting else [])]
    found = [number for each in known for number in numbers(msgspec.to_builtins(each))]
    found += [getattr(family, name) for name in Persistence.__slots__ if name != "_since_s"]  # active time is told
    found += [seat.sitting.paddler.skill, seat.sitting.life.skill] if seat.sitting else []
    return [number for number in found if number != round(number, 2)]


def numbers(value: object) -> list[float]:
    """Every number anywhere in it."""
    match value:
        case dict():
            return [number for inner in value.values() for number in numbers(inner)]
        case float():
            return [value]
        case _:
            return []


def test_whoever_leaves_for_good_makes_room_for_somebody_new() -> None:
    """Everybody leaves after two rounds: the session ends as quit, and the seat is soon another player's.

    The crowd keeps its size, and nobody who left for good is ever heard of again.
    """
    fleet, bank, tally = crowd(6, 100.0, family=Fickle)
    sizes = []
    for slot in range(round(100.0 / SLOT_S)):
        fleet.play_slot(slot, late=False)
        sizes.append(sum(seat.sitting is not None and not seat.sitting.gone for seat in fleet.seats))
    quitted = [event for event in bank.events if isinstance(event.data, SessionEnded) and event.data.reason == "quit"]
    last = {event.subject: event for event in bank.events}
    left = [event.subject for event in quitted if event is last[event.subject] and event.data.rapids == 2]
    assert tally.left == len(fleet.players) - 6 >= 6
    assert set(left) <= set(fleet.players) - {seat.player for seat in fleet.seats}
    assert len({seat.life.latents.skill for seat in fleet.seats}) == 6
    settled = sizes[len(sizes) // 4 :]
    assert sum(settled) / len(settled) > 0.75 * 6


def test_a_new_player_is_followed_and_one_who_left_is_not() -> None:
    """The river is told who is there now, over the connection there is: one, for so few."""
    fleet, _, tally = played(2, 80.0, family=Fickle)
    here = {seat.player for seat in fleet.seats}
    assert tally.left
    (following,) = fleet.followings
    assert set(following._players) == here
    fleet.heard(goal(next(iter(set(fleet.players) - here)), "s"))
    assert tally.decided == 0


def test_a_player_who_had_a_rest_comes_back_in_a_new_session() -> None:
    """The same name, a new session that names the one before, a count that starts anew, rapids that go on."""
    fleet, bank, tally = crowd(3, 240.0, persona="expert", family=Persistence)
    for seat in fleet.seats:
        seat.life = msgspec.structs.replace(seat.life, sitting_rounds=2.0)
    for slot in range(round(240.0 / SLOT_S)):
        fleet.play_slot(slot, late=False)
    fleet.everybody_up(240.0)
    sessions = defaultdict[str, list[Event]](list)
    for event in bank.events:
        if isinstance(event.data, SessionStarted):
            assert event.sequence == 1
            sessions[event.subject].append(event)
    assert tally.sittings == sum(len(each) for each in sessions.values()) > len(sessions)
    for begun in sessions.values():
        before = [None, *(event.sessionid for event in begun)]
        assert [event.data.previous_session for event in begun] == before[:-1]  # type: ignore[union-attr] # all began


class Late(Fickle):
    """A family whose fault shows only while it plays."""

    def leaves(self, played: Round, /) -> float:
        """Nothing that could be said."""
        return 1.0 / (played.number - 1)


async def test_a_fault_that_shows_late_ends_the_run_properly_and_says_where_it_is() -> None:
    """Everybody gets up, and the sentence is that of a bad family, with the round."""
    fleet, bank, _ = crowd(2, 3600.0, clock=itertools.count(0.0, 1.0).__next__, family=Late)
    with pytest.raises(BadFamilyError, match=r"'Late' fails in round 1: ZeroDivisionError"):
        await fleet.play(asyncio.Event())
    ends = sum(isinstance(event.data, SessionEnded) for event in bank.events)
    assert ends == sum(isinstance(event.data, SessionStarted) for event in bank.events) > 0


def test_breaks_and_vacancies_are_exponential() -> None:
    """A minute and five seconds on average, half of them shorter than ln 2 of that: 41.6 and 3.5 s."""
    dice = random.Random(1)
    breaks, gaps = [absence_s(dice) for _ in range(4000)], [vacancy_s(dice) for _ in range(4000)]
    assert statistics.fmean(breaks) == pytest.approx(60.0, rel=0.06)
    assert statistics.median(gaps) == pytest.approx(3.47, rel=0.06)


def test_without_a_family_nobody_takes_a_break_and_only_quitters_leave() -> None:
    """Personas are to be watched and to make load: three novices sit as long as the run lasts."""
    _, bank, tally = played(3, 60.0, persona="novice")
    assert (tally.left, tally.sittings) == (0, 3)
    assert len({event.sessionid for event in bank.events}) == 3


def test_with_a_family_the_crowd_is_the_population() -> None:
    """Personas as often as skill N(0, 1) has them: of a hundred, more than one and none of them all alike."""
    fleet, _, _ = crowd(100, 1.0, family=Fickle)
    assert set(fleet.players.values()) == set(PERSONAS)
    assert abs(statistics.fmean(seat.life.latents.skill for seat in fleet.seats)) < 0.3


def test_some_follow_a_hint_and_most_who_come_near_take_a_reward() -> None:
    """Twenty bots are told to brake early, which some twelve do; a golden line floats in a gate, which most pass."""
    fleet, bank, _ = crowd(20, 60.0, clock=lambda: 6.0)
    for slot in range(SLOTS * 30 * 30):
        if slot == SLOTS * 30 * 16:
            for seat in fleet.seats:
                fleet.heard(goal(seat.player, seat.journal.session, hint="brake_early", reward="golden_line"))
        fleet.play_slot(slot, late=False)
    told = [type(event.data) for event in bank.events]
    assert 6 <= told.count(HintFollowed) <= 18
    assert told.count(RewardGranted) >= 8
    assert told.count(RewardClaimed) >= 6
