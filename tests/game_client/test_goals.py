"""What the river does with a goal: take it, refuse it, and show its hints and rewards."""

from datetime import timedelta
from random import Random

import pytest

from contract.course import designed_difficulty
from contract.envelope import Cause
from contract.events import (
    AdaptationApplied,
    AdaptationExpired,
    AdaptationRejected,
    ConsentChanged,
    HintFollowed,
    HintShown,
    RewardClaimed,
    RewardGranted,
)
from game_client.state import BRAKE, Gate, World
from game_client.world import abandon, adapt, begin, leave_alone, proceed
from tests.game_client.props import NOON, at, goal, laid, steps


def test_a_goal_is_taken_with_its_pace_at_once_and_answered_with_the_loops_time() -> None:
    """The event behind it happened 40 ms before now, by the same clock."""
    world, told = adapt(laid(), goal(3, pace=0.4), NOON)
    assert told == (AdaptationApplied(3, 40.0),)
    assert world.pace == 0.4
    assert world.rapid.difficulty == 0.2


def test_the_same_goal_twice_is_answered_once() -> None:
    """After a reconnect the present goal comes again, and changes nothing."""
    world, _ = adapt(laid(), goal(3), NOON)
    assert adapt(world, goal(3), NOON) == (world, ())


def test_the_highest_revision_wins_in_any_order() -> None:
    """An older goal that arrives late is refused with a reason."""
    world, _ = adapt(laid(), goal(5, difficulty=1.0), NOON)
    late, told = adapt(world, goal(4, difficulty=-1.0), NOON)
    assert late == world
    assert told == (AdaptationRejected(4, 40.0, "Revision 5 was taken before it."),)


def test_a_goal_past_its_time_is_told_as_expired() -> None:
    """At the very moment it expires it is too late."""
    world = laid()
    assert adapt(world, goal(3, expires=NOON), NOON)[0] == world
    (told,) = adapt(world, goal(3, expires=NOON), NOON)[1]
    assert isinstance(told, AdaptationExpired)
    assert adapt(world, goal(3, expires=NOON + timedelta(milliseconds=1)), NOON)[1] == (AdaptationApplied(3, 40.0),)


def test_a_clock_set_back_makes_no_negative_latency() -> None:
    """A goal cannot come before the event it answers."""
    assert adapt(laid(), goal(3), NOON - timedelta(seconds=5))[1] == (AdaptationApplied(3, 0.0),)


def test_who_asked_to_be_left_alone_is_left_alone() -> None:
    """No goal is taken any more, those taken are forgotten, the next river is the designer's."""
    world, _ = adapt(laid(), goal(3, difficulty=2.0, pace=0.1), NOON)
    world, told = leave_alone(world, consent=False)
    assert told == (ConsentChanged(consent=False),)
    assert (world.goal, world.pace) == (None, 1.0)
    refused, (answer,) = adapt(world, goal(4), NOON)
    assert refused == world
    assert isinstance(answer, AdaptationRejected)
    following, _ = proceed(abandon(world)[0], Random(1))
    assert following.rapid.difficulty == designed_difficulty(1)
    assert following.consent is False


def test_saying_the_same_about_consent_twice_is_told_once() -> None:
    """Only a change is a fact."""
    world, _ = leave_alone(laid(), consent=False)
    assert leave_alone(world, consent=False) == (world, ())
    assert leave_alone(world, consent=True)[1] == (ConsentChanged(consent=True),)


def hinted(hint: str, **river: object) -> World:
    """A round in which the hint has just appeared."""
    world, told = adapt(laid(**river), goal(3, hint=hint), NOON)
    assert told == (AdaptationApplied(3, 40.0), HintShown(hint, 3))
    return world


