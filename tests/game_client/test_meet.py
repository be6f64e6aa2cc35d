"""Rocks, gates, eddies and strokes, by numbers worked out by hand."""

import pytest
from msgspec.structs import replace

from contract.events import EddyCaught, GateMissed, GatePassed, RapidFinished, RockHit, RockPassed, StrokeMade
from game_client.meet import gate_score, sight
from game_client.state import BRAKE, FORWARD, LEFT, RIGHT, Eddy, Gate, Rock
from tests.game_client.props import at, laid, steps, to_the_end

ROCK = Rock(0.0, 10.0, 1.0)
GATE = Gate(1.0, 10.0, 1.5)


def test_a_rock_within_reach_takes_hull_and_throws_the_kayak_off() -> None:
    """Reach is the rock's metre and the kayak's 0.45: at 1.4 m it strikes, and is put at 1.45 m."""
    world, told = steps(at(laid(rocks=(ROCK,)), 1.4, 9.83))
    assert told == [RockHit(0.0, 10.0, 1, 2)]
    assert world.kayak.hull == 2
    assert (world.kayak.x**2 + (world.kayak.y - 10.0) ** 2) ** 0.5 == pytest.approx(1.45)
    assert world.kayak.vx > 0.0


def test_for_a_second_after_a_knock_the_hull_takes_no_second_one() -> None:
    """Two rocks in a row, 0.4 s apart: one knock is told."""
    world, told = steps(laid(rocks=(ROCK, Rock(0.3, 13.5, 1.0))), 0, 90)
    assert [type(fact) for fact in told].count(RockHit) == 1
    assert world.kayak.hull == 2


def test_a_knock_ends_the_run_of_gates() -> None:
    """The combo starts again from nothing."""
    world, _ = steps(replace(at(laid(rocks=(ROCK,)), 0.0, 8.5), combo=4))
    assert world.combo == 0


def test_the_third_knock_swamps() -> None:
    """A hull takes three; the round ends in the step that takes the last, and says by what."""
    world = at(laid(rocks=(ROCK,)), 0.0, 8.5)
    world, told = steps(replace(world, kayak=replace(world.kayak, hull=1)))
    finished = told[-1]
    assert isinstance(finished, RapidFinished)
    assert (finished.outcome, finished.swamped_by, finished.hull_left) == ("swamped", "rock", 0)
    assert finished.progress == pytest.approx((10.0 - 1.45) / 100.0, abs=1e-4)


@pytest.mark.parametrize(("x", "clearance"), [(1.5, 0.05), (2.1, 0.65)])
def test_passing_close_by_a_rock_is_told_and_pays(x: float, clearance: float) -> None:
    """Nearer than 0.7 m and not touched: 15 points."""
    world, told = steps(at(laid(rocks=(ROCK,)), x, 9.9))
    assert told == [RockPassed(0.0, 10.0, pytest.approx(clearance, abs=0.001))]
    assert world.score == 15


def test_passing_far_from_a_rock_is_nothing() -> None:
    """At 2.2 m there is 0.75 m of water between hull and rock."""
    assert steps(at(laid(rocks=(ROCK,)), 2.2, 9.9))[1] == []


def test_a_rock_that_was_struck_is_no_near_miss() -> None:
    """The kayak slides off it and past, and only the knock is told."""
    _, told = steps(at(laid(rocks=(ROCK,)), 1.0, 8.0), 0, 90)
    assert [type(fact) for fact in told] == [RockHit]


@pytest.mark.parametrize(
    ("x", "fact"), [(2.5, GatePassed), (2.51, GateMissed), (-0.5, GatePassed), (-0.51, GateMissed)]
)
def test_a_gate_is_passed_between_its_posts(x: float, fact: type) -> None:
    """1.5 m to either side of 1.0; the post itself still counts as between."""
    _, told = steps(at(laid(gates=(GATE,)), x, 9.9))
    assert [type(happening) for happening in told] == [fact]


def test_gates_in_a_row_pay_more_each_time() -> None:
    """100, 125, 150; from the eighth on 275; twice that on a golden line."""
    assert [gate_score(combo) for combo in (1, 2, 3, 8, 9)] == [100, 125, 150, 275, 275]
    assert gate_score(2, golden=True) == 250


def test_a_passed_gate_tells_where_and_how_many_in_a_row() -> None:
    """At 2.2 m, 1.2 right of the gate's middle: an offset of a fifth of the half river."""
    world, told = steps(replace(at(laid(gates=(GATE,)), 2.2, 9.9), combo=2))
    assert told == [GatePassed(1, pytest.approx(0.2), 3)]
    assert (world.combo, world.score, world.gates_passed) == (3, 150, 1)


def test_a_missed_gate_costs_points_and_the_combo_but_never_more_than_there_is() -> None:
    """50 points of 30 are 30."""
    world, _ = steps(replace(at(laid(gates=(GATE,)), -3.0, 9.9), combo=2, score=30))
    assert (world.combo, world.score, world.gates_missed) == (0, 0, 1)


