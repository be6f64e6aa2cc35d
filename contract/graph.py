"""The progression graph: from which state a player leaves how likely, and how many rounds are still to come.

Engagement is a value function (Xue, Wu, Kolen, Aghdaie and Zaman, "Dynamic Difficulty Adjustment for Maximized
Engagement in Digital Games", WWW 2017 Companion, section 3). With w the chance of clearing the next round, and c^W and
c^L the chance of leaving for good after it was cleared or lost:

    R(s) = 1 + w (1 - c^W) R(s^W) + (1 - w) (1 - c^L) R(s^L)

solved backwards over `HORIZON` rounds. If leaving depended on the rapid and the attempt alone, this would be linear in
w and the best w always an end of what is allowed; so a `Place` also remembers the newest outcomes.

Both sides start from it: the processors tell the two hazards and R as beliefs, a policy looks for the best w, and an
experiment fits the coefficients. That is why it stands in the contract, and why a fitted graph travels as a file.
"""

from collections.abc import Sequence
from itertools import product
from math import exp
from operator import mul
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

FEATURES: Final = (
    "always", "cleared", "attempt", "recent", "recent_squared", "success", "success_squared", "newness", "absence",
    "idle",
)  # fmt: skip
"""What the hazard is made of, in the order of its coefficients; `features` says what each is."""
HORIZON: Final = 100
RUNGS: Final = 11
"""Steps of the success signal: rung i stands for (i + 1) / 12, which is where ten remembered rounds can lie."""
RUNG_KEPT: Final = 0.9
"""The share of its evidence that the success signal keeps from round to round."""
ATTEMPTS: Final = 4
"""A fourth attempt at a rapid and any later one are alike."""
ABSENCE_TOP: Final = 4.0


class Place(Struct, frozen=True, order=True):
    """Where a player stands between two rounds."""

    rung: int
    """Of the success signal, 0 to 10."""
    last3: int
    """The last three outcomes as bits, newest lowest."""
    attempt: int
    """Of the next round, 1 to 4."""


class Standing(Struct, frozen=True):
    """What changes too slowly to be part of a place."""

    newness: float = 0.0
    """1 / (1 + rounds finished)."""
    absence: float = 0.0
    """The absence ratio, 0 to 4, over 4."""
    idle: float = 0.0
    """Share of idle time."""


def standing_of(rounds: int, absence_ratio: float, idle_share: float) -> Standing:
    """The slow part of a player's state, from the signals of these names."""
    return Standing(1.0 / (1.0 + rounds), min(absence_ratio, ABSENCE_TOP) / ABSENCE_TOP, idle_share)


def features(*, cleared: bool, attempt: int, last3: int, success: float, standing: Standing) -> tuple[float, ...]:
    """The features of a round just played: its outcome and attempt, and what is believed after it."""
    recent = last3.bit_count() / 3.0
    return (
        1.0,
        float(cleared),
        (min(attempt, ATTEMPTS) - 1) / (ATTEMPTS - 1),
        recent,
        recent * recent,
        success,
        success * success,
        standing.newness,
        standing.absence,
        standing.idle,
    )


def leaving(coefficients: Sequence[float], of: Sequence[float]) -> float:
    """The chance, 0 to 1, of leaving for good after a round with these features: a discrete-time logistic hazard.

    Raises `ValueError` where there is not one coefficient for each.
    """
    if len(coefficients) != len(of):
        sentence = f"{len(coefficients)} coefficients for {len(of)} features"
        raise ValueError(sentence)
    return 1.0 / (1.0 + exp(-sum(map(mul, coefficients, of))))


class Fit(Struct, frozen=True):
    """How a graph was fitted, and how well it foretells players it was not fitted on."""

    population: str
    """Whose rounds these were."""
    players: int
    rounds: int
    leavings: int
    slope: float
    """Of the calibration on held-out players: 1 is right, below 1 too sure, above 1 too timid (Cox 1958)."""
    slope_low: float
    slope_high: float
    command: str
    """What made it."""


