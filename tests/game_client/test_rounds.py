"""How rounds begin, end, and follow one another."""

from random import Random

import pytest
from msgspec.structs import replace

from contract.course import designed_difficulty
from contract.events import RapidFinished, RapidStarted
from game_client.state import BRAKE, HULL, RIGHT, Gate
from game_client.world import abandon, advance, begin, proceed
from tests.game_client.props import goal, laid, steps, to_the_end


def test_a_round_begins_at_the_top_with_a_whole_hull() -> None:
    """The start is told with everything needed to make the same rapid again."""
    world, told = begin(3, 2, -0.2, 77, best=400)
    assert told == (RapidStarted(3, 2, -0.2, "III", 77),)
    assert (world.kayak.y, world.kayak.hull, world.score, world.best, world.phase) == (0.0, HULL, 0, 400, "running")


def test_an_empty_river_is_cleared_by_drifting() -> None:
    """100 m at 5 m/s are 20 s; 250 points for the end and 100 for each knock left."""
    world, told = to_the_end(laid())
    assert told == [
        RapidFinished(
            rapid=1,
            attempt=1,
            outcome="cleared",
            active_s=pytest.approx(20.0, abs=0.04),
            score=550,
            progress=1.0,
            gates=0,
            gates_passed=0,
            hull_left=3,
            difficulty=0.2,
            swamped_by=None,
        )
    ]
    assert world.best == 550


def test_who_dawdles_loses_the_light() -> None:
    """Braked at the bank the water goes 0.6 x 0.56 of 5 m/s: 45 s are not enough for 100 m."""
    world, told = to_the_end(laid(), lambda _: BRAKE | RIGHT)
    assert (world.outcome, world.swamped_by) == ("swamped", "time")
    assert world.clock == pytest.approx(45.0, abs=0.04)
    assert [type(fact).__name__ for fact in told] == ["StrokeMade", "StrokeMade", "RapidFinished"]


def test_a_lost_run_is_no_best_run() -> None:
    """Points of a run that does not count are shown and not kept."""
    gates = (Gate(0.0, 5.0, 1.0), *(Gate(5.0, 10.0 * number, 0.5) for number in (1, 2, 3)))
    world, _ = to_the_end(laid(gates=gates))
    assert world.outcome == "swamped"
    assert world.best == 0


def test_given_up_is_over() -> None:
    """The round ends as abandoned, once."""
    world, told = abandon(steps(laid(), 0, 30)[0])
    assert isinstance(told[0], RapidFinished)
    assert (told[0].outcome, told[0].swamped_by) == ("abandoned", None)
    assert told[0].progress == pytest.approx(0.05)
    assert abandon(world) == (world, ())


def test_a_round_that_is_over_stands_still() -> None:
    """Nothing moves, nothing is told, no dice are thrown."""
    world, _ = to_the_end(laid())
    dice = Random(3)
    assert advance(world, RIGHT, 1 / 30, dice) == (world, ())
    assert dice.random() == Random(3).random()


def test_after_a_cleared_rapid_comes_the_next_one() -> None:
    """Its number rises and its attempts begin again, on the designer's curve when nobody asks for another."""
    world, told = proceed(to_the_end(laid())[0], Random(5))
    (started,) = told
    assert isinstance(started, RapidStarted)
    assert (started.rapid, started.attempt, started.difficulty) == (2, 1, designed_difficulty(2))
    assert world.phase == "running"


def test_after_a_lost_rapid_comes_another_attempt_on_a_new_river() -> None:
    """The number stays, the attempt rises, the seed is new."""
    lost, _ = abandon(begin(4, 1, 0.0, 9)[0])
    world, _ = proceed(lost, Random(5))
    assert (world.rapid.number, world.rapid.attempt) == (4, 2)
    assert world.rapid.seed != lost.rapid.seed


def test_the_goal_makes_the_next_round_and_not_this_one() -> None:
    """Difficulty waits for the next round; the goal and its pace go with it."""
    wanted = goal(4, difficulty=0.9, pace=0.3)
    world = replace(to_the_end(laid())[0], goal=wanted, pace=0.3)
    assert world.rapid.difficulty == 0.2
    world, _ = proceed(world, Random(5))
    assert (world.rapid.difficulty, world.goal, world.pace) == (0.9, wanted, 0.3)