def test_the_third_missed_gate_ends_the_round() -> None:
    """Two may be missed; with the third the run does not count."""
    gates = tuple(Gate(5.0, 10.0 * number, 0.5) for number in (1, 2, 3))
    world, told = to_the_end(laid(gates=gates))
    assert (world.outcome, world.swamped_by) == ("swamped", "gates")
    assert [type(fact) for fact in told] == [GateMissed, GateMissed, GateMissed, RapidFinished]


@pytest.mark.parametrize(("item", "value"), [("star", 150), ("repair", 1), ("breather", 1)])
def test_an_eddy_gives_what_lies_in_it(item: str, value: int) -> None:
    """A star pays, a repair mends one knock, a breather thins the river for six seconds."""
    eddy = Eddy(0.0, 10.0, 1.1, item, value)
    world = at(laid(eddies=(eddy,)), 0.0, 9.0)
    world, told = steps(replace(world, kayak=replace(world.kayak, hull=2)))
    assert told == [EddyCaught(eddy.item, value)]
    assert world.score == (150 if item == "star" else 0)
    assert world.kayak.hull == (3 if item == "repair" else 2)
    assert world.rest_until == pytest.approx(6.0 + 1 / 30 if item == "breather" else 0.0)


def test_a_hull_is_never_mended_beyond_whole() -> None:
    """A repair for a whole hull is caught and changes nothing."""
    world, _ = steps(at(laid(eddies=(Eddy(0.0, 10.0, 1.1, "repair", 1),)), 0.0, 9.0))
    assert world.kayak.hull == 3


def test_an_eddy_out_of_reach_goes_by() -> None:
    """Its radius and the kayak's side are 1.55 m; at 2 m it is left astern, and the next one can be caught."""
    eddies = (Eddy(2.0, 10.0, 1.1, "star", 150), Eddy(0.0, 20.0, 1.1, "star", 150))
    world, told = steps(laid(eddies=eddies), 0, 130)
    assert told == [EddyCaught("star", 150)]
    assert world.next_eddy == 2


def test_a_lower_pace_thins_what_comes_into_sight_and_leaves_what_is_seen() -> None:
    """Rocks need a pace of 0, 0.3 and 0.9; at pace 0.5 the last one beyond sight does not come."""
    rocks = (Rock(1.0, 5.0, 0.5, 0.9), Rock(1.0, 60.0, 0.5, 0.3), Rock(1.0, 62.0, 0.5, 0.9))
    world = replace(laid(rocks=rocks), ahead=rocks[:1], next_rock=1, pace=0.5)
    world = sight(at(world, 0.0, 30.0))
    assert world.ahead == rocks[1:2]
    assert world.next_rock == 3


def test_a_rock_that_was_passed_is_drawn_for_ten_metres_more_and_met_no_longer() -> None:
    """Met until 4 m behind, where neither its slack nor a knock reaches back to it; forgotten at 14 m."""
    level, passed, gone = (sight(at(laid(rocks=(ROCK,)), 3.0, y)) for y in (13.9, 14.1, 24.1))
    assert (level.ahead, level.astern) == ((ROCK,), ())
    assert (passed.ahead, passed.astern) == ((), (ROCK,))
    assert (gone.ahead, gone.astern) == ((), ())


def test_a_rock_that_stays_is_as_hard_at_any_pace() -> None:
    """Thinned is not weakened: the same knock at pace 0."""
    _, told = steps(replace(at(laid(rocks=(ROCK,)), 0.0, 8.5), pace=0.0))
    assert told == [RockHit(0.0, 10.0, 1, 2)]


def test_a_change_of_paddle_is_a_stroke_and_holding_on_is_none() -> None:
    """Left, held for a second, then forward as well: two strokes."""
    world, first = steps(laid(), LEFT, 30)
    _, second = steps(world, LEFT | FORWARD, 30)
    assert first == [StrokeMade("left", None)]
    assert second == [StrokeMade("forward", None)]


def test_the_first_stroke_against_a_rock_on_course_tells_the_reaction() -> None:
    """The rock at 20 m is a threat when 2 s away, at y = 10 and 2.0 s; a stroke nine steps later took 300 ms."""
    world = laid(rocks=(Rock(0.0, 20.0, 1.0),))
    while world.threat_since < 0.0:
        world, _ = steps(world)
    assert world.kayak.y == pytest.approx(10.0, abs=0.2)
    world, _ = steps(world, 0, 8)
    _, told = steps(world, RIGHT)
    assert told == [StrokeMade("right", pytest.approx(300.0, abs=0.2))]


def test_paddling_harder_is_no_answer_to_a_rock() -> None:
    """Forward does not count as a stroke against it; braking does."""
    world = replace(laid(), threat_since=0.0, clock=0.5)
    assert steps(world, FORWARD)[1] == [StrokeMade("forward", None)]
    assert steps(world, BRAKE)[1] == [StrokeMade("brake", pytest.approx(533.3))]
