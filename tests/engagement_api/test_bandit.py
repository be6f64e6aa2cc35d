"""P4 and the exploration: dice by exact chances, blocks of eight rounds, and what is learned from them."""

from collections.abc import Callable
from math import log

import numpy as np
import pytest
from scipy.stats import beta

from contract.signals import SignalUpdated
from engagement_api.policy.bandit import EVEN, TARGETS, Posterior, chances, decide, learned, posterior_in
from engagement_api.policy.wish import Lesson, Wish
from engagement_api.state import Block, Memory, State
from engagement_api.weigh import Rules
from tests.engagement_api.beliefs import finished, judged

SEEN = Posterior((10, 12, 9, 30, 3), (7, 9, 7, 25, 1))


def thrown(number: float) -> Callable[[], float]:
    """Dice that fall like this."""
    return lambda: number


def wish_of(signal: SignalUpdated, state: State, posterior: Posterior | None, dice: float) -> Wish:
    """The wish there must be."""
    wish = decide(signal, state, posterior, thrown(dice))
    assert wish is not None
    return wish


@pytest.mark.parametrize(
    "posterior",
    [
        SEEN,
        Posterior((3000, 200, 4000, 50, 2500), (2100, 150, 2900, 30, 1700)),
        Posterior((5000, 5000, 5000, 5000, 3), (3500, 3400, 3300, 3200, 0)),
    ],
    ids=["little", "much", "lopsided"],
)
def test_the_chances_are_those_of_scipy(posterior: Posterior) -> None:
    """P(i best) = integral of f_i prod F_j, with scipy's Beta, to three digits."""
    edges = np.linspace(0.0, 1.0, 20_001)
    x = (edges[1:] + edges[:-1]) / 2.0
    arms = [beta(1 + stays, 1 + pulls - stays) for pulls, stays in zip(posterior.pulls, posterior.stays, strict=True)]
    cdf = [arm.cdf(x) for arm in arms]
    best = [
        float(np.mean(arm.pdf(x) * np.prod([cdf[other] for other in range(5) if other != own], axis=0)))
        for own, arm in enumerate(arms)
    ]
    assert chances(posterior) == pytest.approx(best, abs=1e-3)


def test_with_nothing_seen_every_target_is_as_likely() -> None:
    """A fifth each."""
    assert chances(Posterior()) == pytest.approx(EVEN)


def test_one_failure_against_a_flat_rest_is_worth_a_fifteenth() -> None:
    """Beta(1, 2) is the best of it and four flat ones with 2 int (1 - x) x^4 dx = 2 (1/5 - 1/6) = 1/15."""
    assert chances(Posterior((1, 0, 0, 0, 0)))[0] == pytest.approx(1 / 15, abs=1e-4)


def test_a_block_is_chosen_by_the_dice_and_carries_its_propensity() -> None:
    """Exploring, each target has a fifth: 0.5 falls on the third, 0.75, and d = 1 - ln 3."""
    signal = finished(10, cleared=True, skill=1.0, skill_sigma=0.0)
    wish = wish_of(signal, State(), None, 0.5)
    assert wish.difficulty == pytest.approx(1.0 - log(3))
    assert (wish.memory.block, wish.propensity) == (Block(2, 10, 0.2), 0.2)
    assert [wish_of(signal, State(), None, number).memory.block for number in (0.0, 0.19, 0.21, 0.999)] == [
        Block(choice, 10, 0.2) for choice in (0, 0, 1, 4)
    ]


def test_a_block_lasts_eight_rounds() -> None:
    """Begun after round 10 it holds through round 17; after round 18 the dice are thrown again."""
    state = State(memory=Memory(block=Block(4, 10, 0.3)))
    for rounds in range(11, 18):
        wish = wish_of(finished(rounds, cleared=True), state, SEEN, 0.0)
        assert (wish.memory.block, wish.propensity, wish.lessons) == (Block(4, 10, 0.3), 0.3, ())
    after = wish_of(finished(18, cleared=True), state, SEEN, 0.0)
    assert after.memory.block == Block(0, 18, chances(SEEN)[0])
    assert after.lessons == (Lesson(4, stayed=True), Lesson(0, stayed=False))


def test_a_choice_shows_all_that_it_rests_on() -> None:
    """Ten counts, so that whoever has the log can work the chance out again."""
    told = dict(wish_of(finished(10, cleared=True), State(), SEEN, 0.99).evidence)
    assert [told[f"pulls_{name}"] for name in (55, 65, 75, 85, 92)] == [*SEEN.pulls]
    assert [told[f"stays_{name}"] for name in (55, 65, 75, 85, 92)] == [*SEEN.stays]
    assert posterior_in(told) == SEEN
    assert (told["target"], told["block_round"]) == (0.92, 1.0)


def test_whoever_explores_teaches_nothing() -> None:
    """Arms held against each other must not feed each other."""
    state = State(memory=Memory(block=Block(4, 2, 0.2)))
    assert wish_of(finished(10, cleared=True), state, None, 0.0).lessons == ()


def test_a_new_paddler_climbs_the_staircase_before_anything_is_tried() -> None:
    """The first five rounds are those of P2, without dice."""
    wish = wish_of(finished(5, cleared=False), State(), SEEN, 0.0)
    assert wish.difficulty == pytest.approx(-1.9)
    assert (wish.memory.block, wish.propensity) == (None, 1.0)


def test_lessons_are_added_up() -> None:
    """A pull of the second and a stay of the fourth."""
    after = learned(SEEN, Lesson(1, stayed=False), Lesson(3, stayed=True))
    assert after == Posterior((10, 13, 9, 30, 3), (7, 9, 7, 26, 1))


def test_a_player_under_the_bandit_pulls_every_eighth_round() -> None:
    """Thirty rounds: begun after 6, 14, 22 and 30, and three of the four played to the end; the log has each chance."""
    verdicts = judged(State(), *(finished(n, cleared=n % 4 > 0, rapid=n) for n in range(1, 31)), rules=Rules("P4"))
    lessons = [lesson for verdict in verdicts for lesson in verdict.lessons]
    assert [lesson.stayed for lesson in lessons] == [False, True, False, True, False, True, False]
    goals = [verdict.goal.data for verdict in verdicts if verdict.goal]
    assert [goal.propensity for goal in goals] == [1.0] * 5 + [pytest.approx(0.2)] * 25
    assert {goal.evidence["target"] for goal in goals[5:]} <= {*TARGETS}


def test_a_block_that_another_policy_took_over_is_not_played_to_its_end() -> None:
    """Two rounds under P2 end the block: nothing was learned of its choice."""
    four = judged(State(), *(finished(n, cleared=True, rapid=n) for n in range(6, 9)), rules=Rules("P4"))
    two = judged(four[-1].state, *(finished(n, cleared=True, rapid=n) for n in (9, 10)), rules=Rules("P2"))
    back = judged(two[-1].state, finished(30, cleared=True, rapid=11), rules=Rules("P4"))
    assert [lesson.stayed for lesson in back[0].lessons] == [False]
