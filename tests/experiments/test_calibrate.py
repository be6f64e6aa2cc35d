"""The knob is what its measurement says: the arithmetic by hand, every file that quotes a figure against the counts."""

import re
from itertools import pairwise
from math import exp, log
from typing import Final

import msgspec
import numpy as np
import pytest

from contract.course import ALPHA
from experiments import measured as for_hearts
from experiments.autoplay import Cell, Tally, played
from experiments.calibrate import Measured, knob_rows, record, values_for_hearts
from experiments.knob import PLACES, ROWS, SHAPE, difficulty_of, logits_of, slope_of, smoothed, table_from
from game_client.river import KNOBS, Knob, knob_at
from tests.house.tree import text

KEPT: Final = msgspec.json.decode(text("experiments/measured.json"), type=Measured)


def test_settings_that_cannot_be_told_apart_are_pooled() -> None:
    """40 and 60 of 100 in the wrong order are 100 of 200: log odds 0, at the middle of the two settings."""
    settings, difficulties = difficulty_of((0.0, 1.0, 2.0, 3.0), (90, 40, 60, 10), 100)
    assert settings == pytest.approx([0.0, 1.5, 3.0])
    assert difficulties == pytest.approx([log(10.5 / 90.5), 0.0, log(90.5 / 10.5)])


def test_a_setting_that_everybody_cleared_is_not_infinitely_easy() -> None:
    """Half a round is added to either side: log(0.5 / 100.5)."""
    assert difficulty_of((0.0, 1.0), (100, 50), 100)[1] == pytest.approx([log(0.5 / 100.5), 0.0])


def test_the_table_is_the_curve_read_backwards() -> None:
    """Were a setting its own difficulty, the rows would be the shape itself, rounded."""
    rows = table_from(np.array([-5.0, 3.0]), np.array([-5.0, 3.0]))
    halfway = knob_at(-2.25, SHAPE)
    assert [row.difficulty for row in rows] == list(ROWS)
    assert rows[0] == SHAPE[2]
    assert rows[1].current == round(halfway.current, PLACES[1])


def test_a_logistic_curve_is_found_in_its_own_rounds() -> None:
    """Margins log 3 apart, cleared 25, 45, 55 and 75 of 100: alpha 1, and its standard error by Fisher's information.

    That is 1 / sqrt(100 * 2 * 0.25 * 0.75 * log(3)^2) = 0.1486, so the interval reaches 0.291 to either side. The two
    in the middle are 5 rounds off, one standard deviation each: chi-square 2 with 2 degrees of freedom.
    """
    slope = slope_of((-log(3.0), 0.0, 0.0, log(3.0)), (25, 45, 55, 75), 100)
    assert slope.alpha == pytest.approx(1.0, abs=1e-3)
    assert slope.alpha_95 == pytest.approx((0.709, 1.291), abs=2e-3)
    assert slope.intercept == pytest.approx(0.0, abs=1e-3)
    assert slope.dispersion == pytest.approx(1.0, abs=1e-3)
    assert slope.worst_gap == pytest.approx(0.05, abs=1e-3)


def test_shares_in_the_wrong_order_meet_in_the_middle() -> None:
    """Down the rows .5, .3 and .4, .2 fall where they should rise: .4, .4 and .3, .3, which fall to the right."""
    assert smoothed(np.array([[0.5, 0.4], [0.3, 0.2]])) == pytest.approx(np.array([[0.4, 0.3], [0.4, 0.3]]))


def test_shares_in_order_stay() -> None:
    """What rises with skill and falls with difficulty is its own nearest fit."""
    shares = np.array([[0.5, 0.2], [0.9, 0.6]])
    assert smoothed(shares) == pytest.approx(shares)


def test_two_tallies_add_up() -> None:
    """Rounds and seconds, each with its like."""
    both = Tally(1, (0, 2, 0), 25.0, 30.0) + Tally(2, (1, 0, 3), 50.0, 45.0)
    assert both == Tally(3, (1, 2, 3), 75.0, 75.0)


def test_the_table_in_the_game_is_the_one_that_was_measured() -> None:
    """From the counts kept the same rows come out again, and they are what the game plays."""
    settings, difficulties = difficulty_of(KEPT.settings, KEPT.settings_cleared, KEPT.settings_runs)
    assert table_from(settings, difficulties) == KEPT.knobs == KNOBS
    assert knob_rows(KNOBS) in text("game_client/river.py")


