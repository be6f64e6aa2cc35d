"""From a log of rounds to a graph: known hazards are found again, right ones are believed, wrong ones are not."""

import random
from collections.abc import Callable
from typing import Final

import numpy as np
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from contract.graph import FEATURES, PLACES, Fork, Way, leaving, solve
from engagement_api.guardrails import ODDS
from engagement_api.policy.graph import read_graph
from engagement_api.published import graph_file
from experiments.fit import ROW, Rows, calibration, design, fit, hazard, steady
from processors.signals.hazard import PUBLISHED as PUBLISHED_HAZARD

TRUE: Final = (-2.0, -0.8, 0.6, -0.5, 0.7, -0.4, 0.3, 0.5, 0.9, 1.2)
"""Coefficients of a population that never was, in the order of the features."""
PUBLISHED: Final = {
    0b000: 0.0510, 0b110: 0.0490, 0b010: 0.0465, 0b100: 0.0465,
    0b111: 0.0370, 0b001: 0.0265, 0b011: 0.0265, 0b101: 0.0265,
}  # fmt: skip
"""Chance of leaving after the last three outcomes (Chen et al. 2017), newest lowest."""


class Halves:
    """Dice that fit on the first so many players and judge by the rest."""

    def __init__(self, first: int) -> None:
        self._left = first

    def random(self) -> float:
        """Low for those who are fitted on."""
        self._left -= 1
        return 0.0 if self._left >= 0 else 1.0


def rounds(count: int, dice: np.random.Generator, per_player: int = 10) -> Rows:
    """So many rounds, every feature drawn for itself, nobody gone yet."""
    rows = np.zeros(count, ROW)
    rows["player"] = np.arange(count) // per_player
    rows["cleared"] = dice.random(count) < 0.6
    rows["attempt"] = dice.integers(1, 5, count)
    rows["last3"] = dice.integers(0, 8, count)
    rows["success"] = dice.uniform(0.1, 0.9, count)
    rows["rounds"] = dice.integers(1, 30, count)
    rows["absence"] = dice.uniform(0.0, 4.0, count)
    rows["idle"] = dice.uniform(0.0, 0.5, count)
    return rows


def gone(rows: Rows, dice: np.random.Generator, hazard_of: Callable[[Rows], np.ndarray]) -> Rows:
    """The same rounds, after which players left with these chances."""
    left = rows.copy()
    left["left"] = dice.random(len(rows)) < hazard_of(rows)
    return left


def follows(coefficients: tuple[float, ...]) -> Callable[[Rows], np.ndarray]:
    """A hazard that is what the graph says it is."""
    return lambda rows: 1.0 / (1.0 + np.exp(-design(rows) @ np.asarray(coefficients)))


def test_a_row_becomes_the_features_that_processors_make() -> None:
    """Cleared at the second attempt, LWW, success .5, the fourth round, away twice as long as usual, idle for 10 %."""
    row = np.array([(7, True, 2, 0b011, 0.5, 4, 2.0, 0.1, False)], ROW)
    # always, cleared, (2-1)/3, 2/3, 4/9, .5, .25, 1/(1+4), 2/4, .1
    by_hand = [1.0, 1.0, 1 / 3, 2 / 3, 4 / 9, 0.5, 0.25, 0.2, 0.5, 0.1]
    assert design(row)[0] == pytest.approx(by_hand, abs=1e-6)


def test_known_coefficients_are_found_again() -> None:
    """Each within four of its standard errors, as an unpenalised fit by another library gives them."""
    dice = np.random.default_rng(1)
    rows = gone(rounds(10_000, dice), dice, follows(TRUE))
    found = np.array(hazard(design(rows), rows["left"]))
    plain = GLM(rows["left"].astype(float), design(rows), family=Binomial()).fit()
    assert (np.abs(found - np.array(TRUE)) < 4.0 * plain.bse).all()
    assert (np.abs(found - plain.params) < plain.bse).all()


def test_a_right_model_is_believed_and_published() -> None:
    """Its slope is 1 within the interval, and what it wants is there for every place."""
    dice = np.random.default_rng(8)
    found = fit(gone(rounds(20_000, dice), dice, follows(TRUE)), random.Random(8), "nobody", "a test")
    assert found.graph is not None
    assert found.slope is not None
    assert found.slope[1] < 1.0 < found.slope[2]
    assert found.graph.fit.players == 2_000
    assert len(found.graph.wanted) == len(PLACES)


@pytest.mark.parametrize(("factor", "slope"), [(1.0, 1.0), (2.0, 0.5), (0.5, 2.0)])
def test_the_slope_tells_a_model_that_is_too_sure_from_one_that_is_too_timid(factor: float, slope: float) -> None:
    """Log odds twice too far apart have slope 1/2, half as far apart 2 (Cox 1958)."""
    dice = np.random.default_rng(3)
    rows = gone(rounds(20_000, dice), dice, follows(TRUE))
    found = calibration(factor * (design(rows) @ np.asarray(TRUE)), rows["left"])
    assert found is not None
    assert found[1] < slope < found[2]
    assert found[2] - found[1] < 0.3 * slope


