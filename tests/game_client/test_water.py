"""How water and paddle move the kayak, by numbers worked out by hand.

One step is 1/30 s and the lag 1/4 s, so the kayak takes up (1/30) / (1/4 + 1/30) = 2/17 of the difference to the speed
it is going to have.
"""

from math import pi, sin

import pytest
from msgspec.structs import replace

from game_client.state import BRAKE, FORWARD, HALF_WIDTH, LEFT, RIGHT, STEP_S, Rock
from game_client.water import drift
from tests.game_client.props import at, laid, steps

STILL = 0.5
TAKEN_UP = 2 / 17


def test_the_current_alone_carries_the_kayak_at_its_own_speed() -> None:
    """5 m/s for a thirtieth of a second is a sixth of a metre."""
    kayak, _ = drift(laid(), 0, STEP_S, STILL)
    assert (kayak.x, kayak.y, kayak.vy) == pytest.approx((0.0, 5 / 30, 5.0))


def test_halfway_to_the_bank_an_eighth_of_the_current_is_missing() -> None:
    """1 - 0.5 (3/6)^2 = 0.875, and 5 m/s there are 4.375."""
    kayak, _ = drift(at(laid(), 3.0, 0.0), 0, STEP_S, STILL)
    assert kayak.vy == pytest.approx(5.0 + (4.375 - 5.0) * TAKEN_UP)


def test_behind_a_rock_the_water_is_half_as_fast() -> None:
    """A metre below a rock of one metre, in line with it."""
    kayak, _ = drift(at(laid(rocks=(Rock(0.0, 10.0, 1.0),)), 0.0, 11.0), 0, STEP_S, STILL)
    assert kayak.vy == pytest.approx(5.0 + (2.5 - 5.0) * TAKEN_UP)


@pytest.mark.parametrize(("held", "speed"), [(FORWARD, 6.6), (BRAKE, 3.0), (FORWARD | BRAKE, 3.96)])
def test_paddling_adds_and_braking_holds(held: int, speed: float) -> None:
    """Forward adds 1.6 m/s; braking leaves 0.6 of what there is."""
    kayak, _ = drift(laid(), held, STEP_S, STILL)
    assert kayak.vy == pytest.approx(5.0 + (speed - 5.0) * TAKEN_UP)


def test_a_stroke_to_one_side_turns_and_then_carries_there() -> None:
    """3.4 rad/s for a step, and 4 m/s across times the sine of it; left is the mirror of right."""
    right, _ = drift(laid(), RIGHT, STEP_S, STILL)
    left, _ = drift(laid(), LEFT, STEP_S, STILL)
    assert right.heading == pytest.approx(3.4 / 30)
    assert right.vx == pytest.approx(4.0 * sin(3.4 / 30) * TAKEN_UP)
    assert (left.x, left.heading) == (-right.x, -right.heading)


def test_a_braked_kayak_turns_faster() -> None:
    """4.6 rad/s instead of 3.4."""
    kayak, _ = drift(laid(), RIGHT | BRAKE, STEP_S, STILL)
    assert kayak.heading == pytest.approx(4.6 / 30)


def test_both_sides_at_once_turn_nowhere() -> None:
    """Left and right together leave the heading to the river."""
    kayak, _ = drift(laid(), LEFT | RIGHT, STEP_S, STILL)
    assert kayak.heading == 0.0


def test_a_bend_throws_the_kayak_outward() -> None:
    """At the sharpest of a bend to the right the whole push goes right."""
    kayak, _ = drift(laid(push=1.7, bend_phase=pi / 2), 0, STEP_S, STILL)
    assert kayak.vx == pytest.approx(1.7 * TAKEN_UP)


def test_a_ledge_is_faster_and_gives_the_paddle_little_hold() -> None:
    """1.5 times the current, and 0.35 of the sideways speed."""
    kayak, _ = drift(at(laid(drops=(10.0,)), 0.0, 10.5), RIGHT, STEP_S, STILL)
    assert kayak.vy == pytest.approx(5.0 + 2.5 * TAKEN_UP)
    assert kayak.vx == pytest.approx(4.0 * 0.35 * sin(3.4 / 30) * TAKEN_UP)


def test_boils_push_by_chance_and_fade() -> None:
    """A chance of 1 kicks by 0.9 x 0.5 of the boil; without a new kick a fifteenth of it fades in a step."""
    world = laid(boil=2.0)
    _, surge = drift(world, 0, STEP_S, 1.0)
    _, faded = drift(replace(world, surge=surge), 0, STEP_S, STILL)
    assert surge == pytest.approx(0.9)
    assert faded == pytest.approx(0.9 * (1 - 1 / 15))


def test_the_bank_stops_the_kayak_and_nothing_else() -> None:
    """Ten seconds of turning right end at the shore, unharmed."""
    world, told = steps(laid(length=1000.0), RIGHT, 300)
    assert world.kayak.x == HALF_WIDTH - 0.45
    assert world.kayak.vx == 0.0
    assert [type(fact).__name__ for fact in told] == ["StrokeMade"]