def test_the_game_says_which_command_made_its_table() -> None:
    """With its seed, beside the table and in the file that hearts read."""
    assert KEPT.command == f"python -m experiments.calibrate --seed {KEPT.seed}"
    assert KEPT.command in text("game_client/river.py")
    assert KEPT.command in text("docs/decisions/the-knob.md")


def test_the_record_is_as_it_was_written() -> None:
    """Read and written again it is the same file."""
    assert record(KEPT) == text("experiments/measured.json")


def test_what_hearts_read_is_what_was_measured() -> None:
    """measured.py is written from measured.json, and the log odds in it from the counts."""
    assert values_for_hearts(KEPT) == text("experiments/measured.py")
    assert KEPT.logits == for_hearts.LOGITS
    shares = np.array(KEPT.grid_cleared) / KEPT.grid_runs
    assert np.array(KEPT.logits) == pytest.approx(logits_of(smoothed(shares), KEPT.grid_runs), abs=6e-4)


def test_the_grid_is_monotone_both_ways() -> None:
    """More skill never clears less, more difficulty never more."""
    grid = np.array(KEPT.logits)
    assert (np.diff(grid, axis=0) >= 0.0).all()
    assert (np.diff(grid, axis=1) <= 0.0).all()


def test_the_shape_goes_one_way_in_every_column() -> None:
    """So whatever rows are read off it do, too."""
    for column, sign in zip(Knob.__struct_fields__, (1, 1, 1, -1, 1, -1, 1, 1, 1), strict=True):
        assert all((getattr(high, column) - getattr(low, column)) * sign >= 0.0 for low, high in pairwise(SHAPE))


def test_the_slopes_are_those_of_the_counts() -> None:
    """Both logistic curves again, from what is kept."""
    assert slope_of([-at for at in KEPT.check_difficulties], KEPT.check_cleared, KEPT.check_runs) == KEPT.check
    margins = [skill - at for skill in KEPT.skills for at in KEPT.difficulties]
    assert slope_of(margins, np.ravel(KEPT.grid_cleared).tolist(), KEPT.grid_runs) == KEPT.grid


def test_a_logit_of_difficulty_is_a_logit() -> None:
    """On rounds that did not make the table: alpha 1 is in its interval, and no difficulty is far from its curve.

    500 rounds know a share to 0.045 (two standard errors at a half); the worst of 20 may be off by half as much again.
    """
    assert KEPT.check.alpha_95[0] < ALPHA < KEPT.check.alpha_95[1]
    assert KEPT.check.worst_gap < 0.07


@pytest.mark.parametrize("column", [3, 9, 16])
def test_the_river_still_is_as_hard_as_it_was_measured(column: int) -> None:
    """Played again, coarsely: 40 of the 500 rounds know a share to 0.16 (two standard errors)."""
    at = KEPT.check_difficulties[column]
    again = played(Cell(f"{KEPT.seed}/check/{at}", 0.0, at, 0, 40))
    assert again.cleared / 40 == pytest.approx(KEPT.check_cleared[column] / KEPT.check_runs, abs=0.2)


def rows_of(page: str) -> dict[str, list[float]]:
    """The numbers of a page's table, by the first cell of their row."""
    lines = [line for line in text(page).splitlines() if re.fullmatch(r"\|[^|]+(\| -?\d*\.?\d+ )+\|", line)]
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return {name: [float(cell) for cell in cells] for name, *cells in rows}


def test_the_decision_on_the_knob_quotes_the_measurement() -> None:
    """Wanted and measured shares at some of the difficulties checked."""
    rows = rows_of("docs/decisions/the-knob.md")
    shares = dict(zip(KEPT.check_difficulties, np.array(KEPT.check_cleared) / KEPT.check_runs, strict=True))
    assert rows["wanted"] == pytest.approx([1.0 / (1.0 + exp(at)) for at in rows["difficulty"]], abs=0.0051)
    assert rows["measured"] == pytest.approx([shares[at] for at in rows["difficulty"]], abs=0.0051)


def test_the_decision_on_skill_quotes_the_grid() -> None:
    """Rows skill, columns difficulty, -2 to 2."""
    rows = rows_of("docs/decisions/what-skill-does.md")
    for skill in (-2, -1, 0, 1, 2):
        counts = KEPT.grid_cleared[KEPT.skills.index(skill)]
        shares = [counts[KEPT.difficulties.index(at)] / KEPT.grid_runs for at in (-2, -1, 0, 1, 2)]
        assert rows[str(skill)] == pytest.approx(shares, abs=0.0051)