def test_a_model_that_others_refute_is_refused() -> None:
    """Fitted on players who leave after losses, held against players who leave after clearing."""
    dice = np.random.default_rng(4)
    rows = rounds(12_000, dice)
    fitted_on, held_out = rows[:6_000], rows[6_000:]
    losers = gone(fitted_on, dice, lambda of: np.where(of["cleared"], 0.02, 0.2))
    winners = gone(held_out, dice, lambda of: np.where(of["cleared"], 0.2, 0.02))
    found = fit(np.concatenate([losers, winners]), Halves(600), "two kinds", "a test")  # type: ignore[arg-type] # loaded dice
    assert found.graph is None
    assert found.slope is not None
    assert found.slope[0] < 0.0
    assert "it is published from 0.8 to 1.25" in (found.refusal or "")


def test_a_forecast_that_is_the_same_for_everybody_has_no_slope() -> None:
    """Nothing to lean on."""
    dice = np.random.default_rng(5)
    rows = gone(rounds(1_000, dice), dice, lambda of: np.full(len(of), 0.1))
    assert calibration(design(rows) @ np.array([-2.2, *[0.0] * 9]), rows["left"]) is None


def test_too_few_leavings_are_told_and_nothing_is_fitted() -> None:
    """Ten for each coefficient, in either half."""
    dice = np.random.default_rng(6)
    rows = gone(rounds(1_000, dice), dice, lambda of: np.full(len(of), 0.05))
    found = fit(rows, random.Random(6), "a few", "a test")
    assert found.graph is None
    assert "too few to fit or to judge by: 100 are needed" in (found.refusal or "")


def test_nobody_at_all_is_a_refusal_too() -> None:
    """An experiment of one player may have an empty cohort."""
    assert fit(np.zeros(0, ROW), random.Random(0), "nobody", "a test").graph is None


def test_a_rare_place_where_everybody_left_runs_away_with_no_coefficient() -> None:
    """Three idle players, all of them gone: the plain fit would want infinity. Nobody was ever absent: 0."""
    dice = np.random.default_rng(7)
    rows = rounds(4_000, dice)
    rows["absence"] = rows["idle"] = 0.0
    rows = gone(rows, dice, lambda of: np.full(len(of), 0.1))
    rows["idle"][:3], rows["left"][:3] = 1.0, True
    found = dict(zip(FEATURES, hazard(design(rows), rows["left"]), strict=True))
    assert 0.0 < found["idle"] < 3.0
    assert found["absence"] == 0.0


def forks_of_the_table() -> list[Fork]:
    """The progression graph of the published table alone: a place is the last three outcomes."""
    ways = [Way(PUBLISHED[last3], ((1.0, last3),)) for last3 in range(8)]
    return [Fork(lost=ways[last3 << 1 & 7], won=ways[(last3 << 1 | 1) & 7]) for last3 in range(8)]


def test_the_features_can_say_what_the_published_table_says() -> None:
    """Two thousand players of each row: every fitted chance is the row's, within 6 % of it."""
    rows = np.zeros(8, ROW)
    rows["last3"] = np.arange(8)
    rows["cleared"] = rows["last3"] & 1
    rows["attempt"], rows["success"], rows["rounds"] = 1, 0.5, 10
    left = np.concatenate([np.arange(2_000) < 2_000 * PUBLISHED[last3] for last3 in range(8)])
    coefficients = hazard(np.repeat(design(rows), 2_000, axis=0), left)
    assert [leaving(coefficients, of) for of in design(rows)] == pytest.approx(
        [PUBLISHED[last3] for last3 in range(8)], rel=0.06
    )


def test_players_of_the_published_table_are_kept_by_a_loss_after_two_clearings() -> None:
    """As a hand finds it: for ever WWW costs 3.7 % a round, WWL and round again (4.9 + 2.65 + 2.65) / 3 = 3.4 %.

    So after two cleared rounds the river should be hard, and after anything else easy: clearing costs 2.65 %, a loss
    4.65 at least.
    """
    wanted = solve(forks_of_the_table(), ODDS).wanted
    assert wanted == tuple(0.45 if last3 & 0b11 == 0b11 else 0.92 for last3 in range(8))


def test_held_for_good_the_best_chance_for_them_lies_between_the_ends() -> None:
    """By the table a round costs 3.64 % at w = .75, 3.62 at .80 and .85, 3.64 at .92, 3.80 at .55.

    With w^3 of WWW at 3.70, w - w^3 of other clearings at 2.65, (1-w)^3 of LLL at 5.10, w^2 (1-w) of WWL at 4.90, and
    the rest of the losses at 4.65.
    """
    assert {*steady(forks_of_the_table())} <= {0.80, 0.85}


def test_the_beliefs_and_the_graph_that_p3_steers_by_are_one_hazard() -> None:
    """What the processors tell as frustration and boredom, and what the published graph was solved from."""
    assert read_graph(graph_file(None)).coefficients == PUBLISHED_HAZARD
