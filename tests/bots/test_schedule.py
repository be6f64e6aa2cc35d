"""How many are wanted when, and which seats those are: lines drawn on paper."""

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.schedule import Point, Schedule, most, players_at, share_of
from bots.shifts import Shift, climbed, shifts

HILL = (Point(0.0, 0), Point(10.0, 100), Point(20.0, 100), Point(25.0, 50))
STEP = (Point(0.0, 10), Point(30.0, 10), Point(30.0, 20), Point(60.0, 20))
schedules = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), min_size=1, max_size=6).map(
    lambda drawn: tuple(Point(float(at_s), players) for at_s, players in sorted(drawn, key=lambda point: point[0]))
)


@pytest.mark.parametrize(
    ("at_s", "players"), [(0.0, 0), (5.0, 50), (10.0, 100), (15.0, 100), (22.5, 75), (25.0, 50), (99.0, 50)]
)
def test_between_two_points_the_number_lies_on_the_line_between_them(at_s: float, players: int) -> None:
    """Ten a second uphill, ten a second down, and after the end it stays."""
    assert players_at(HILL, at_s) == players


def test_a_step_is_two_points_at_one_moment_and_at_that_moment_it_is_done() -> None:
    """Ten until thirty seconds, then twenty."""
    assert [players_at(STEP, at_s) for at_s in (29.999, 30.0, 30.001)] == [10, 20, 20]
    assert (most(STEP), most(HILL)) == (20, 100)


def test_the_shares_of_three_processes_are_as_equal_as_can_be() -> None:
    """Of 100 the first has 34 and the others 33, of 50 the first two have 17 and the last 16."""
    shares = [[point.players for point in share_of(HILL, place, 3)] for place in range(3)]
    assert shares == [[0, 34, 34, 17], [0, 33, 33, 17], [0, 33, 33, 16]]


@settings(max_examples=25)
@given(schedules, st.integers(1, 5))
def test_shares_add_up_to_the_whole_at_every_point(schedule: Schedule, processes: int) -> None:
    """Nobody is played twice or forgotten."""
    shares = [share_of(schedule, place, processes) for place in range(processes)]
    assert [sum(points) for points in zip(*[[point.players for point in share] for share in shares], strict=True)] == [
        point.players for point in schedule
    ]


def test_seats_fill_from_the_front_as_the_line_climbs_and_empty_from_the_back() -> None:
    """Four in four seconds, then two of them leave in two: the last to come first."""
    there_and_back = (Point(0.0, 0), Point(4.0, 4), Point(6.0, 4), Point(8.0, 2))
    assert shifts(there_and_back) == [
        (Shift(0.0, inf),), (Shift(1.0, inf),), (Shift(2.0, 8.0),), (Shift(3.0, 7.0),),
    ]  # fmt: skip


def test_a_seat_that_is_wanted_again_has_another_shift() -> None:
    """One player, none from two to five seconds, one again."""
    twice = (Point(0.0, 0), Point(1.0, 1), Point(2.0, 1), Point(3.0, 0), Point(5.0, 0), Point(6.0, 1))
    assert shifts(twice) == [(Shift(0.0, 3.0), Shift(5.0, inf))]


def test_a_step_is_climbed_at_a_thousand_players_a_second() -> None:
    """Five hundred more at ten seconds take half a second, one every millisecond; and five hundred fewer likewise."""
    up_and_down = (Point(0.0, 0), Point(10.0, 0), Point(10.0, 500), Point(20.0, 500), Point(20.0, 0))
    assert [point.at_s for point in climbed(up_and_down)[2:]] == [10.0, 10.5, 20.0, 20.5]
    own = shifts(up_and_down)
    assert (own[0][0].from_s, own[250][0].from_s) == (10.0, pytest.approx(10.25))
    assert (own[499][0].until_s, own[0][0].until_s) == (pytest.approx(20.001), pytest.approx(20.5))


def test_a_crowd_that_is_there_from_the_beginning_climbs_too() -> None:
    """A schedule that begins with ten: they sit down within ten milliseconds."""
    assert climbed(STEP)[:2] == (Point(0.0, 0), Point(0.01, 10))


def test_a_step_ends_where_the_schedule_goes_on() -> None:
    """Two thousand at one second, and none again half a second later: the slope is steeper, not late."""
    spike = (Point(0.0, 0), Point(1.0, 0), Point(1.0, 2000), Point(1.5, 2000), Point(1.5, 0))
    assert climbed(spike)[2:] == (Point(1.0, 0), Point(1.5, 2000), Point(1.5, 2000), Point(3.5, 0))


@settings(max_examples=25)
@given(schedules, st.floats(0.0, 25.0))
def test_as_many_seats_are_wanted_as_the_climbed_schedule_says(schedule: Schedule, at_s: float) -> None:
    """Rounded up where the line is between two numbers: to less than one player."""
    wanted = sum(shift.from_s <= at_s < shift.until_s for seat in shifts(schedule) for shift in seat)
    assert abs(wanted - players_at(climbed(schedule), at_s)) <= 1
