"""Sittings one after the other: the river waits where it was left, and a pause is nobody's play."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

import pytest
from msgspec.structs import replace

from contract.adaptations import Adaptation
from contract.course import designed_difficulty
from contract.events import Event, PlayPaused, PlayResumed, RapidFinished, RapidStarted
from contract.signals import Signals
from engagement_api.trial import PolicyName
from game_client.frame import Input
from game_client.journal import Journal
from game_client.loop import play
from game_client.scene import Preferences
from game_client.session import sit_down
from tests.game_client.props import STARTED, LeapingClock, NullWindow, doors, sitting
from tests.story.answered import PLAYER, AnsweredWire, drifting, presses
from tests.story.arms import POLICIES, under
from tests.story.river_loop import Game, Watchers, nobody

A_DAY_S: Final = 86_400.0


class Traveller:
    """Somebody with one journey and many sittings, who lets the autopilot paddle unless there is a script."""

    def __init__(self, policy: PolicyName = "P2") -> None:
        self.wire = AnsweredWire(under(policy))
        self.rapid = 1
        self._clock = LeapingClock()
        self._sittings = 0

    def sit(self, seconds: float, script: Iterator[Input] | None = None) -> list[RapidStarted]:
        """A sitting at the rapid that waits, until `seconds` are over; the rounds it began."""
        dice, window = Random(1), NullWindow(script or drifting(seconds + 1.0))
        session = sit_down(Preferences(), (), dice, autopilot=script is None, rapid=self.rapid)
        self._sittings += 1
        journal = Journal(PLAYER, f"s-{self._sittings}", "/test")
        before = len(self.wire.events)
        stage = replace(doors(window, self.wire, []), clock=self._clock, keep=self._keep)
        play(session, (STARTED,), journal, stage, dice, seconds=seconds)
        self._clock.at_s += A_DAY_S
        return [event.data for event in self.wire.events[before:] if isinstance(event.data, RapidStarted)]

    def next_day(self) -> tuple[RapidStarted, Adaptation]:
        """Five seconds of another sitting: the one round it began, and its first goal."""
        goals = len(self.wire.watchers.goals)
        (started,) = self.sit(5.0)
        return started, self.wire.watchers.goals[goals].data

    def outcomes(self) -> list[str]:
        """How every round ended."""
        return [fact.outcome for fact in self.wire.facts if isinstance(fact, RapidFinished)]

    def _keep(self, _preferences: object, _bests: object, rapid: int) -> None:
        self.rapid = rapid


@pytest.mark.parametrize("policy", POLICIES)
def test_the_next_day_begins_one_rapid_on_and_the_first_goal_is_for_that_one(policy: PolicyName) -> None:
    """Rapid 1 cleared in 25 s, the sitting over while its end is on show: on the morrow rapid 2, as it was decided."""
    traveller = Traveller(policy)
    traveller.sit(26.5)
    assert traveller.outcomes() == ["cleared"]
    started, first = traveller.next_day()
    assert (started.rapid, first.evidence["rapid"]) == (2, 2.0)
    assert started.difficulty == first.difficulty
    assert first.control == pytest.approx(designed_difficulty(2))
    assert policy != "P0" or started.difficulty == first.control


@pytest.mark.parametrize("policy", POLICIES)
def test_who_got_up_in_the_middle_of_a_rapid_finds_that_one_again_and_a_goal_that_fits_it(policy: PolicyName) -> None:
    """Rapid 1 cleared and rapid 2 left half way: it is rapid 2 that waits, not the third, for game and judge alike."""
    traveller = Traveller(policy)
    traveller.sit(35.0)
    assert traveller.outcomes() == ["cleared", "abandoned"]
    started, first = traveller.next_day()
    assert (started.rapid, first.evidence["rapid"]) == (2, 2.0)
    assert started.difficulty == first.difficulty
    assert first.control == pytest.approx(designed_difficulty(2))


def test_who_begins_the_journey_anew_is_as_far_from_the_designers_river_as_before() -> None:
    """The goal that waited was for another rapid; the first one is not played as if it were that."""
    traveller = Traveller("P2")
    traveller.sit(85.0)
    waited = traveller.rapid
    assert waited > 2
    anew = iter([*presses("down", "return"), *drifting(3.0)])
    goals = len(traveller.wire.watchers.goals)
    (started,) = traveller.sit(4.0, anew)
    first = traveller.wire.watchers.goals[goals].data
    assert first.control is not None
    assert first.evidence["rapid"] == waited
    assert started.rapid == 1
    assert started.difficulty - designed_difficulty(1) == pytest.approx(first.difficulty - first.control)


def test_pausing_changes_no_belief() -> None:
    """The same ten seconds of play, in one piece and with a minute's pause in the middle: the same in every signal."""
    whole = believed([*presses("return"), *drifting(10.0)])
    pause = (*presses("p"), *drifting(60.0), *presses("p"))
    broken = believed([*presses("return"), *drifting(5.0), *pause, *drifting(5.0 - 1 / 60)])
    assert [name for name in Signals.__struct_fields__ if getattr(whole, name) != _about(getattr(broken, name))] == []


def believed(script: list[Input]) -> Signals:
    """What is believed after such a sitting, days aside."""
    wire = AnsweredWire()
    sitting(NullWindow(script), wire)
    pauses = [event for event in wire.events if isinstance(event.data, PlayPaused | PlayResumed)]
    assert len(pauses) in {0, 2}
    assert pauses == [] or seconds_between(pauses) == pytest.approx(60.0, abs=0.1)
    return replace(wire.watchers.beliefs[-1].data, days=0.0)


def seconds_between(events: list[Event]) -> float:
    """From the first to the last."""
    first: datetime = events[0].time
    return (events[-1].time - first) / timedelta(seconds=1)


def _about(value: object) -> object:
    return pytest.approx(value, abs=1e-3) if isinstance(value, float) else value


def test_a_game_that_was_killed_on_the_water_finds_the_rapid_it_was_on() -> None:
    """Rapid 1 cleared and rapid 2 begun, then not a word more: the next day's first goal is for rapid 2."""
    game = Game("ada", nobody, Watchers())
    game.rounds_of("W")
    game.now += timedelta(days=1)
    game.journal = replace(game.journal, session="the next day", sequence=0)
    game.tell(STARTED)
    assert game.watchers.goal().evidence["rapid"] == 2.0
    assert game.watchers.goal().control == pytest.approx(designed_difficulty(2))