class Graph(Struct, frozen=True):
    """A fitted hazard, and the chance of clearing that is best in every place."""

    version: Literal["1"]
    coefficients: tuple[float, ...]
    """In the order of `FEATURES`."""
    wanted: Annotated[tuple[float, ...], Meta(min_length=1)]
    """The chance of clearing that is best held from here on, in the order of `PLACES`."""
    fit: Fit


PLACES: Final = tuple(
    Place(rung, last3, attempt) for rung, last3, attempt in product(range(RUNGS), range(8), range(1, ATTEMPTS + 1))
)


def number_of(place: Place) -> int:
    """Where `place` stands in `PLACES`."""
    return (place.rung * 8 + place.last3) * ATTEMPTS + place.attempt - 1


def place_of(success: float, last3: int, attempt: int, *, cleared: bool) -> Place:
    """The place after a round: `success` and `last3` as believed, `attempt` and whether it was `cleared` as played."""
    rung = min(max(round(12.0 * success) - 1, 0), RUNGS - 1)
    return Place(rung, last3, 1 if cleared else min(attempt + 1, ATTEMPTS))


class Way(Struct, frozen=True):
    """What one outcome leads to: the chance of leaving, and where those who stay go, as (share, number of place)."""

    leave: float
    to: tuple[tuple[float, int], ...]


class Fork(Struct, frozen=True):
    """The two ways from one place."""

    lost: Way
    won: Way


class Solved(Struct, frozen=True):
    """Expected rounds to come from every place, and the chance of clearing that gives them."""

    rounds: tuple[float, ...]
    wanted: tuple[float, ...]


def solve(forks: Sequence[Fork], chances: Sequence[float], horizon: int = HORIZON) -> Solved:
    """R for every fork when the best of `chances` is taken in each; with one chance, R under that chance.

    R is linear in w at every place, so the best of `chances` is the highest where winning leads to more and the lowest
    where losing does; ties go to the first. Raises `ValueError` when there is nothing to choose from.
    """
    if not chances:
        sentence = "a graph is solved for at least one chance of clearing, of none given"
        raise ValueError(sentence)
    low, high = min(chances), max(chances)
    ways = [(_staying(fork.won), _staying(fork.lost)) for fork in forks]
    rounds, wanted = [0.0] * len(forks), [chances[0]] * len(forks)
    for _ in range(horizon):
        ahead = []
        for at, (to_won, to_lost) in enumerate(ways):
            won = lost = 0.0
            for share, there in to_won:
                won += share * rounds[there]
            for share, there in to_lost:
                lost += share * rounds[there]
            best = high if won > lost else low if lost > won else chances[0]
            wanted[at] = best
            ahead.append(1.0 + best * won + (1.0 - best) * lost)
        rounds = ahead
    return Solved(tuple(rounds), tuple(wanted))


def forks_of(coefficients: Sequence[float], standing: Standing) -> list[Fork]:
    """The progression graph of players whose leaving follows `coefficients`, one fork for each of `PLACES`."""
    return [
        Fork(*(_way(coefficients, standing, place, cleared=cleared) for cleared in (False, True))) for place in PLACES
    ]


def _staying(way: Way) -> list[tuple[float, int]]:
    """Where a way leads, by the share of all who set out on it and did not leave."""
    return [((1.0 - way.leave) * share, there) for share, there in way.to]


def _way(coefficients: Sequence[float], standing: Standing, place: Place, *, cleared: bool) -> Way:
    climbed = RUNG_KEPT * place.rung + cleared
    last3 = (place.last3 << 1 | cleared) & 7
    success = (climbed + 1.0) / (RUNGS + 1.0)
    leave = leaving(
        coefficients,
        features(cleared=cleared, attempt=place.attempt, last3=last3, success=success, standing=standing),
    )
    attempt = 1 if cleared else min(place.attempt + 1, ATTEMPTS)
    low = min(int(climbed), RUNGS - 1)
    share = climbed - low if low < RUNGS - 1 else 0.0
    to = [(1.0 - share, Place(low, last3, attempt)), (share, Place(min(low + 1, RUNGS - 1), last3, attempt))]
    return Way(leave, tuple((part, number_of(there)) for part, there in to if part > 0.0))
