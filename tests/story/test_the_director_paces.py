"""The director at the river: after a peak threats thin out and come back, in every arm alike, and none grows weaker."""

import pytest

from contract.events import RockHit
from engagement_api.trial import PolicyName
from game_client.world import Held, Rock, World
from tests.story.arms import POLICIES, under
from tests.story.bot_hands import BotsHands
from tests.story.river_loop import Game, Watchers, heard

FULL, FADE, RELAX = 1.0, 0.6, 0.3


class Witness:
    """A hasty bot's hands whose eyes note every rock that was there, and those that were left out."""

    def __init__(self) -> None:
        self._hands = BotsHands("hasty", 5)
        self.there: dict[tuple[int, Rock], float] = {}
        """By round and rock, the pace as it came into sight."""
        self.missing: dict[tuple[int, Rock], float] = {}
        self.made: set[Rock] = set()

    def __call__(self, world: World) -> Held:
        """What the hands do."""
        self.made |= set(world.rapid.rocks)
        for rock in world.rapid.rocks[: world.next_rock]:
            key = (world.rapid.seed, rock)
            if rock in world.ahead:
                self.there.setdefault(key, world.pace)
            elif key not in self.there:
                self.missing.setdefault(key, world.pace)
        return self._hands(world)


@pytest.fixture(scope="module")
def played() -> tuple[Game, Witness]:
    """Eleven rounds, some of them lost among the rocks."""
    eyes = Witness()
    game = Game("ada", eyes, Watchers(under("P2")))
    for _ in range(11):
        game.round()
    return game, eyes


def test_after_a_peak_threats_thin_out_and_come_back(played: tuple[Game, Witness]) -> None:
    """Full while tension builds and at its peak, then 0.6, then 0.3 for half a minute, then full again."""
    game, _ = played
    paces = [goal.data.pace for goal in game.watchers.goals]
    turns = [pace for number, pace in enumerate(paces) if number == 0 or paces[number - 1] != pace]
    assert turns[:4] == [FULL, FADE, RELAX, FULL]
    assert [fact for fact in game.facts if isinstance(fact, RockHit)]


def test_rocks_are_left_out_at_a_lower_pace_and_none_that_comes_is_a_weaker_one(played: tuple[Game, Witness]) -> None:
    """At full pace none is missing; what is there is a rock of the rapid as it was made, at its one point of damage."""
    game, eyes = played
    assert set(eyes.there.values()) == {FULL, FADE, RELAX}
    assert set(eyes.missing.values()) == {FADE, RELAX}
    assert all(rock.least_pace <= pace for (_, rock), pace in eyes.there.items())
    assert {rock for _, rock in eyes.there} <= eyes.made
    assert {fact.damage for fact in game.facts if isinstance(fact, RockHit)} == {1}


@pytest.mark.parametrize("policy", POLICIES)
def test_the_director_is_the_same_in_every_arm(policy: PolicyName, played: tuple[Game, Witness]) -> None:
    """The same events, heard by those who decide under another policy: the same paces, at the same events."""
    game, _ = played
    assert paces_of(heard(game.log, under(policy))) == paces_of(game.watchers)


def paces_of(watchers: Watchers) -> list[tuple[int, float]]:
    """Every change of pace, with the event that led to it."""
    told = [(goal.data.cause.sequence, goal.data.pace) for goal in watchers.goals]
    return [pair for number, pair in enumerate(told) if number == 0 or told[number - 1][1] != pair[1]]


def test_a_river_that_is_left_alone_is_never_thinned_out() -> None:
    """Nobody who opted out is paced: the director is attention, too."""
    game = Game("ada", Witness(), Watchers(under("P2")))
    game.choose(consent=False)
    for _ in range(4):
        game.round()
    assert "fade" in {belief.data.pace_state for belief in game.watchers.beliefs}
    assert {goal.data.pace for goal in game.watchers.goals} == {FULL}
    assert game.world.pace == FULL
