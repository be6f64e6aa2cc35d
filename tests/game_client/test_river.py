"""What a seed and a difficulty make: rapids that can be paddled, harder with every logit."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game_client.river import KNOBS, Knob, knob_at, line_at, make_rapid
from game_client.state import BEAM, HALF_WIDTH, Gate

DIFFICULTIES = st.floats(-3.0, 3.0)
SEEDS = st.integers(0, 2**53)


def test_between_two_rows_the_table_is_read_along_a_straight_line() -> None:
    """Halfway from 0 to 1 the current is halfway from 5.7 to 6.6, and a quarter of the way a quarter."""
    table = (Knob(0.0, 5.7, 1.7, 1.40, 4.4, 1.4, 1.0, 0.5, 2.0), Knob(1.0, 6.6, 2.1, 1.36, 5.2, 1.3, 1.3, 0.7, 3.0))
    assert knob_at(0.5, table).current == pytest.approx(6.15)
    assert knob_at(0.25, table).gate == pytest.approx(1.39)


def test_beyond_its_ends_the_table_is_flat() -> None:
    """Nothing is harder than the hardest row, or easier than the easiest."""
    assert knob_at(9.0) == KNOBS[-1]
    assert knob_at(-9.0) == KNOBS[0]


@pytest.mark.parametrize(("column", "sign"), [("current", 1), ("rocks", 1), ("swing", 1), ("push", 1), ("boil", 1)])
def test_everything_that_makes_a_river_hard_rises_with_difficulty(column: str, sign: int) -> None:
    """Each column of the table goes one way only."""
    assert all((getattr(high, column) - getattr(low, column)) * sign > 0 for low, high in pairwise(KNOBS))


@pytest.mark.parametrize("column", ["gate", "room"])
def test_room_to_paddle_in_falls_with_difficulty(column: str) -> None:
    """Gates narrow, and rocks come nearer to the line."""
    assert all(getattr(high, column) < getattr(low, column) for low, high in pairwise(KNOBS))


@settings(deadline=None)
@given(DIFFICULTIES, SEEDS)
def test_the_same_seed_makes_the_same_rapid(difficulty: float, seed: int) -> None:
    """A rapid is its number, attempt, difficulty and seed, and nothing else."""
    assert make_rapid(1, 1, difficulty, seed) == make_rapid(1, 1, difficulty, seed)


@settings(deadline=None)
@given(DIFFICULTIES, SEEDS)
def test_everything_stands_in_order_and_in_the_river(difficulty: float, seed: int) -> None:
    """Rules look at the next of each kind only, so each kind must be sorted by its place down the river."""
    rapid = make_rapid(1, 1, difficulty, seed)
    for things in (rapid.rocks, rapid.gates, rapid.eddies):
        assert [thing.y for thing in things] == sorted(thing.y for thing in things)
        assert all(abs(thing.x) <= HALF_WIDTH and 0.0 < thing.y < rapid.length for thing in things)
    assert list(rapid.drops) == sorted(rapid.drops)


@settings(deadline=None)
@given(DIFFICULTIES, SEEDS)
def test_there_is_always_a_way_down(difficulty: float, seed: int) -> None:
    """The line from gate to gate is clear: no rock is nearer to it, across the river, than the kayak is wide."""
    rapid = make_rapid(1, 1, difficulty, seed)
    for rock in rapid.rocks:
        assert abs(rock.x - line_at(rapid.gates, rock.y)) - rock.radius > BEAM


@settings(deadline=None)
@given(DIFFICULTIES, SEEDS)
def test_a_rapid_takes_as_long_at_any_difficulty(difficulty: float, seed: int) -> None:
    """24 seconds of the current alone; faster rivers are longer."""
    rapid = make_rapid(1, 1, difficulty, seed)
    assert rapid.length / rapid.current == pytest.approx(24.0, abs=0.05)
    assert 6 <= len(rapid.gates) <= 11


def test_about_a_third_of_the_rocks_stays_at_pace_0() -> None:
    """A rest is not an empty river: 0.35 of the rocks need no pace at all, give or take what 700 rocks allow."""
    rocks = [rock for seed in range(40) for rock in make_rapid(1, 1, 0.0, seed).rocks]
    assert sum(rock.least_pace == 0.0 for rock in rocks) / len(rocks) == pytest.approx(0.35, abs=0.07)
    assert max(rock.least_pace for rock in rocks) <= 1.0


def test_the_line_goes_smoothly_from_gate_to_gate() -> None:
    """Halfway in time is halfway across, and beyond the last gate it goes straight on."""
    gates = (Gate(4.0, 10.0, 1.0), Gate(-2.0, 20.0, 1.0))
    assert [line_at(gates, y) for y in (0.0, 5.0, 15.0, 30.0)] == pytest.approx([0.0, 2.0, 1.0, -2.0])
