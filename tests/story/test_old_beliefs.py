"""Beliefs that come late: a little late they change nothing, very late they only lead home to the designer's curve."""

from datetime import timedelta
from typing import Final

import pytest

from contract.course import designed_difficulty
from tests.story.river_loop import Game, Watchers, nobody

FRESH, STALE, LOST = (timedelta(seconds=seconds) for seconds in (10, 11, 61))
START: Final = designed_difficulty(1)


class Waiting:
    """Beliefs that wait on their way, until somebody lets them arrive."""

    def __init__(self, watchers: Watchers) -> None:
        self._watchers = watchers
        self._kept: list[bytes] = []
        watchers.beliefs_wire = self.keep

    def keep(self, raw: bytes) -> list[bytes]:
        """Nothing arrives."""
        self._kept.append(raw)
        return []

    def arrive(self, game: Game, late: timedelta) -> None:
        """The newest does, and what follows from it."""
        for raw in self._watchers.decide(self._kept[-1], game.now + late):
            game.take(raw)


def lost_once() -> tuple[Game, Waiting]:
    """A river already made easier, and from now on beliefs that wait."""
    game = Game("ada", nobody, Watchers())
    game.rounds_of("L")
    assert game.difficulties() == pytest.approx([START, START - 0.3])
    return game, Waiting(game.watchers)


def lose(game: Game, waiting: Waiting, late: timedelta) -> float:
    """One more lost round, whose belief comes late; what the round after the next one has, from the curve."""
    game.rounds_of("L")
    waiting.arrive(game, late)
    game.rounds_of("L")
    return game.difficulties()[-1] - START


def test_a_belief_ten_seconds_old_still_decides() -> None:
    """Another 0.3 down."""
    assert lose(*lost_once(), FRESH) == pytest.approx(-0.6)


def test_a_belief_older_than_ten_seconds_keeps_the_last_decision() -> None:
    """Neither further down nor home; the game was told nothing."""
    game, waiting = lost_once()
    goals = len(game.watchers.goals)
    assert lose(game, waiting, STALE) == pytest.approx(-0.3)
    assert len(game.watchers.goals) == goals


def test_a_belief_older_than_a_minute_leads_home_to_the_curve() -> None:
    """One step of 0.3 and the river is as drawn; the next late belief leaves it there, and says why."""
    game, waiting = lost_once()
    assert lose(game, waiting, LOST) == pytest.approx(0.0)
    assert game.watchers.goal().because.startswith("The river has not heard of you for a while")
    assert game.watchers.goal().evidence["rail_drift"] == 1.0
    assert lose(game, waiting, LOST) == pytest.approx(0.0)


def test_a_fresh_belief_after_old_ones_is_followed_again() -> None:
    """Nothing was decided while beliefs were stale; the first fresh one counts whole."""
    game, waiting = lost_once()
    lose(game, waiting, STALE)
    game.watchers.beliefs_wire = lambda raw: [raw]
    game.rounds_of("L")
    assert game.difficulties()[-1] - START == pytest.approx(-0.6)
