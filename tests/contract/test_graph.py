"""The progression graph against numbers worked out by hand and against trying everything."""

from itertools import product
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.graph import (
    FEATURES,
    HORIZON,
    PLACES,
    Fork,
    Place,
    Standing,
    Way,
    features,
    forks_of,
    leaving,
    number_of,
    place_of,
    solve,
    standing_of,
)  # fmt: skip

RAPIDS = ATTEMPTS = 3
CHANCES = (0.45, 0.92)


def only_always(log_odds: float) -> tuple[float, ...]:
    """Coefficients of players who leave alike wherever they are."""
    return (log_odds, *(0.0 for _ in FEATURES[1:]))


def grid(leave_won: list[float], leave_lost: list[float]) -> list[Fork]:
    """Three rapids of three attempts: clearing leads to the next rapid, losing to the next attempt; both end."""

    def number(rapid: int, attempt: int) -> tuple[tuple[float, int], ...]:
        return ((1.0, rapid * ATTEMPTS + attempt),) if rapid < RAPIDS and attempt < ATTEMPTS else ()

    return [
        Fork(
            Way(leave_lost[n], number(n // ATTEMPTS, n % ATTEMPTS + 1)), Way(leave_won[n], number(n // ATTEMPTS + 1, 0))
        )
        for n in range(RAPIDS * ATTEMPTS)
    ]


def played(forks: list[Fork], plan: tuple[float, ...], at: int = 0) -> float:
    """Expected rounds from `at` when the chance of clearing is as planned: every path through the grid, one by one."""
    return 1.0 + sum(
        reached * (1.0 - way.leave) * played(forks, plan, there)
        for reached, way in ((plan[at], forks[at].won), (1.0 - plan[at], forks[at].lost))
        for _, there in way.to
    )


@pytest.mark.parametrize(("w", "c_won", "c_lost"), [(0.6, 0.02, 0.05), (0.75, 0.037, 0.051), (1.0, 0.1, 0.9)])
def test_on_an_endless_river_r_is_one_over_the_chance_of_leaving(w: float, c_won: float, c_lost: float) -> None:
    """R = 1 / (w c^W + (1 - w) c^L): 31.25 rounds for the first of these."""
    for_ever = Fork(Way(c_lost, ((1.0, 0),)), Way(c_won, ((1.0, 0),)))
    assert solve([for_ever], (w,), 5_000).rounds[0] == pytest.approx(1.0 / (w * c_won + (1.0 - w) * c_lost))


def test_over_a_hundred_rounds_it_is_a_geometric_sum() -> None:
    """Everybody leaves by 1/20 everywhere: (1 - 0.95^100) / 0.05 = 19.8816 rounds, from each of the 352 places."""
    rounds = solve(forks_of(only_always(-2.9444389791664403), Standing()), (0.3,)).rounds
    assert HORIZON == 100
    assert rounds == pytest.approx([19.8816] * 352, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_solving_backwards_finds_what_trying_everything_finds(seed: int) -> None:
    """On a grid of 3 x 3 (rapid, attempt), all 512 plans of two chances, each by all its paths."""
    leave = [((7 * n + 5 * seed) % 11) / 12 for n in range(18)]
    forks = grid(leave[:9], leave[9:])
    best = max(product(CHANCES, repeat=9), key=lambda plan: played(forks, plan))
    solved = solve(forks, CHANCES, 9)
    assert solved.rounds[0] == pytest.approx(played(forks, best))
    assert played(forks, solved.wanted) == pytest.approx(played(forks, best))


@given(
    st.lists(st.floats(0, 1), min_size=18, max_size=18), st.integers(0, 17), st.floats(0, 1), st.sampled_from(CHANCES)
)
@settings(max_examples=100, deadline=None)
def test_r_falls_in_every_chance_of_leaving(leave: list[float], which: int, more: float, w: float) -> None:
    """Whoever is likelier to leave after any one outcome anywhere has no more rounds to come from anywhere."""
    worse = [*leave[:which], leave[which] + more * (1.0 - leave[which]), *leave[which + 1 :]]
    before, after = (solve(grid(c[:9], c[9:]), (w,), 9).rounds for c in (leave, worse))
    assert all(less <= r + 1e-12 for less, r in zip(after, before, strict=True))


def test_the_best_chance_is_an_end_of_what_is_allowed_or_the_first_of_equals() -> None:
    """Who leaves when winning wants the lowest, who leaves when losing the highest; who does not care, the first."""
    bored, frustrated, neither = (
        Fork(Way(lost, ((1.0, 0),)), Way(won, ((1.0, 0),))) for won, lost in ((0.5, 0.0), (0.0, 0.5), (0.1, 0.1))
    )
    wanted = [solve([fork], (0.6, 0.45, 0.92), 10).wanted[0] for fork in (bored, frustrated, neither)]
    assert wanted == [0.45, 0.92, 0.6]


def test_nothing_to_choose_from_is_an_error() -> None:
    """A sentence, not a zero."""
    with pytest.raises(ValueError, match="at least one chance"):
        solve([], ())


def test_leaving_is_a_logistic_hazard_of_as_many_features_as_coefficients() -> None:
    """Log odds of -3 after a loss, -1 more after a clearance."""
    of = features(cleared=True, attempt=2, last3=0b011, success=0.5, standing=Standing(0.25, 0.5, 0.1))
    assert of == pytest.approx((1.0, 1.0, 1 / 3, 2 / 3, 4 / 9, 0.5, 0.25, 0.25, 0.5, 0.1))
    assert leaving((-3.0, -1.0, *(0.0 for _ in FEATURES[2:])), of) == pytest.approx(1.0 / (1.0 + exp(4.0)))
    with pytest.raises(ValueError, match="1 coefficients for 10 features"):
        leaving((1.0,), of)


def test_places_are_numbered_as_they_are_listed() -> None:
    """11 rungs, 8 histories, 4 attempts: 352, and each is found again."""
    assert len(PLACES) == 352
    assert [number_of(place) for place in PLACES] == list(range(352))


def test_a_round_leads_to_the_place_that_is_believed_after_it() -> None:
    """Lost at a second attempt with success 5/12: rung 4, third attempt; cleared: a first; a ninth is a fourth."""
    assert place_of(5 / 12, 0b010, 2, cleared=False) == Place(4, 0b010, 3)
    assert place_of(5 / 12, 0b011, 2, cleared=True) == Place(4, 0b011, 1)
    assert place_of(0.0, 0, 9, cleared=False) == Place(0, 0, 4)


def test_a_standing_is_made_of_rounds_absence_and_idleness() -> None:
    """Three rounds are a newness of 1/4; an absence of twice the usual is 2 of 4, and beyond four times all of it."""
    assert standing_of(3, 2.0, 0.1) == Standing(0.25, 0.5, 0.1)
    assert standing_of(0, 1e6, 0.0) == Standing(1.0, 1.0, 0.0)
