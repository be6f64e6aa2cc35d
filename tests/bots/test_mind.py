"""What players are like, and what practice and a long sitting do to them."""

import random
from math import inf
from statistics import fmean, pstdev

import pytest
from scipy.stats import kstest, norm

from bots.mind import GAIN, PACE, PERSONAS, TIRING, Latents, Life, draw_latents, live, skill_at

AVERAGE = Latents(skill=0.0, persona="hasty", gain=1.0, pace=30.0, tiring=0.01)


def population(players: int) -> list[Latents]:
    """So many players, each from dice of its own."""
    return [draw_latents(random.Random(seed)) for seed in range(players)]


def test_skill_is_a_standard_normal_over_the_population_whatever_the_personas_are() -> None:
    """Kolmogorov and Smirnov find nothing against N(0, 1) in 4000 players."""
    assert kstest([latents.skill for latents in population(4000)], norm.cdf).pvalue > 0.01


def test_personas_differ_in_skill_as_they_should_and_all_of_them_are_there() -> None:
    """Of those with skill 1.5 the expert is the likeliest, by the densities: by hand, 0.94 of them.

    Densities at 1.5, each exp(-z^2/2)/s: novice 0, expert 2.5, idler and hasty exp(-3.125)/0.6 = 0.0732 each, quitter
    exp(-6.125)/0.6 = 0.0036; 2.5/2.65 = 0.943.
    """
    players = population(4000)
    assert {latents.persona for latents in players} == set(PERSONAS)
    mean = {name: fmean(one.skill for one in players if one.persona == name) for name in PERSONAS}
    assert mean["novice"] < mean["quitter"] < mean["hasty"] < mean["expert"]
    near = [latents.persona == "expert" for latents in players if abs(latents.skill - 1.5) < 0.1]
    assert fmean(near) == pytest.approx(0.943, abs=0.05)


def test_one_persona_can_be_asked_for() -> None:
    """Its skill is then the persona's own: mean 1.5, spread 0.4."""
    experts = [draw_latents(random.Random(seed), "expert") for seed in range(2000)]
    assert {latents.persona for latents in experts} == {"expert"}
    assert fmean(latents.skill for latents in experts) == pytest.approx(1.5, abs=0.04)
    assert pstdev(latents.skill for latents in experts) == pytest.approx(0.4, abs=0.03)


def test_every_player_learns_and_tires_within_bounds() -> None:
    """Gain, pace and tiring come from the ranges that the decision gives."""
    for latents in population(500):
        assert GAIN[0] <= latents.gain <= GAIN[1]
        assert PACE[0] <= latents.pace <= PACE[1]
        assert TIRING[0] <= latents.tiring <= TIRING[1]


def test_practice_is_exponential_and_a_sitting_tires() -> None:
    """1 - 1/e = 0.632 of a logit after 30 rounds, all of it in the end; twelve rounds of a sitting cost 0.12."""
    assert skill_at(AVERAGE, 0, 0) == 0.0
    assert skill_at(AVERAGE, 30, 0) == pytest.approx(0.632, abs=0.001)
    assert skill_at(AVERAGE, 10_000, 0) == pytest.approx(1.0)
    assert skill_at(AVERAGE, 30, 12) == pytest.approx(0.632 - 0.12, abs=0.001)


def test_a_life_counts_its_rounds_its_time_and_its_newest_ten_outcomes() -> None:
    """Eleven losses and a clearing: twelve rounds of 20 s, and of the outcomes the newest ten."""
    life = Life(AVERAGE)
    assert (life.skill, life.sitting_rounds) == (0.0, inf)
    for _ in range(11):
        life = live(life, cleared=False, active_s=20.0)
    life = live(life, cleared=True, active_s=20.0)
    assert (life.rounds, life.session_rounds, life.played_s, life.history) == (12, 12, 240.0, "LLLLLLLLLW")
    assert life.skill == skill_at(AVERAGE, 12, 12)