def test_braking_for_a_second_follows_the_hint_to_brake() -> None:
    """29 steps are too few, the 30th does it, and the hint goes."""
    world, told = steps(hinted("brake_early"), BRAKE, 29)
    assert world.hint == "brake_early"
    world, told = steps(world, BRAKE, 2)
    assert told == [HintFollowed("brake_early", 3)]
    assert world.hint is None


def test_passing_a_gate_follows_the_hint_to_line_up() -> None:
    """A missed one does not."""
    missed = (Gate(5.0, 5.0, 1.0), Gate(0.0, 10.0, 1.0))
    _, told = steps(hinted("line_up_the_gate", gates=missed), 0, 75)
    assert [type(fact).__name__ for fact in told] == ["GateMissed", "GatePassed", "HintFollowed"]


def test_a_hint_not_followed_goes_by_itself() -> None:
    """After twelve seconds of play it has been seen."""
    world, told = steps(hinted("use_the_eddy", length=1000.0), 0, 359)
    assert world.hint == "use_the_eddy"
    assert steps(world, 0, 3)[0].hint is None
    assert told == []


@pytest.mark.parametrize(
    ("reward", "value", "effect"),
    [("golden_line", 200, "golden"), ("calm_water", 100, "rest_until"), ("spare_hull", 100, "hull")],
)
def test_a_reward_floats_in_a_gate_out_of_sight_and_is_taken_by_going_there(
    reward: str, value: int, effect: str
) -> None:
    """Sight is 34 m: of gates at 30 and 40 m it is put into the second, eight seconds away."""
    river = laid(gates=(Gate(0.0, 30.0, 2.0), Gate(0.0, 40.0, 2.0)))
    world, _ = adapt(river, goal(3, reward=reward), NOON)
    world, told = steps(world)
    assert told == [RewardGranted(reward, value, 3)]
    assert world.gift is not None
    assert world.gift.y == 40.0
    world, told = steps(world, 0, 241)
    assert told[-1] == RewardClaimed(reward, value, 3)
    assert world.gift is None
    assert world.score == 100 + 125 + value
    if effect == "hull":
        assert world.kayak.hull == 4
    else:
        assert getattr(world, effect) > 0


def test_a_reward_passed_by_is_gone() -> None:
    """Too far to the side, nothing is claimed."""
    world, _ = adapt(laid(gates=(Gate(3.0, 40.0, 4.0),)), goal(3, reward="spare_hull"), NOON)
    world, told = steps(world, 0, 245)
    assert [type(fact).__name__ for fact in told] == ["RewardGranted", "GatePassed"]
    assert world.gift is None


def test_a_reward_without_a_gate_left_waits_for_the_next_round() -> None:
    """Nothing appears before the player's eyes; it is owed, and floats in the next rapid."""
    world, _ = adapt(at(begin(1, 1, 0.0, 5)[0], 0.0, 120.0), goal(3, reward="golden_line"), NOON)
    world, told = steps(world)
    assert not any(isinstance(fact, RewardGranted) for fact in told)
    world, told = steps(proceed(abandon(world)[0], Random(1))[0])
    assert told[-1] == RewardGranted("golden_line", 200, 3)


def test_a_player_who_was_forgotten_hears_the_river_again() -> None:
    """Revision 1 after revision 40 is taken when it answers a later event, and stays refused when it is only late."""
    world, _ = adapt(laid(), goal(40, cause=Cause("s-1", 7, NOON)), NOON)
    anew, told = adapt(world, goal(1, cause=Cause("s-1", 8, NOON)), NOON)
    assert told == (AdaptationApplied(1, 0.0),)
    assert anew.goal is not None
    assert anew.goal.revision == 1
    assert adapt(world, goal(39, cause=Cause("s-1", 7, NOON)), NOON)[0] == world
    assert adapt(world, goal(1, cause=Cause("s-2", 1, NOON + timedelta(seconds=1))), NOON)[0].goal is not world.goal
    assert adapt(world, goal(1, cause=Cause("s-0", 9, NOON - timedelta(seconds=1))), NOON)[0] == world
