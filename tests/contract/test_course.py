"""The designer's curve and the classes, by hand."""

import pytest

from contract.course import CEILING, GRADES, designed_difficulty, grade_of


@pytest.mark.parametrize(
    ("rapid", "difficulty"),
    [(1, -1.60), (2, -1.38), (5, -0.72), (6, -1.27), (10, -0.39), (11, -0.94), (30, 0.93)],
)
def test_the_curve_rises_for_five_rapids_and_then_rests(rapid: int, difficulty: float) -> None:
    """0.22 a rapid; after every fifth it falls by 0.55, so a tooth begins 0.33 above the one before."""
    assert designed_difficulty(rapid) == pytest.approx(difficulty)


def test_the_curve_ends_at_its_ceiling() -> None:
    """However far somebody gets, 2.4 logits are the most a designer asks."""
    assert designed_difficulty(66) == designed_difficulty(10_000) == CEILING == 2.4


def test_there_is_no_rapid_before_the_first() -> None:
    """A number below 1 is the first rapid, not an error in a game."""
    assert designed_difficulty(0) == designed_difficulty(-3) == designed_difficulty(1)


def test_the_curve_leads_through_all_six_classes() -> None:
    """Class VI is first met on the 40th rapid, at 1.59."""
    met = [grade_of(designed_difficulty(rapid)) for rapid in range(1, 41)]
    assert tuple(sorted(set(met), key=GRADES.index)) == GRADES
    assert met.index("VI") == 39


@pytest.mark.parametrize(
    ("difficulty", "grade"),
    [(-9.0, "I"), (-1.51, "I"), (-1.5, "II"), (-0.75, "III"), (-0.01, "III"), (0.0, "IV"), (0.75, "V"), (1.5, "VI")],
)
def test_a_difficulty_is_called_by_the_class_it_has_reached(difficulty: float, grade: str) -> None:
    """A bound belongs to the class above it."""
    assert grade_of(difficulty) == grade
