"""Whether a logit is a logit, for another paddler than the one the knob was measured with, within wide honest bounds.

Bots of `bots.paddlers` made the table (`experiments.calibrate`); the average paddler here has other eyes and hands, and
so is a second opinion. With 60 rapids a rate is known to about 0.13 (two standard errors at a half); the bounds are
wider than that, because this guards the direction and the rough size.
"""

from itertools import pairwise
from math import exp
from random import Random

import pytest

from game_client.world import STEP_S, advance, begin
from tests.game_client.paddler import cleared_by_autopilot, cleared_by_average

RAPIDS = range(60)


@pytest.fixture(scope="module")
def rates() -> dict[float, float]:
    """The share of rapids that the average paddler clears, by difficulty."""
    return {
        difficulty: sum(cleared_by_average(difficulty, seed) for seed in RAPIDS) / len(RAPIDS)
        for difficulty in (-2.0, -1.0, 0.0, 1.0, 2.0)
    }


def test_every_logit_is_harder_than_the_one_before(rates: dict[float, float]) -> None:
    """Clear rates fall from -2 to 2."""
    assert all(easier > harder for easier, harder in pairwise(rates.values()))


def test_an_average_paddler_clears_difficulty_0_about_every_second_time(rates: dict[float, float]) -> None:
    """That is what 0 means."""
    assert 0.33 < rates[0.0] < 0.67


@pytest.mark.parametrize("difficulty", [-2.0, -1.0, 1.0, 2.0])
def test_a_logit_moves_the_odds_roughly_as_a_logistic_would(rates: dict[float, float], difficulty: float) -> None:
    """1 / (1 + exp(d)): 0.88, 0.73, 0.27, 0.12, give or take 0.2."""
    assert rates[difficulty] == pytest.approx(1.0 / (1.0 + exp(difficulty)), abs=0.2)


def test_a_competent_paddler_clears_class_i_almost_always() -> None:
    """At least 29 of 30."""
    assert sum(cleared_by_autopilot(-1.8, seed) for seed in range(30)) >= 29


def test_class_vi_at_its_wildest_is_seldom_cleared_by_an_average_paddler() -> None:
    """At difficulty 3, 1 in 21 by the logistic curve; at most 9 of 60."""
    assert sum(cleared_by_average(3.0, seed) for seed in RAPIDS) <= 9


def test_class_vi_at_its_wildest_beats_even_an_autopilot_without_a_reaction_time_now_and_then() -> None:
    """At least 1 of 40 at difficulty 3."""
    assert sum(cleared_by_autopilot(3.0, seed) for seed in range(40)) < 40


def test_nobody_clears_a_river_with_the_paddle_out_of_the_water() -> None:
    """Drifting at difficulty 0 misses gates until the run is over."""
    for seed in range(10):
        dice = Random(seed)
        world, _ = begin(1, 1, 0.0, seed)
        while world.phase == "running":
            world, _ = advance(world, 0, STEP_S, dice)
        assert world.outcome == "swamped"
